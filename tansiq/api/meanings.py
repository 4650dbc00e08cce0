"""The texts of the API's description for its page, in the reader's language; the schema itself stays in English."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

TEXTS = (
    _("A UUID of the caller's: the same submission is accepted once."),
    _("A count by its definition"),
    _("A name in any language or script."),
    _("Amend a consignment"),
    _("Answer an impediment"),
    _("Answer as the room that owns it."),
    _("Clocks by time left"),
    _("Close a release: its receivers read no more from now on."),
    _("Consignments that this room sees, as it knew them at a moment."),
    _("Consignments"),
    _("Count the days from `from` to `to`, both included, as this room knew them at a moment."),
    _("Crossings with their state"),
    _("Entries of this room and those released to it; of one act or one record when asked."),
    _("Entries that this room may see"),
    _("Events that this room sees, as it knew them at a moment; without those that were corrected, unless asked."),
    _("Events"),
    _("Every crossing as it stood at a moment, by what this room knew at another; both are now when not given."),
    _(
        "Every operation acts in one room: a token's own, or the one that the session chose. "
        "What was not released to that room does not exist for it: hidden and absent answer alike, with 404."
    ),
    _("Every record that this room may read and that was written, opened to it or added to since; told at least once."),
    _("Every room of the operation by code: names and kinds, nothing of what is in them."),
    _("Everything of one impediment that is open to this room."),
    _("Hand an impediment over"),
    _("Hand it over to another room or role; a new clock runs there."),
    _("Impediments that this room sees; those that still stand in the way, unless asked for others."),
    _("Impediments"),
    _("One impediment with its whole story"),
    _("Open an impediment of this room. A program looks first whether a live one is the same, and raises that again."),
    _("Open an impediment"),
    _("Places by any of their spellings"),
    _("Raise an impediment again"),
    _("What changed since a moment"),
    _("Raise it again under its own id; a closed one opens again."),
    _("Recall a release"),
    _("Record an event"),
    _("Record what has happened. The same statement under the same `source_key` is the same event."),
    _("Release at once, or propose it where the operation's rules ask for a second person."),
    _("Release lines of a record"),
    _("Releases of this room"),
    _("Resolve an impediment"),
    _("Rows on a page."),
    _("Say, as the room that raised it, that it stands in the way no more."),
    _("State the detail or the persons of a consignment anew, or add lines; what was said before stays."),
    _("Take it back, as the room that raised it."),
    _("The `next` of the page before."),
    _("The account, the room that the token or the session acts in, and the acts allowed there."),
    _("The clocks that are not stopped, or those of one state; `left_s` is below zero once the time has passed."),
    _("The operation's places that a name means, best first."),
    _("The proof that the log holds the entry, to be checked by anyone; 409 before the next tick."),
    _("The receipt of an entry"),
    _("The rooms of the operation"),
    _("What other rooms released to this one."),
    _("What this room released or proposes to release."),
    _("What was released to this room"),
    _("Who one is, and what one may do"),
    _("Withdraw an impediment"),
    _("Manifests that this room sees, those changed last first; only those changed since a moment when asked."),
    _("Manifests"),
    _("Everything of one manifest that is open to this room."),
    _("One manifest with its story"),
    _("Draft a manifest of this room for one truck, from its own consignments."),
    _("Draft a manifest"),
    _("State a draft anew; `seen` is the version that was looked at, so that nobody's change is lost."),
    _("Amend a draft"),
    _("State a sealed manifest anew, as a further version that names its reason."),
    _("Revise a sealed manifest"),
    _("Close the packing: from now on each change is a version that names its reason."),
    _("Seal a manifest"),
    _("Record the truck as departed, and in aid each unit with what stands on it."),
    _("Send a truck off"),
    _("End a manifest whose truck has done its journey, or came back."),
    _("Close a manifest"),
    _("Take a manifest back before its truck has left."),
    _("Cancel a manifest"),
)
"""Every summary, description and meaning of a parameter, as operations state them; a test holds the two together."""

AREAS = {
    "rooms": _("Room"),
    "changes": _("Changes"),
    "ledger": _("Ledger"),
    "doors": _("Doors"),
    "places": _("Places"),
    "clocks": _("Clocks"),
    "impediments": _("Impediments"),
    "aid": _("Aid"),
    "transport": _("Transport"),
}
"""What each area of the API is called on pages."""
STANDS_IN = {
    "path": _("address"),
    "query": _("query"),
    "header": _("header"),
    "body": _("body"),
}
"""Where a value stands in what a program sends."""


def in_words(text: Any) -> str:
    """A text of the description in the reader's language; what nobody listed here stays as it is."""
    return gettext(text) if text else ""
