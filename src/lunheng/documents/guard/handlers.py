"""Stops a request that carries too much while it is still being read."""

from django.core.files.uploadhandler import FileUploadHandler, StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest

from lunheng.documents.guard import LARGEST

ENVELOPE = 64 * 1024
"""Bytes that a form may need around its file."""
FILES_AT_ONCE = 10
PIECE = 64 * 1024


class LimitHandler(FileUploadHandler):
    """Lets every chunk pass to the next handler until one file is over the limit."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > LARGEST:
            self.request.is_too_large = True  # type: ignore[union-attr]
            raise StopUpload(connection_reset=True)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def limit_upload(request: HttpRequest) -> None:
    """Read this request's files with the limit; called before anything looks at the form."""
    request.upload_handlers = [LimitHandler(request), TemporaryFileUploadHandler(request)]


def let_pass(request: HttpRequest) -> None:
    """Take what is still coming in and look at none of it: who is cut off while sending never sees the answer."""
    for _ in range(FILES_AT_ONCE * LARGEST // PIECE):
        if not request.read(PIECE):
            return


def is_announced_too_large(request: HttpRequest) -> bool:
    """Whether the length that the request announces is over the limit already."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not length.isdigit() or int(length) > FILES_AT_ONCE * LARGEST + ENVELOPE
