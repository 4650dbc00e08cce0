"""The seals of a manifest: every reading of them, and which are on the truck by the record."""

from collections.abc import Iterable

from django.db.models import QuerySet

from tansiq.desks.transport.models import Manifest, SealDeed, SealReading


def readings(held: Manifest) -> QuerySet[SealReading]:
    """What this room reads of the seals of a manifest, the first reading first."""
    found = SealReading.objects.filter(manifest=held).select_related("room", "by_account")
    return found.order_by("at", "created_at", "pk")


def seals_on(found: Iterable[SealReading]) -> list[str]:
    """The seals that are on the truck after these readings, in the order in which they came on it."""
    on_it: list[str] = []
    for one in found:
        if one.deed in (SealDeed.BROKEN, SealDeed.REPLACED):
            gone = one.former or one.reading
            on_it = [seal for seal in on_it if seal != gone]
        if one.deed in (SealDeed.APPLIED, SealDeed.REPLACED) and one.reading not in on_it:
            on_it.append(one.reading)
    return on_it


def same_seal(one: str, other: str) -> bool:
    """Whether two readings of a seal are one: letters and digits count, blanks and strokes between them do not."""
    return _bare(one) == _bare(other)


def _bare(reading: str) -> str:
    return "".join(letter for letter in reading.upper() if letter.isalnum())
