"""The acts of the transport desk, and why one is refused."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from tansiq.building.ledger.words import register_words
from tansiq.building.rooms.refusals import register

RECORD_TYPE = "manifest"  # in the operation's release rules
TOPIC = "transport.manifest"


class Act(StrEnum):
    """What can be done at the transport desk."""

    READ_MANIFEST = "transport.manifest.read"
    DRAFT_MANIFEST = "transport.manifest.draft"
    AMEND_MANIFEST = "transport.manifest.amend"
    SEAL_MANIFEST = "transport.manifest.seal"
    REVISE_MANIFEST = "transport.manifest.revise"
    DEPART_MANIFEST = "transport.manifest.depart"
    CLOSE_MANIFEST = "transport.manifest.close"
    CANCEL_MANIFEST = "transport.manifest.cancel"
    RELABEL_MANIFEST = "transport.manifest.relabel"
    PURGE_MANIFEST = "transport.manifest.purge"
    APPLY_SEAL = "transport.seal.apply"
    CHECK_SEAL = "transport.seal.check"
    REPORT_BROKEN_SEAL = "transport.seal.report_broken"
    REPLACE_SEAL = "transport.seal.replace"
    READ_SCAN = "transport.scan.read"
    RECORD_SCANS = "transport.scan.record"


REFUSALS = {
    "manifest_not_kept": _("This operation makes no manifests: it has no file transport.yaml."),
    "manifest_number_missing": _("A manifest needs a number."),
    "manifest_number_too_long": _("A manifest's number has at most %(expected)s characters; “%(found)s” has more."),
    "manifest_number_odd": _(
        "A manifest's number is written with Latin letters, digits and the signs - . / _; found “%(found)s”."
    ),
    "manifest_number_taken": _("This room has a manifest with the number “%(found)s” already."),
    "manifest_vehicle_missing": _("A manifest needs its vehicle: the plate or what the truck is called."),
    "manifest_no_lines": _("A manifest needs at least one line: what, how much, on which unit."),
    "manifest_too_many_lines": _("A manifest has at most %(expected)s lines; found %(found)s."),
    "manifest_crossing_unknown": _("The operation has no crossing “%(found)s”."),
    "manifest_class_unknown": _("The operation has no consignor class “%(found)s”."),
    "manifest_capacity": _("The capacity %(found)s cannot be taken; expected a number above 0, at most %(expected)s."),
    "manifest_unit_unknown": _("Line %(line)s: the operation has no unit “%(found)s”."),
    "manifest_unit_kind": _("Line %(line)s: a handling unit cannot be of the kind “%(found)s”. Known: %(expected)s."),
    "manifest_unit_code_missing": _("Line %(line)s: say on which handling unit it stands, by the code written on it."),
    "manifest_unit_code_too_long": _("Line %(line)s: a code has at most %(expected)s characters; found %(found)s."),
    "manifest_quantity": _(
        "Line %(line)s: the quantity %(found)s cannot be taken; expected a number above 0, at most "
        "%(expected)s."
    ),
    "manifest_no_such_line": _("Line %(line)s: the consignment “%(consignment)s” has no line %(found)s in this room."),
    "manifest_other_unit": _(
        "Line %(line)s: line %(number)s of “%(consignment)s” is counted in %(expected)s, found "
        "%(found)s."
    ),
    "manifest_more_than_asked": _(
        "Line %(line)s: line %(number)s of “%(consignment)s” asks for %(asked)s %(unit)s. On other manifests stand "
        "%(elsewhere)s, on this one %(here)s: together %(total)s."
    ),
    "manifest_unit_elsewhere": _("Line %(line)s: the unit “%(found)s” stands on the manifest %(manifest)s already."),
    "manifest_unit_of_other": _("Line %(line)s: the unit “%(found)s” belongs to another consignment."),
    "manifest_state": _("A manifest that is “%(state)s” does not allow this (%(act)s)."),
    "manifest_reason_missing": _("Say why, in your own words."),
    "manifest_nothing_changed": _("Nothing would change: the manifest says this already."),
    "manifest_changed_meanwhile": _(
        "The manifest was changed in the meantime. Open it anew and change what it says "
        "now."
    ),
    "manifest_nothing_to_purge": _("There is nothing to purge, or its day has not come: %(found)s."),
    "manifest_no_such_unit": _("The manifest does not carry the unit %(found)s."),
    "manifest_no_codes": _("A manifest has codes and labels from its sealing on; this one is “%(state)s”."),
    "seal_reading_missing": _("Say what stands on the seal."),
    "seal_reading_too_long": _("What stands on a seal has at most %(expected)s characters; found %(found)s."),
    "seal_not_on_it": _("No seal “%(found)s” is on this truck. On it by the record: %(expected)s."),
    "seal_on_it_already": _("The seal “%(found)s” is on this truck already."),
    "seal_not_now": _("Seals are recorded while a manifest is sealed or on its way; this one is “%(state)s”."),
    "scan_nothing": _("There is nothing to record: expected at least one scan."),
    "scan_too_many": _("At most %(expected)s scans are taken at once; found %(found)s."),
    "scan_deed_unknown": _("Scan %(scan)s: the operation knows no “%(found)s”. Known: %(expected)s."),
    "scan_place_unknown": _(
        "Scan %(scan)s: the operation knows no place of the kind “%(found)s”. Known: "
        "%(expected)s."
    ),
    "scan_deed_not_here": _(
        "Scan %(scan)s: “%(deed)s” means nothing at a place of the kind “%(place)s”. There it is one of: "
        "%(expected)s."
    ),
    "scan_code_missing": _("Scan %(scan)s: there is no code; scan one or type what stands on the unit."),
    "scan_condition_unknown": _("Scan %(scan)s: the operation knows no condition “%(found)s”. Known: %(expected)s."),
    "scan_crossing_unknown": _("Scan %(scan)s: the operation has no crossing “%(found)s”."),
    "scan_quantity": _(
        "Scan %(scan)s: the quantity %(found)s cannot be taken; expected a number from 0 to "
        "%(expected)s."
    ),
    "scan_key_reused": _("Scan %(scan)s: its key was used for another scan already."),
    "manifest_time_is_now": _("Only the sample operation may state when a manifest was drafted, sealed or sent off."),
}  # fmt: skip
register(REFUSALS)
register_words(
    {
        Act.DRAFT_MANIFEST: _("Manifest drafted"),
        Act.AMEND_MANIFEST: _("Draft of a manifest amended"),
        Act.SEAL_MANIFEST: _("Manifest sealed"),
        Act.REVISE_MANIFEST: _("Sealed manifest revised"),
        Act.DEPART_MANIFEST: _("Truck of a manifest departed"),
        Act.CLOSE_MANIFEST: _("Manifest closed"),
        Act.CANCEL_MANIFEST: _("Manifest cancelled"),
        Act.RELABEL_MANIFEST: _("Codes of a manifest issued anew"),
        Act.APPLY_SEAL: _("Seal applied"),
        Act.CHECK_SEAL: _("Seal checked"),
        Act.REPORT_BROKEN_SEAL: _("Seal reported broken"),
        Act.REPLACE_SEAL: _("Seal replaced"),
        Act.RECORD_SCANS: _("Scans of transport recorded"),
        Act.PURGE_MANIFEST: _("Driver and phone of a manifest purged"),
    }
)
