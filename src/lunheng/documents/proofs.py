"""The proof that an official document carries on paper: where its entry's receipt is, and the digits to compare."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from lunheng.ledger.models import Entry
from lunheng.ledger.receipts import digits_of, grouped


@dataclass(frozen=True)
class Proof:
    """One entry as paper names it."""

    entry_id: UUID
    digits: str

    @property
    def address(self) -> str:
        """What the code in the corner says; the digits stay with the reader, no server is told them."""
        return f"{settings.SITE_ADDRESS}{reverse('portal:entry', args=[self.entry_id])}#{self.digits}"

    @property
    def printed(self) -> dict[str, str]:
        """What the templates of documents set."""
        return {"address": self.address, "digits": grouped(self.digits)}


def proof_of(entry: Entry) -> Proof:
    """The proof of an entry that is in its file's chain."""
    return Proof(entry.pk, digits_of(entry))


def printed_proof(entry_id: UUID | None) -> dict[str, dict[str, str]]:
    """The field ``proof`` of a document that belongs to this entry; nothing where there is no such entry.

    A document is drawn up after the act whose content it states, so it carries that act's entry. The entry by which the
    document itself joins the file comes later, names the document's digest, and refers back to this one.
    """
    entry = Entry.objects.filter(pk=entry_id).first() if entry_id else None
    return {"proof": proof_of(entry).printed} if entry else {}
