"""What can be wrong with a file, as the child tells it to the guard."""

from enum import StrEnum


class Fault(StrEnum):
    """One ground on which a file is not taken."""

    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    SCRIPT = "script"
    LAUNCH = "launch"
    LINK = "link"
    FIELD = "field"
    EMBEDDED = "embedded"
    MEDIA = "media"
    FORM = "form"
    TRAILING = "trailing"
    MACRO = "macro"
    EXTERNAL = "external"
    ENTITY = "entity"
    ARCHIVE = "archive"
    TOO_LARGE = "too_large"
    TOO_COMPLEX = "too_complex"
    PIXELS = "pixels"
    FRAMES = "frames"
    UNFAITHFUL = "unfaithful"
    EMPTY = "empty"


class Unfit(Exception):
    """The file has this fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault
