"""Fields of Word and formulas of Excel that reach outside the file when they are opened or recalculated."""

import re
from dataclasses import dataclass, field

from lunheng.documents.parsing.faults import Fault, Unfit
from lunheng.documents.parsing.links import is_harmless

REACHING = frozenset(
    {
        "DDE",
        "DDEAUTO",
        "INCLUDE",
        "INCLUDETEXT",
        "IMPORT",
        "LINK",
        "DATABASE",
        "RD",
        "PRINT",
        "HTMLCONTROL",
        "CONTROL",
    }
)
PICTURES = re.compile(r"^[a-z]:[^:]*\.(?:png|jpe?g|gif|bmp|emf|wmf|tiff?)$", re.IGNORECASE)
"""What office programs leave behind of a picture that was pasted: a path on the author's own disk."""
NESTED = "\0"
"""Stands in an instruction where another field's result comes."""
WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')
DEEPEST = 64

LITERAL = re.compile(r'"(?:[^"]|"")*"')
FUNCTIONS = re.compile(
    r"(?<![A-Z0-9_.])(?:_XL[A-Z]+\.)*(?:WEBSERVICE|RTD|CALL|REGISTER|REGISTER\.ID|EXEC|DDE|DDEINIT|DDEEXEC|INITIATE"
    r"|EXECUTE|POKE|REQUEST|SQL\.REQUEST|IMAGE|FOPEN|RUN|STOCKHISTORY|IMPORTDATA|ENCODEURL)\s*\("
)
OUTSIDE = re.compile(r"\||\\\\|://")
HYPERLINK = re.compile(r'(?<![A-Z0-9_.])HYPERLINK\s*\(\s*("(?:[^"]|"")*")?', re.IGNORECASE)


def check_instruction(text: str) -> None:
    """Refuse a field of Word that starts a program, or takes in what lies elsewhere."""
    words = [quoted or bare for quoted, bare in WORD.findall(text.strip())]
    if not words:
        return
    name = words[0].strip('"').upper()
    if NESTED in name or name in REACHING:  # honest fields spell their own name
        raise Unfit(Fault.FIELD)
    target = next((word for word in words[1:] if not word.startswith("\\") or word.startswith("\\\\")), "")
    if name == "INCLUDEPICTURE" and not PICTURES.match(target.replace("\\\\", "\\")):
        raise Unfit(Fault.FIELD)
    if name == "HYPERLINK" and _is_reaching(words, target):
        raise Unfit(Fault.LINK)


def _is_reaching(words: list[str], target: str) -> bool:
    is_inside = len(words) > 1 and words[1].lower() == "\\l"
    return not is_inside and (NESTED in target or not is_harmless(target))


def check_formula(text: str) -> None:
    """Refuse a formula that starts a program, asks a server, or reads another file."""
    bare = LITERAL.sub("", text).upper()
    if FUNCTIONS.search(bare) or OUTSIDE.search(bare):
        raise Unfit(Fault.FIELD)
    for found in HYPERLINK.finditer(text):
        if found[1] is None or not is_harmless(found[1].strip('"')):
            raise Unfit(Fault.LINK)


@dataclass
class FieldReader:
    """Puts the instructions of fields together, however many runs they are cut into, and looks at each whole one."""

    open: list[list[str]] = field(default_factory=list)
    shown: list[bool] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)

    def text(self, piece: str) -> None:
        """A piece of an instruction."""
        (self.open[-1] if self.open else self.loose).append(piece)

    def mark(self, kind: str) -> None:
        """A field begins, its result begins, or it ends."""
        if kind == "begin":
            if self.open and not self.shown[-1]:
                self.open[-1].append(NESTED)
            self.open.append([])
            self.shown.append(False)
            if len(self.open) > DEEPEST:
                raise Unfit(Fault.TOO_COMPLEX)
        elif self.open and kind == "separate":
            self.shown[-1] = True
        elif self.open and kind == "end":
            check_instruction("".join(self.open.pop()))
            self.shown.pop()

    def close(self) -> None:
        """The part ends: fields that nobody closed are looked at too."""
        for instruction in (*self.open, self.loose):
            check_instruction("".join(instruction))
