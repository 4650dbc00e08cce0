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
    PURGE_MANIFEST = "transport.manifest.purge"


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
        Act.PURGE_MANIFEST: _("Driver and phone of a manifest purged"),
    }
)
