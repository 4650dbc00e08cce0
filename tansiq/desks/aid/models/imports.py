"""Files taken from other people's ledgers, what became of each row, and rows that are no aid events."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.models import RoomRecord, TearLine
from tansiq.desks.aid.models.consignments import owned


class Outcome(models.TextChoices):
    """What became of an imported file."""

    TAKEN = "taken", _("taken")
    REFUSED_FILE = "refused_file", _("refused: the file cannot be read")
    REFUSED_COLUMNS = "refused_columns", _("refused: the columns differ")
    REFUSED_ROWS = "refused_rows", _("refused: rows cannot be read")


class ImportRun(RoomRecord):
    """One file brought in: the sealed original, the mapping used, and the account of every row."""

    line = TearLine.DETAIL
    file_name = models.TextField()
    file_sha256 = models.CharField(max_length=64)  # its name in the vault
    file_bytes = models.PositiveBigIntegerField()
    record_kind = models.CharField(max_length=40)
    source = models.CharField(max_length=64)
    source_names = models.JSONField(default=dict)
    mapping_code = models.CharField(max_length=64)
    mapping_version = models.PositiveIntegerField()  # 0: a mapping that the operation does not hold
    mapping = models.JSONField(default=dict)  # the mapping itself
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    is_whole = models.BooleanField(default=True)  # the file is the whole ledger: what lacks in it is withdrawn
    rows = models.PositiveIntegerField(default=0)  # below the headings
    taken = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    revised = models.PositiveIntegerField(default=0)
    withdrawn = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict)  # columns, encoding, refused rows with their faults, remarks by code

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "id"], name="aid_import_run_owner")]
        indexes = [
            models.Index(fields=["room", "-created_at"], name="aid_import_latest"),
            models.Index(fields=["room", "file_sha256"], name="aid_import_file"),
        ]


class LedgerRow(RoomRecord):
    """A row of an imported ledger that is no aid event (a funding flow, a presence, an observation), in versions."""

    line = TearLine.DETAIL
    import_run = owned("aid.ImportRun")
    source = models.CharField(max_length=64)
    record_kind = models.CharField(max_length=40)
    row_key = models.CharField(max_length=300)
    version = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=32)
    values = models.JSONField(default=dict)
    notes = models.JSONField(default=dict)
    withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "source", "row_key", "version"], name="aid_ledger_row_version")
        ]
