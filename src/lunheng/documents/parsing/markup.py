"""The XML of office documents, read once and believed only where it is harmless."""

from typing import Any
from xml.parsers import expat

from lunheng.documents.parsing.faults import Fault, Unfit
from lunheng.documents.parsing.fields import FieldReader, check_formula, check_instruction
from lunheng.documents.parsing.links import is_harmless

DEPTH = 256
HYPERLINK = "/hyperlink"
ACTIVE_RELATIONS = {
    "afchunk": Fault.EMBEDDED,
    "vbaproject": Fault.MACRO,
    "wordvbadata": Fault.MACRO,
    "control": Fault.MACRO,
    "activexcontrolbinary": Fault.MACRO,
    "attachedtoolbars": Fault.MACRO,
    "extensibility": Fault.MACRO,
    "xlmacrosheet": Fault.MACRO,
    "xlintlmacrosheet": Fault.MACRO,
    "webextension": Fault.MACRO,
    "webextensiontaskpanes": Fault.MACRO,
    "externallink": Fault.EXTERNAL,
    "externallinkpath": Fault.EXTERNAL,
    "connections": Fault.EXTERNAL,
    "mailmergesource": Fault.EXTERNAL,
    "attachedtemplate": Fault.EXTERNAL,
    "subdocument": Fault.EXTERNAL,
    "frame": Fault.EXTERNAL,
}
"""Relations that lead to something that acts or lies elsewhere, by the last part of their type."""
ACTIVE_CONTENT = ("macroenabled", "macrosheet", "vbaproject", "activex", "webextension")
ACTIVE_ELEMENTS = {
    "ddeLink": Fault.EXTERNAL,
    "oleLink": Fault.EXTERNAL,
    "externalLink": Fault.EXTERNAL,
    "connections": Fault.EXTERNAL,
    "mailMerge": Fault.EXTERNAL,
    "DataMashup": Fault.EXTERNAL,
    "altChunk": Fault.EMBEDDED,
    "webVideoPr": Fault.EMBEDDED,
    "script": Fault.SCRIPT,
    "foreignObject": Fault.SCRIPT,
    "webextension": Fault.MACRO,
    "ocx": Fault.MACRO,
}
INSTRUCTIONS = frozenset({"instrText", "delInstrText"})
FORMULAS = frozenset(
    {
        "f",
        "formula",
        "formula1",
        "formula2",
        "definedName",
        "calculatedColumnFormula",
        "totalsRowFormula",
    }
)
SOURCES = frozenset({"src", "href"})
DRAWING = "http://www.w3.org/2000/svg"


def read_markup(pieces: Any) -> None:
    """Read one part piece by piece.

    Raises:
        Unfit: the first thing that would act, reach outside, or never end.
    """
    reader = _Reader()
    for piece in pieces:
        reader.parser.Parse(piece, False)
    reader.parser.Parse(b"", True)
    reader.fields.close()


class _Reader:
    def __init__(self) -> None:
        self.fields = FieldReader()
        self.depth = 0
        self.texts: list[tuple[str, list[str]]] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.StartElementHandler = self._open
        self.parser.EndElementHandler = self._close
        self.parser.CharacterDataHandler = self._text

    def _refuse(self, *_: object) -> None:
        raise Unfit(Fault.ENTITY)

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEPTH:
            raise Unfit(Fault.TOO_COMPLEX)
        space, _, local = tag.rpartition(" ")
        named = {name.rpartition(" ")[2]: value for name, value in attributes.items()}
        if local in ACTIVE_ELEMENTS:
            raise Unfit(ACTIVE_ELEMENTS[local])
        if local in ("Relationship", "Override", "Default"):
            _check_package(named)
        elif local == "fldChar":
            self.fields.mark(named.get("fldCharType", ""))
        elif local == "fldSimple":
            check_instruction(named.get("instr", ""))
        else:
            _check_sources(space, named)
        if local in INSTRUCTIONS or local in FORMULAS:
            self.texts.append((local, []))

    def _text(self, text: str) -> None:
        if self.texts:
            self.texts[-1][1].append(text)

    def _close(self, tag: str) -> None:
        self.depth -= 1
        local = tag.rpartition(" ")[2]
        if not self.texts or self.texts[-1][0] != local:
            return
        text = "".join(self.texts.pop()[1])
        if local in INSTRUCTIONS:
            self.fields.text(text)
        else:
            check_formula(text)


def _check_package(named: dict[str, str]) -> None:
    """A relation, or the kind of a part."""
    if any(part in named.get("ContentType", "").lower() for part in ACTIVE_CONTENT):
        raise Unfit(Fault.MACRO)
    kind, target = named.get("Type", ""), named.get("Target", "")
    last = kind.rpartition("/")[2].lower()
    if last in ACTIVE_RELATIONS:
        raise Unfit(ACTIVE_RELATIONS[last])
    if named.get("TargetMode", "").strip().lower() == "external":
        if not kind.endswith(HYPERLINK):
            raise Unfit(Fault.EXTERNAL)
        if not is_harmless(target):
            raise Unfit(Fault.LINK)
    elif "://" in target or "\\" in target:
        raise Unfit(Fault.EXTERNAL)


def _check_sources(space: str, named: dict[str, str]) -> None:
    """A drawing takes its pictures from the file itself and listens to nothing."""
    for name, value in named.items():
        is_far = any(mark in value.lower() for mark in ("://", "\\", "javascript:"))
        if name in SOURCES and is_far and (space == DRAWING or not is_harmless(value)):
            raise Unfit(Fault.EXTERNAL)
        if space == DRAWING and name.startswith("on"):
            raise Unfit(Fault.SCRIPT)
