"""The chain at rest. Rows are added and never changed: the database itself refuses UPDATE and DELETE."""

from django.db import models


class Entry(models.Model):
    """One act on one file: public body, its leaf, and its place in the file's own chain."""

    id = models.UUIDField(primary_key=True)
    subject = models.CharField(max_length=64)
    subject_number = models.PositiveIntegerField()
    event = models.CharField(max_length=64)
    body = models.BinaryField()
    leaf_sha256 = models.BinaryField(max_length=32)
    at = models.DateTimeField(help_text="the legal moment")
    recorded_at = models.DateTimeField(help_text="the server's moment, which the body states")

    class Meta:
        ordering = ("subject", "subject_number")
        constraints = (
            models.UniqueConstraint(
                fields=("subject", "subject_number"), name="entry_has_one_place_in_its_file"
            ),
            models.CheckConstraint(
                condition=models.Q(subject_number__gte=1), name="entry_number_starts_at_one"
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject} #{self.subject_number} {self.event}"


class Payload(models.Model):
    """What the parties of the file may read; the body commits to it under a salt of its own."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="payload")
    salt = models.BinaryField(max_length=32, null=True)
    content = models.TextField(null=True, help_text="canonical JSON")
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True, salt__isnull=False, content__isnull=False)
                | models.Q(erased_at__isnull=False, salt__isnull=True, content__isnull=True),
                name="payload_is_whole_or_erased",
            ),
        )

    def __str__(self) -> str:
        return f"payload of {self.entry_id}"


class Pending(models.Model):
    """Entries that the sequencer has not numbered yet, in the order in which they were written.

    Written in the entry's own statement, and entries are never deleted: the database need not look for the entry again
    when every act commits.
    """

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_constraint=False)

    def __str__(self) -> str:
        return f"pending {self.entry_id}"


class Sequence(models.Model):
    """The place of an entry in the log, from zero; given once, without gaps."""

    number = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="sequence")

    def __str__(self) -> str:
        return f"#{self.number} {self.entry_id}"


class Tree(models.TextChoices):
    """The trees over the log: the same entries in the same order, hashed and signed in two ways."""

    SHA256 = "sha256", "SHA-256 / Ed25519"
    SM3 = "sm3", "SM3 / SM2"


class Tile(models.Model):
    """Up to 256 hashes of a tree, one after another; only the last tile of a level still grows."""

    tree = models.CharField(max_length=8, choices=Tree.choices, default=Tree.SHA256)
    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("tree", "level", "index"), name="tile_has_one_place_in_its_tree"),
        )

    def __str__(self) -> str:
        return f"{self.tree} tile {self.level}/{self.index} of {len(self.hashes) // 32}"


class Checkpoint(models.Model):
    """What the log said of itself and the signer put its name to: one root for each size of a tree, for ever."""

    tree = models.CharField(max_length=8, choices=Tree.choices, default=Tree.SHA256)
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField(help_text="signed by the log")
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ("-size",)
        constraints = (
            models.UniqueConstraint(fields=("tree", "size"), name="one_root_for_each_size_of_a_tree"),
        )

    def __str__(self) -> str:
        return f"{self.tree} checkpoint {self.size}"


class Cosignature(models.Model):
    """A witness has seen that the checkpoint extends all that it saw before."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="cosignatures")
    witness = models.CharField(max_length=200)
    line = models.TextField()
    witnessed_at = models.DateTimeField(help_text="by the witness's clock, as its signature states")
    asked_at = models.DateTimeField(
        null=True, help_text="by our clock, before asking over the network; a file tells nothing of clocks"
    )
    received_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("checkpoint", "witness"), name="witness_cosigns_a_checkpoint_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.witness} under {self.checkpoint_id}"


class RefusedAttempt(models.Model):
    """An act that was refused: nothing changed, and that it was tried is kept."""

    act = models.CharField(max_length=96)
    account = models.CharField(max_length=64)
    role = models.CharField(max_length=24)
    organization = models.CharField(max_length=18, blank=True)
    subject = models.CharField(max_length=64, blank=True)
    reasons = models.JSONField()
    arguments = models.JSONField(default=dict)
    request = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.act} refused to {self.account}"


class Access(models.Model):
    """Who opened or downloaded what, refused or not; also log-ins and log-outs."""

    kind = models.CharField(max_length=32)
    what = models.CharField(max_length=160)
    subject = models.CharField(max_length=64, blank=True)
    account = models.CharField(max_length=64)
    role = models.CharField(max_length=24)
    allowed = models.BooleanField(default=True)
    request = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("subject", "kind"), name="access_by_subject"),)

    def __str__(self) -> str:
        return f"{self.account} {self.kind} {self.what}"


class Tally(models.Model):
    """How often people without a log-in were refused on one day, by what they tried."""

    day = models.DateField()
    kind = models.CharField(max_length=32)
    what = models.CharField(max_length=96)
    count = models.PositiveBigIntegerField()

    class Meta:
        ordering = ("day", "kind", "what")
        constraints = (
            models.UniqueConstraint(
                fields=("day", "kind", "what"), name="tally_counts_each_thing_once_a_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.what}: {self.count}"


class RowState(models.Model):
    """What an entry's act left of one row of a business table: a salted digest of each cell.

    Salt and digests may be destroyed with the entry's content; the seal, which the entry binds, stays.
    """

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="rows")
    place = models.PositiveIntegerField(help_text="within the entry, from zero")
    table_name = models.CharField(max_length=63)
    key = models.CharField(max_length=64)
    salt = models.BinaryField(max_length=16, null=True)
    digests = models.TextField(null=True, help_text="JSON by column; none when the row was deleted")
    seal = models.CharField(max_length=64, help_text="hash of the line; the entry's body hashes all seals")

    class Meta:
        ordering = ("entry", "place")
        constraints = (
            models.UniqueConstraint(fields=("entry", "place"), name="row_has_one_place_in_its_entry"),
            models.CheckConstraint(
                condition=models.Q(salt__isnull=False) | models.Q(digests__isnull=True),
                name="rowstate_is_whole_or_erased",
            ),
        )
        indexes = (models.Index(fields=("table_name", "key"), name="rowstates_by_row"),)

    def __str__(self) -> str:
        return f"{self.table_name} {self.key} by {self.entry_id}"


class Touched(models.Model):
    """A note of the database's triggers that a row was changed; taken by the act in the same transaction."""

    xact = models.BigIntegerField(db_index=True)
    table_name = models.CharField(max_length=63)
    key = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.table_name} {self.key}"


class Finding(models.Model):
    """What the last comparison of tables and entries found; the next one writes the list anew."""

    STEP = "步骤"
    """The field of a finding that is a missing step: its key is the file's reference."""

    table_name = models.CharField(max_length=63)
    key = models.CharField(max_length=64)
    field = models.CharField(max_length=120)
    reason = models.CharField(max_length=300)
    found_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"表 {self.table_name} 第 {self.key} 行 {self.field}：{self.reason}"
