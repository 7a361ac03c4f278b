"""The honest corpus: what design institutes, site offices, scanners and telephones really hand in."""

import io
import zipfile
from collections.abc import Iterator

import openpyxl  # type: ignore[import-untyped]
from openpyxl.chart import BarChart, Reference  # type: ignore[import-untyped]
from openpyxl.comments import Comment  # type: ignore[import-untyped]
from openpyxl.styles import Font  # type: ignore[import-untyped]
from PIL import Image
from pypdf import PdfWriter
from pypdf.annotations import Link
from pypdf.generic import DictionaryObject, Fit, NameObject, TextStringObject

from tests.documents import making, samples
from tests.documents.hostile import Case
from tests.documents.making import docx, field, flate, formula, nested, packed_pdf, page_pdf, related, stream

INSTRUCTIONS = (
    'TOC \\o "1-3" \\h \\z \\u', "PAGE", "NUMPAGES \\* MERGEFORMAT", "PAGEREF _Toc1 \\h", 'HYPERLINK \\l "_Toc1"', "SEQ 图 \\* ARABIC",
    "REF _Ref1 \\h", "EMBED Equation.DSMT4", "MACROBUTTON MTPlaceRef \\* MERGEFORMAT", 'DATE \\@ "yyyy年M月d日"', "FORMTEXT", "=SUM(ABOVE)",
    'HYPERLINK "https://www.example.invalid/a"', 'HYPERLINK "mailto:a@example.invalid"', "STYLEREF 1 \\s", "ADDIN NE.Ref.1", "DOCPROPERTY 标题",
    'INCLUDEPICTURE "C:\\\\Users\\\\某\\\\AppData\\\\Local\\\\Temp\\\\ksohtml\\\\wps1.png" \\* MERGEFORMAT', "AUTHOR", 'EQ \\f(1,2)', "SECTIONPAGES",
)  # fmt: skip
FORMULAS = (
    "SUM(A1:A9)", "VLOOKUP(A1,$B$1:$C$9,2,FALSE)", 'IF(A1>0,"是|否","无")', "'基坑 荷载'!B2*1.35", "ROUND(A1/2,2)", 'HYPERLINK("https://example.invalid/","规范")',
    "HYPERLINK(\"#'表二'!A1\",\"返回\")", "_xlfn.IFS(A1=1,2,TRUE,3)", "SUMPRODUCT((A1:A9>1)*B1:B9)", 'TEXT(A1,"yyyy-mm-dd")', "INDEX(表1[荷载],2)", "CALLS+1",
    'CONCATENATE("a","\\b")', "{1,2;3,4}", "SQRT(2)*PI()", "INDIRECT(\"S!A1\")",
)  # fmt: skip


def corpus() -> Iterator[Case]:
    """Every honest file."""
    yield from _written()
    yield from _built()
    yield from _scanned()
    yield from _locked()
    yield from _documents()
    yield from _workbooks()
    yield from _pngs()
    yield from _jpegs()


def _written() -> Iterator[Case]:
    for pages in (1, 2, 7, 40, 300):
        yield f"{pages} pages", f"方案 第{pages}版.pdf", samples.pdf(pages)
    for what, made in (("outline", _outlined()), ("links", _linked()), ("titles", _titled())):
        yield what, "方案.pdf", samples.written(made)
    for version in (b"1.3", b"1.4", b"1.5", b"1.6", b"2.0"):
        yield (
            f"version {version.decode()}",
            "方案.pdf",
            samples.pdf().replace(b"%PDF-1.3", b"%PDF-" + version),
        )
    yield "line ends behind", "方案.pdf", samples.pdf() + b"\r\n\r\n" + bytes(200)
    yield "name with brackets", "（终稿）深基坑方案【2026】v1.2-审核.pdf", samples.pdf()


def _outlined() -> PdfWriter:
    made = samples.writer(4)
    top = made.add_outline_item("第一章", 0)
    made.add_outline_item("一、概况", 1, parent=top)
    made.page_mode = "/UseOutlines"
    return made


def _linked() -> PdfWriter:
    made = samples.writer(2)
    for target in (
        "https://www.example.invalid/规范",
        "mailto:a@example.invalid",
        "www.example.invalid",
        "tel:+86",
    ):
        made.add_annotation(0, Link(rect=(0, 0, 9, 9), url=target))
    made.add_annotation(0, Link(rect=(0, 0, 9, 9), target_page_index=1, fit=Fit.fit()))
    return made


def _titled() -> PdfWriter:
    made = samples.writer()
    made.add_metadata({"/Title": "深基坑专项施工方案", "/Author": "某公司", "/Keywords": "JavaScript /Laun"})
    made._root_object[NameObject("/Lang")] = TextStringObject("zh-CN")
    made._root_object[NameObject("/ViewerPreferences")] = DictionaryObject(
        {NameObject("/FitWindow"): NameObject("/true")}
    )
    return made


def _built() -> Iterator[Case]:
    catalogs = {
        "opens at a page": b"/OpenAction[3 0 R/Fit]", "opens by an action": b"/OpenAction<</S/GoTo/D[3 0 R/Fit]>>",
        "layers": b"/OCProperties<</OCGs[4 0 R]/D<</ON[4 0 R]/Order[4 0 R]>>>>", "marked": b"/MarkInfo<</Marked true>>/StructTreeRoot 4 0 R",
        "form": b"/AcroForm<</Fields[4 0 R]/DA(/F 0 Tf)>>", "labels": b"/PageLabels<</Nums[0<</S/r>>]>>", "articles": b"/Threads[4 0 R]",
        "signed": b"/AcroForm<</SigFlags 3/Fields[4 0 R]>>/Perms<</DocMDP 4 0 R>>", "description": b"/Metadata 4 0 R", "colors": b"/OutputIntents[4 0 R]",
        "base": b"/URI<</Base(https://example.invalid/)>>", "names": b"/Names<</Dests<</Names[(a)[3 0 R/Fit]]>>>>",
    }  # fmt: skip
    fourth = {
        "layers": b"<</Type/OCG/Name(WALL)>>", "marked": b"<</Type/StructTreeRoot/K[<</S/P/K 0/Ref[3 0 R]>>]>>", "form": b"<</FT/Tx/T(a)/V(b)>>",
        "articles": b"<</Type/Thread/F 3 0 R>>", "signed": b"<</FT/Sig/T(s)/V<</Type/Sig/Filter/Adobe.PPKLite/ByteRange[0 9 9 9]/Contents<00>>>>>",
        "description": stream(b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>", b"/Type/Metadata/Subtype/XML"), "colors": b"<</Type/OutputIntent/S/GTS_PDFA1>>",
    }  # fmt: skip
    for what, catalog in catalogs.items():
        yield what, "方案.pdf", page_pdf(b"", fourth.get(what, b"<<>>"), catalog=catalog)
    pages = {
        "turned": b"/Rotate 90", "sheet A0": b"/UserUnit 2/CropBox[0 0 2384 3370]", "transition": b"/Trans<</S/Dissolve>>", "group": b"/Group<</S/Transparency>>",
        "event to a page": b"/AA<</O<</S/GoTo/D[3 0 R/Fit]>>>>", "remark": b"/Annots[<</Subtype/Text/Contents(note)/F 4>>]", "stamp": b"/Annots[<</Subtype/Stamp/F 4>>]",
    }  # fmt: skip
    yield from ((what, "方案.pdf", page_pdf(extra)) for what, extra in pages.items())
    yield (
        "packed objects",
        "方案.pdf",
        packed_pdf({1: samples.CATALOG % b"", 2: samples.PAGES}, {3: samples.PAGE % b""}),
    )
    yield (
        "changed once",
        "方案.pdf",
        making.updated(samples.pdf_with_catalog(b""), {3: samples.PAGE % b"/Rotate 90"}),
    )
    tree = (
        b"<</Type/Pages/Kids[4 0 R]/Count 1>>",
        samples.PAGE % b"",
        b"<</Type/Pages/Parent 2 0 R/Kids[3 0 R]/Count 1>>",
    )
    yield "pages in two steps", "方案.pdf", samples.raw_pdf(samples.CATALOG % b"", *tree)
    yield "tagged, large", "方案.pdf", _tagged(2_000)


def _tagged(elements: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % number for number in range(5, 5 + elements))
    root = b"<</Type/StructTreeRoot/K[%s]>>" % kids
    each = [b"<</Type/StructElem/S/P/P 4 0 R/Pg 3 0 R/K %d>>" % number for number in range(elements)]
    return page_pdf(b"/StructParents 0", root, *each, catalog=b"/StructTreeRoot 4 0 R")


def _scanned() -> Iterator[Case]:
    gray, color, press = (making.picture("JPEG", mode) for mode in ("L", "RGB", "CMYK"))
    image = b"/Type/XObject/Subtype/Image/Width 24/Height 16/BitsPerComponent 8"
    fax = bytes(4) + b"\x30\0\1" + (19).to_bytes(4) + (2480).to_bytes(4) + b"\xff\xff\xff\xff"
    wavelet = (
        b"\0\0\0\x0cjP  \xff\x4f\xff\x51"
        + (47).to_bytes(2)
        + bytes(2)
        + (2480).to_bytes(4)
        + (3508).to_bytes(4)
    )
    bodies = {
        "gray scan": stream(gray, image + b"/Filter/DCTDecode"), "color scan": stream(color, image + b"/Filter[/DCT]"),
        "press scan": stream(press, image + b"/Filter/DCTDecode/Decode[1 0 1 0 1 0 1 0]"), "black and white scan": stream(fax, image + b"/Filter/JBIG2Decode"),
        "wavelet scan": stream(wavelet, image + b"/Filter/JPXDecode"), "fax scan": stream(b"\0\1", image + b"/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 1728>>"),
        "plain picture": flate(bytes(24 * 16 * 3), image), "letters": stream(b"00FF>", b"/Filter/ASCIIHexDecode"), "runs": stream(b"\2abc\xffd\x80", b"/Filter/RL"),
        "old packing": stream(bytes.fromhex("800b6050220c0c8501"), b"/Filter/LZWDecode"), "letters, packed": stream(b"GhVa~>", b"/Filter[/ASCII85Decode/FlateDecode]"),
        "torn packing": stream(b"x\x9c\x03", b"/Filter/FlateDecode"), "sheet A0": stream(b"", image.replace(b"24", b"19866").replace(b"16", b"28087").replace(b"8", b"1", 0).replace(b"Component 8", b"Component 1")),
        "form": stream(b"q Q", b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]"), "typeface": flate(bytes(400), b"/Length1 400"),
    }  # fmt: skip
    for what, body in bodies.items():
        yield what, "扫描件.pdf", page_pdf(b"/Resources<</XObject<</A 4 0 R>>>>", body)


def _locked() -> Iterator[Case]:
    for algorithm in ("AES-256", "AES-256-R5", "AES-128", "RC4-128", "RC4-40"):
        made = _outlined()
        made.encrypt("", "owner only", algorithm=algorithm)
        yield f"locked against changes {algorithm}", "方案.pdf", samples.written(made)


def _documents() -> Iterator[Case]:
    for text in INSTRUCTIONS:
        escaped = text.replace('"', "&quot;")
        yield f"field {text}", "方案.docx", docx(field(escaped))
    yield "simple field", "方案.docx", docx('<w:fldSimple w:instr=" PAGE "/>')
    yield "field in a field", "方案.docx", docx(nested("IF ", "PAGE", " = 1 &quot;a&quot; &quot;b&quot;"))
    for target in ("https://example.invalid/", "mailto:a@example.invalid", "http://例子.invalid/规范"):
        yield f"link to {target}", "方案.docx", docx(relations=related("hyperlink", target))
    enhanced = (
        b"\1\0\0\0\x58\0\0\0".ljust(40, b"\0") + b" EMF" + bytes(44) + b"\x0e\0\0\0\x14\0\0\0" + bytes(12)
    )
    media: dict[str, str | bytes] = {
        "a.png": making.picture("PNG"), "a.jpeg": making.picture("JPEG"), "a.gif": making.picture("GIF"), "a.bmp": making.picture("BMP"),
        "a.emf": enhanced, "a.wmf": b"\xd7\xcd\xc6\x9a" + bytes(18) + b"\1\0\x09\0\0\3" + bytes(12) + b"\3\0\0\0\0\0", "a.tiff": making.picture("TIFF"),
        "a.svg": '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>',
    }  # fmt: skip
    for name, content in media.items():
        yield f"picture {name}", "方案.docx", docx(members={f"word/media/{name}": content})
    parts: dict[str, str | bytes] = {
        "word/footnotes.xml": "<a/>", "word/theme/theme1.xml": "<a/>", "customXml/item1.xml": "<b:Sources xmlns:b='b'/>", "word/fonts/font1.odttf": bytes(range(256)),
        "docProps/thumbnail.jpeg": making.picture("JPEG"), "word/comments.xml": "<a/>", "word/numbering.xml": "\ufeff<a/>", "docProps/custom.xml": "<a/>",
    }  # fmt: skip
    for name, content in parts.items():
        yield f"part {name}", "方案.docx", docx(members={name: content})
    equation = making.compound(making.EQUATION)
    yield (
        "equation",
        "计算书.docx",
        docx(members={"word/embeddings/oleObject1.bin": equation, "word/media/a.wmf": media["a.wmf"]}),
    )
    old = making.compound(making.EQUATION, b"\x02\xce\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46")
    yield "old equation", "计算书.docx", docx(members={"word/embeddings/oleObject1.bin": old})
    chart: dict[str, str | bytes] = {
        "word/charts/chart1.xml": "<c:chartSpace xmlns:c='c'><c:f>S!$A$1</c:f></c:chartSpace>",
        "word/embeddings/a.xlsx": _workbook(),
    }
    yield "chart", "方案.docx", docx(members=chart)
    yield "not packed", "方案.docx", making.repacked(docx(), zipfile.ZIP_STORED)
    yield "written without going back", "方案.docx", _streamed()


class _OneWay(io.RawIOBase):
    """A stream in which nobody goes back, as office programs on the web write."""

    def __init__(self) -> None:
        self.out = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.out += memoryview(data).tobytes()  # type: ignore[arg-type]
        return len(memoryview(data))  # type: ignore[arg-type]


def _streamed() -> bytes:
    way = _OneWay()
    with (
        zipfile.ZipFile(io.BytesIO(docx())) as given,
        zipfile.ZipFile(way, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in given.namelist():
            archive.writestr(name, given.read(name))
    return bytes(way.out)


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("构件", "荷载"), ("梁", 12.5), ("板", 3)):
        sheet.append(row)
    return _saved(book)


def _saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _workbooks() -> Iterator[Case]:
    for text in FORMULAS:
        yield f"formula {text}", "清单.xlsx", formula(text)
    yield "by a program", "清单.xlsx", _workbook()
    book = openpyxl.load_workbook(io.BytesIO(_workbook()))
    sheet = book.active
    assert sheet is not None
    sheet["A1"].font = Font(bold=True)
    sheet["A1"].comment = Comment("核对", "某")
    sheet["C1"] = "=SUM(B2:B3)"
    sheet["C2"].hyperlink = "https://example.invalid/"
    sheet.merge_cells("D1:E2")
    yield "remark and link", "清单.xlsx", _saved(book)
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    sheet.add_chart(chart, "G1")
    yield "with a chart", "清单.xlsx", _saved(book)


def _pngs() -> Iterator[Case]:
    for mode in ("1", "L", "LA", "RGB", "RGBA", "P", "I;16"):
        yield f"picture {mode}", "签名.png", making.picture("PNG", mode)
    ink = Image.new("P", (24, 16), 0)
    ink.putpalette([0, 0, 0, 255, 0, 0])
    buffer = io.BytesIO()
    ink.save(buffer, "PNG", transparency=0)
    yield "palette with a hole", "签名.png", buffer.getvalue()
    buffer = io.BytesIO()
    Image.new("RGB", (24, 16), (0, 0, 0)).save(buffer, "PNG", transparency=(0, 0, 0))
    yield "one color is clear", "签名.png", buffer.getvalue()
    buffer = io.BytesIO()
    Image.new("L", (24, 16), 7).save(buffer, "PNG", transparency=7)
    yield "one gray is clear", "签名.png", buffer.getvalue()
    words = making.chunk(b"tEXt", b"Software\0Screenshot")
    yield "picture of a screen", "截图.png", making.with_chunks(making.picture("PNG"), words)
    yield "fine picture", "截图.png", making.picture("PNG", dpi=(300, 300))


def _jpegs() -> Iterator[Case]:
    for mode in ("L", "RGB", "CMYK"):
        for quality in (30, 75, 95):
            yield (
                f"photograph {mode} {quality}",
                "照片.jpg",
                making.picture("JPEG", mode, size=(320, 240), quality=quality),
            )
    for orientation in (1, 3, 6, 8):
        yield f"held {orientation}", "照片.jpeg", samples.jpeg_with_place(orientation=orientation)
    plain = making.picture("JPEG", size=(320, 240))
    yield "in steps", "照片.jpg", making.picture("JPEG", size=(320, 240), progressive=True)
    yield "with a preview behind", "照片.jpg", plain + making.picture("JPEG")
    yield "with padding behind", "照片.jpg", plain + bytes(3_000)
    yield "with a remark", "照片.jpg", making.with_segment(plain, 0xFE, "会议现场".encode())
    film = b"\0\0\0\x18ftypmp42" + bytes(600)
    yield "with a short film", "照片.jpg", plain + film
    yield "with its maker's notes", "照片.jpg", plain + b"\0\0\1\0SEFH" + bytes(40) + b"\x30\0\0\0SEFT"
