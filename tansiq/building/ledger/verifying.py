"""Checks a receipt and says in words what it proves, or what does not hold."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from tansiq.engine.merkle import MerkleError, verify_receipt

FAULTS = {
    "receipt": _("This is not a receipt of a Tansiq ledger, or it was damaged on the way."),
    "entry": _("The entry in this receipt was altered."),
    "fact": _("A fact in this receipt was altered or does not belong to the entry."),
    "proof": _("The proof does not lead from this entry to the signed tree."),
    "note": _("The signature of the checkpoint does not hold."),
    "checkpoint": _("The checkpoint is not one of this ledger."),
    "key": _("The key is not a verifier key of a ledger."),
}


@dataclass(frozen=True)
class Verdict:
    """What the check of a receipt gave."""

    holds: bool
    facts: dict[str, Any] = field(default_factory=dict)
    index: int | None = None
    size: int | None = None
    origin: str = ""
    code: str = ""  # the first fault, as the engine names it
    fault: Any = ""  # the same in the reader's language


def check_receipt(content: bytes, verifiers: list[str]) -> Verdict:
    """Check a receipt against the log's verifier keys; a fault is an answer, never an exception."""
    try:
        proved = verify_receipt(content, verifiers)
    except MerkleError as error:
        code = str(error.code)
        return Verdict(False, code=code, fault=FAULTS.get(code.split(".", maxsplit=1)[0], FAULTS["receipt"]))
    return Verdict(True, proved.facts, proved.index, proved.checkpoint.size, proved.checkpoint.origin)
