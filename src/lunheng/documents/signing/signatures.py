"""Electronic signatures (PAdES): one for each expert, added one after the other without touching what is there."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from lunheng.documents.signing.seals import seals

T = TypeVar("T")
REASON = "对论证报告内容和结论签名确认"
HARMLESS = (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING)
"""What may follow a signature: further signatures."""


class UnreadableDocument(ValueError):
    """The bytes are no PDF whose signatures could be looked at."""


class SignedAlready(ValueError):
    """This person's signature is in the document."""


@dataclass(frozen=True)
class SignatureCheck:
    """What became of one signature. ``fault`` is Chinese and empty when everything holds."""

    name: str
    reference: str
    signed_at: datetime | None
    is_intact: bool
    is_trusted: bool
    is_unchanged_since: bool
    fault: str = ""

    @property
    def holds(self) -> bool:
        """Whether the signature stands, its key is known, and nothing but signatures came after it."""
        return self.is_intact and self.is_trusted and self.is_unchanged_since


class _PdfSignerAt(PdfSigner):
    """Signs at the act's moment instead of the machine's."""

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at

    def init_signing_session(self, *args: Any, **kwargs: Any) -> PdfSigningSession:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self.at
        return session


def _apart(work: Callable[[], T]) -> T:
    """Run in a thread of its own: the library starts an event loop, which a thread that has one running forbids."""
    with ThreadPoolExecutor(max_workers=1) as threads:
        return threads.submit(work).result()


def sign(pdf: bytes, *, name: str, reference: str, at: datetime, reason: str = REASON) -> bytes:
    """The PDF with one more signature, by a key of this person (``seals``). What was there before keeps its bytes.

    Raises:
        SignedAlready: the person signed this document before.
        UnreadableDocument: no PDF.
    """
    field = f"expert-{reference}"
    if field in {embedded.field_name for embedded in _reader(pdf).embedded_signatures}:
        raise SignedAlready(name)
    metadata = PdfSignatureMetadata(
        field_name=field, name=name, reason=reason, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256"
    )
    signer = _PdfSignerAt(metadata, signer=seals().signer(name=name, reference=reference, at=at), at=at)
    output = io.BytesIO()
    _apart(lambda: signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), output=output))
    return output.getvalue()


def verify(pdf: bytes) -> list[SignatureCheck]:
    """Every signature of the document in the order of signing, each looked at on its own; none gives no line.

    Raises:
        UnreadableDocument: no PDF.
    """
    return [_check(embedded) for embedded in _reader(pdf).embedded_regular_signatures]


def _reader(pdf: bytes) -> PdfFileReader:
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        reader.embedded_signatures  # noqa: B018 - reads the forms, which fails on damaged files
    except (PdfError, ValueError, KeyError, TypeError) as error:
        raise UnreadableDocument("文件不是可以读取的 PDF") from error
    return reader


def _check(embedded: Any) -> SignatureCheck:
    subject = embedded.signer_cert.subject.native
    # A session's certificate is short-lived: it is judged at the moment of signing.
    context = ValidationContext(
        trust_roots=seals().roots(), moment=embedded.self_reported_timestamp, allow_fetching=False
    )
    try:
        status = _apart(lambda: validate_pdf_signature(embedded, signer_validation_context=context))
    except (PdfError, ValueError) as error:
        return SignatureCheck(
            str(subject.get("common_name", "")), "", None, False, False, False, f"签名无法核验：{error}"
        )
    is_intact = bool(status.intact and status.valid)
    is_unchanged = status.modification_level in HARMLESS
    return SignatureCheck(
        name=str(subject.get("common_name", "")),
        reference=str(subject.get("serial_number", "")),
        signed_at=status.signer_reported_dt,
        is_intact=is_intact,
        is_trusted=bool(status.trusted),
        is_unchanged_since=is_unchanged,
        fault=_fault(is_intact, bool(status.trusted), is_unchanged),
    )


def _fault(is_intact: bool, is_trusted: bool, is_unchanged: bool) -> str:
    if not is_intact:
        return "签名后文件内容被改动，签名不成立"
    if not is_unchanged:
        return "签名之后又添加了签名以外的内容"
    return "" if is_trusted else "签名证书不是本平台认可的证书"
