"""Why a consignment is not moving, as one sentence in the reader's language."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.wording import date_time_group
from tansiq.floor.queries.chain.board import ChainRow, Party

FIRST, LAST = "\u2068", "\u2069"  # what stands between them keeps its own direction

STATES = {
    "not_needed": pgettext_lazy("link of the chain", "not needed"),
    "done": pgettext_lazy("link of the chain", "done"),
    "overtaken": pgettext_lazy("link of the chain", "overtaken"),
    "ready": pgettext_lazy("link of the chain", "under way"),
    "blocked": pgettext_lazy("link of the chain", "waits for a link before it"),
    "refused": pgettext_lazy("link of the chain", "refused"),
    "invalid": pgettext_lazy("link of the chain", "taken back"),
    "no_response": pgettext_lazy("link of the chain", "no answer"),
    "expired": pgettext_lazy("link of the chain", "expired"),
    "closed": pgettext_lazy("link of the chain", "closed"),
    "through": pgettext_lazy("consignment", "came through"),
    "intercepted": pgettext_lazy("consignment", "intercepted"),
    "lost": pgettext_lazy("consignment", "lost"),
}
"""How a link of the chain stands, or what became of the whole consignment."""

WITH_HOLDER = {
    "ready": gettext_lazy("“%(link)s” is not done yet and is with %(holder)s"),
    "refused": gettext_lazy("“%(link)s” was refused, and %(holder)s has to act"),
    "invalid": gettext_lazy("“%(link)s” was taken back, and %(holder)s has to act"),
    "no_response": gettext_lazy("the deadline of “%(link)s” passed without an answer from %(holder)s"),
    "expired": gettext_lazy("“%(link)s” was done, but its validity has ended; it is with %(holder)s"),
    "closed": gettext_lazy("“%(link)s” is held up by %(closed)s; it is with %(holder)s"),
}
WITHOUT_HOLDER = {
    "ready": gettext_lazy("“%(link)s” is not done yet, and nobody is known to hold it"),
    "refused": gettext_lazy("“%(link)s” was refused, and nobody is known to act on it"),
    "invalid": gettext_lazy("“%(link)s” was taken back, and nobody is known to act on it"),
    "no_response": gettext_lazy("the deadline of “%(link)s” passed without an answer"),
    "expired": gettext_lazy("“%(link)s” was done, but its validity has ended"),
    "closed": gettext_lazy("“%(link)s” is held up by %(closed)s"),
}
ENDED = {
    "through": gettext_lazy("Nothing holds it: it came through the last link."),
    "intercepted": gettext_lazy("It left the chain on the way: intercepted."),
    "lost": gettext_lazy("It left the chain on the way: lost."),
}


def why_not_moving(row: ChainRow) -> str:
    """The sentence: which link, in whose hands, since when."""
    if row.state in ENDED:
        return str(ENDED[row.state])
    holder = party_in_words(row.holder)
    told = (WITH_HOLDER if holder else WITHOUT_HOLDER)[row.state] % {
        "link": isolated(local_name(row.link)), "holder": isolated(holder), "closed": isolated(local_name(row.closed)),
    }  # fmt: skip
    return since_in_words(told, row.since, row.days)


def since_in_words(told: str, since: datetime | None, days: int) -> str:
    """The sentence with since when it is so."""
    if since is None:
        return str(_("Not moving: %(why)s.") % {"why": told})
    facts = {"why": told, "since": isolated(date_time_group(since)), "days": days}
    if days < 1:
        return str(_("Not moving: %(why)s, since %(since)s.") % facts)
    return str(_("Not moving: %(why)s, since %(since)s (days: %(days)s).") % facts)


def party_in_words(party: Party) -> str:
    """Who it is: the role and its room."""
    room, role = local_name(party.room), local_name(party.role)
    return str(_("%(role)s, %(room)s") % {"role": role, "room": room}) if room and role else room or role


def isolated(text: Any) -> str:
    """Text that keeps its own direction inside a sentence."""
    return f"{FIRST}{text}{LAST}" if text else ""


def plain(sentence: str) -> str:
    """The sentence for a file, without marks of direction."""
    return sentence.replace(FIRST, "").replace(LAST, "")
