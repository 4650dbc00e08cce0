"""The acts of the aid desk, and why one is refused."""

from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tansiq.building.ledger.words import register_words
from tansiq.building.rooms.refusals import register


class Act(StrEnum):
    """What can be done at the aid desk."""

    READ_CONSIGNMENT = "aid.consignment.read"
    READ_EVENT = "aid.event.read"
    READ_COUNT = "aid.count.read"
    READ_COMMODITY = "aid.commodity.read"
    READ_IMPORT = "aid.import.read"
    REGISTER_CONSIGNMENT = "aid.consignment.register"
    REGISTER_CONSIGNMENTS = "aid.consignment.register_many"
    AMEND_CONSIGNMENT = "aid.consignment.amend"
    RECORD_EVENT = "aid.event.record"
    RECORD_SCANS = "aid.event.scan"
    CORRECT_EVENT = "aid.event.correct"
    IMPORT_LEDGER = "aid.import.take"
    MAP_CARGO_NAME = "aid.commodity.map"
    CLASSIFY_CARGO_NAMES = "aid.commodity.classify"
    DEFINE_COUNT = "aid.count.define"
    CHANGE_UNITS = "aid.unit.change"
    READ_DISCREPANCY = "aid.discrepancy.read"
    OPEN_DISCREPANCY = "aid.discrepancy.open"
    TAKE_ON_DISCREPANCY = "aid.discrepancy.take_on"
    EXPLAIN_DISCREPANCY = "aid.discrepancy.explain"
    LEAVE_DISCREPANCY = "aid.discrepancy.leave"
    SETTLE_DISCREPANCY = "aid.discrepancy.settle"
    DISSOLVE_DISCREPANCY = "aid.discrepancy.dissolve"
    REPORT_UNOWNED_DISCREPANCY = "aid.discrepancy.report_unowned"


def topics_of(consignment_id: UUID | None) -> tuple[str, ...]:
    """The topic of one consignment, which the pages that show it follow; none where no consignment is named.

    It is told to who may read the record of the act, whose headline names the consignment.
    """
    return (f"aid.consignment.{consignment_id}",) if consignment_id else ()


REFUSALS = {
    "unknown_stage": _("The operation has no stage “%(found)s”."),
    "unknown_reason": _("The operation has no reason code “%(found)s”."),
    "reason_not_of_stage": _("The reason “%(found)s” does not belong to the stage “%(stage)s”."),
    "reason_missing": _("The stage “%(stage)s” needs a reason."),
    "unknown_unit": _("The operation has no unit “%(found)s”."),
    "unknown_commodity": _("The catalogue has no commodity “%(found)s”."),
    "unknown_consignor_class": _("The operation has no consignor class “%(found)s”."),
    "not_yet_happened": _("The time of the event, %(found)s, lies ahead. Events are recorded when they have happened."),
    "quantity_out_of_range": _("The quantity %(found)s cannot be taken; expected a number from 0 to %(expected)s."),
    "quantity_too_fine": _("The quantity %(found)s is finer than a millionth of its unit."),
    "nothing_named": _("The event names neither a consignment nor a handling unit."),
    "key_too_long": _("The key that names an event in its source may have at most %(expected)s characters."),
    "same_key_other_content": _(
        "An event with the key “%(found)s” is recorded already, and says something else. Correct that event instead."
    ),
    "correction_reason_missing": _("A correction needs a reason, in your own words."),
    "already_corrected": _("This event was corrected already. Correct its latest version."),
    "record_time_is_now": _("Only the sample operation may state when an event was recorded."),
    "unregistered_consignment": _("No consignment with the reference “%(found)s” is registered in this room."),
    "reference_taken": _("A consignment with the reference “%(found)s” is registered already."),
    "unit_taken": _("The unit “%(found)s” belongs to another consignment already."),
    "unit_twice": _("The unit “%(found)s” is named twice in one consignment."),
    "reference_missing": _("A consignment needs a reference."),
    "no_lines": _("A consignment needs at least one line: what, how much, in which unit."),
    "amendment_reason_missing": _("An amendment needs a reason, in your own words."),
    "nothing_amended": _("Nothing would change: the consignment says this already."),
    "amended_meanwhile": _("The consignment was amended in the meantime. Open it anew and amend what it says now."),
    "of_a_ledger": _(
        "This consignment comes from the ledger “%(found)s”. What it says changes with the next edition of that ledger."
    ),
    "no_such_detail": _("A consignment has no detail called “%(found)s”. Known: %(expected)s."),
    "parent_of_itself": _("The unit “%(found)s” cannot be a part of itself."),
    "unknown_mapping": _("There is no mapping “%(found)s”. Known mappings: %(expected)s."),
    "unknown_cargo_name": _("There is no such cargo name in this room."),
    "same_commodity": _("The cargo name stands for “%(found)s” already."),
    "no_cargo_rules": _("The operation has no cargo rules."),
    "unknown_definition": _("There is no count definition “%(found)s”. Known definitions: %(expected)s."),
    "definition_faults": _("The count definition cannot be used: %(found)s."),
    "code_of_operation": _("“%(found)s” is a definition of the operation. Choose another code for the room's own."),
    "code_malformed": _("Found “%(found)s”, expected small Latin letters, digits and _, with a letter first."),
    "name_missing": _("Give a name in one language at least."),
    "defined_meanwhile": _("Somebody else changed “%(found)s” in the same moment. Look at it, then save again."),
    "seal_broken": _("The sealed file %(found)s in the vault is not what was sealed. Tell the administrator."),
    "file_too_large": _("The file has %(found)s bytes; at most %(expected)s are taken."),
}
register(REFUSALS)
register_words(
    {
        Act.REGISTER_CONSIGNMENT: _("Consignment registered"),
        Act.REGISTER_CONSIGNMENTS: _("Consignments registered"),
        Act.AMEND_CONSIGNMENT: _("Consignment amended"),
        Act.RECORD_EVENT: _("Aid event recorded"),
        Act.RECORD_SCANS: _("Scans recorded"),
        Act.CORRECT_EVENT: _("Aid event corrected"),
        Act.IMPORT_LEDGER: _("Ledger imported"),
        Act.MAP_CARGO_NAME: _("Meaning of a cargo name decided"),
        Act.CLASSIFY_CARGO_NAMES: _("Cargo names classified by rules"),
        Act.DEFINE_COUNT: _("Count defined"),
        Act.CHANGE_UNITS: _("Change of units recorded"),
        Act.OPEN_DISCREPANCY: _("Discrepancy opened"),
        Act.TAKE_ON_DISCREPANCY: _("Discrepancy taken on"),
        Act.EXPLAIN_DISCREPANCY: _("Discrepancy explained"),
        Act.LEAVE_DISCREPANCY: _("Discrepancy left standing"),
        Act.SETTLE_DISCREPANCY: _("Discrepancy settled by a correction"),
        Act.DISSOLVE_DISCREPANCY: _("Discrepancy dissolved"),
        Act.REPORT_UNOWNED_DISCREPANCY: _("Discrepancy without an owner reported"),
    }
)
