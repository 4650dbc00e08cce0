"""What the operation's files say of distribution, and the names of every code that the desk shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.configuration.distribution import DistributionFile, names_by_code
from tansiq.building.rooms.editions import kept
from tansiq.building.rooms.models import Operation, Role, Room
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.queries.words import Words as AidWords
from tansiq.desks.aid.queries.words import words as aid_words

Names = Mapping[str, str]


@dataclass(frozen=True)
class Words:
    """Code → names, list by list."""

    aid: AidWords
    rooms: dict[UUID, Room]
    roles: dict[str, Names]
    lists: dict[str, dict[str, Names]]  # name of a list of distribution.yaml → code → names

    def reasons_of(self, group: str) -> dict[str, Names]:
        """The operation's reasons that may be given for something."""
        return {code: self.aid.reasons[code] for code, groups in self.aid.reason_groups.items() if group in groups}


LISTS = ("checks", "crowd_measures", "put_off_reasons", "groups", "complaint_categories", "complaint_channels",
         "questionnaire")  # fmt: skip


def settings_or_none(operation_id: UUID) -> DistributionFile | None:
    """The operation's distribution.yaml; None where it has none."""
    found: DistributionFile | None = kept(operation_id, _settings)
    return found


def settings_of(operation_id: UUID) -> DistributionFile:
    """The operation's distribution.yaml. Raises Refused where it has none."""
    found = settings_or_none(operation_id)
    if found is None:
        raise Refused("distribution_not_set_up")
    return found


def _settings(operation_id: UUID) -> DistributionFile | None:
    stated = Operation.objects.get(pk=operation_id).rules.get("distribution")
    return DistributionFile.model_validate(stated) if stated else None


def expiring_within(operation_id: UUID) -> timedelta:
    """Within which time what expires is told."""
    found = settings_or_none(operation_id)
    return found.expiring_within if found else timedelta()


def words(by: Actor) -> Words:
    """Every name that the pages of this desk show, in a fixed number of queries."""
    stated = settings_or_none(by.operation_id)
    rooms = {room.pk: room for room in Room.objects.filter(operation=by.operation_id).order_by("slug")}
    roles = dict(Role.objects.filter(operation=by.operation_id).order_by("code").values_list("code", "names"))
    lists = {name: names_by_code(getattr(stated, name)) if stated else {} for name in LISTS}
    return Words(aid_words(by), rooms, roles, lists)
