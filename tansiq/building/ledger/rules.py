"""The acts of the ledger: it is read, and its proofs are taken along; nobody writes in it by hand."""

from enum import StrEnum


class Act(StrEnum):
    """What can be done with the ledger."""

    READ_ENTRY = "ledger.entry.read"
    READ_RECEIPT = "ledger.receipt.read"
