"""A story whose files are put where an upload would have put them, without the long look that uploads are given."""

from hashlib import sha256
from typing import Any, ClassVar

from lunheng.documents import store
from lunheng.documents.models import Document
from tests.factories.files import a_pdf
from tests.factories.story import Story


class SwiftStory(Story):
    """For tests that need many reviews and none of their files."""

    is_recalled: ClassVar[bool] = True

    def upload(
        self, seat: str, name: str = "方案.pdf", content: bytes | None = None, kind: str = "plan", **data: Any
    ) -> int:
        """Keep a file as this person's; returns its document id."""
        actor, held = self.world.actor(seat), a_pdf() if content is None else content
        document = Document.objects.create(
            sha256=store.put(held),
            name=name,
            media_type="application/pdf",
            kind=kind,
            size=len(held),
            pages=1,
            uploaded_by=actor.reference,
            uploaded_organization=actor.organization,
            uploaded_at=self.clock.now(),
        )
        return document.pk

    def fresh_pdf(self) -> bytes:
        """Bytes that no other version has."""
        self.papers += 1
        return sha256(f"{self.review_id}-{self.papers}".encode()).digest()
