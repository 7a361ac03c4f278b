"""The guard of uploads: name, size, first bytes and structure, forbidden parts, a real parser in a child process."""

from lunheng.documents.guard.examine import LARGEST, MEDIA_TYPES, Examined, examine, size_verdict
from lunheng.documents.guard.places import Busy

__all__ = ["LARGEST", "MEDIA_TYPES", "Busy", "Examined", "examine", "size_verdict"]
