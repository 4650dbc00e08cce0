"""One consignment's chain: every link, what it needs and rests on, and what holds the whole."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tansiq.building.rooms.actors import Actor
from tansiq.desks.impediments.queries.words import Names, Words, named
from tansiq.engine.chain import NONE, READINESS, UNKNOWN, Explanation, why
from tansiq.floor.queries.chain.board import ARRANGEMENTS, ChainRow, Party, View, moment
from tansiq.floor.queries.chain.facts import Chain, chain_of


@dataclass(frozen=True)
class LinkFace:
    """One link of a consignment as it stands."""

    code: str
    names: Names | str
    state: str  # of READINESS
    holds: bool  # the consignment, at this moment
    is_first: bool  # of those that hold it
    holder: Party
    since: datetime | None  # None while it waits for a link before it
    deadline: datetime | None
    clock: UUID | None
    valid_until: datetime | None
    needs: tuple[Names | str, ...]
    blocked_by: Names | str
    rests_on: tuple[Names | str, ...]
    closed: Names | str
    through: int  # units that passed it
    depth: int  # how many links come before it at least


@dataclass(frozen=True)
class OneChain:
    """A consignment with its links in order, and the answer to why it is not moving."""

    row: ChainRow
    links: tuple[LinkFace, ...]
    explanation: Explanation
    besides: tuple[tuple[Names | str, Party], ...]  # other links that hold it as well
    waiting: tuple[Names | str, ...]
    heard_at: datetime | None
    is_quiet: bool

    @property
    def steps(self) -> list[list[LinkFace]]:
        """The links in steps: those of one step need none of each other."""
        depths = sorted({link.depth for link in self.links})
        return [[link for link in self.links if link.depth == depth] for depth in depths]


def one_chain(by: Actor, consignment_id: UUID, words: Words, arrangement: str = "link") -> OneChain | None:
    """The chain of one consignment; None when there is none, or none for this room."""
    chain = chain_of(by, [consignment_id])
    if chain is None or not len(chain.consignments):
        return None
    view = View(chain, words)
    told = why(chain.standing, 0)
    return OneChain(
        row=view.rows([0], arrangement if arrangement in ARRANGEMENTS else "link")[0],
        links=tuple(_faces(view, chain)), explanation=told,
        besides=tuple((named(words.links, one.link), view.party(one.holder)) for one in told.besides),
        waiting=tuple(named(words.links, code) for code in told.waiting),
        heard_at=moment(int(chain.told.heard_at[0])), is_quiet=bool(chain.quiet[0]),
    )  # fmt: skip


def _faces(view: View, chain: Chain) -> list[LinkFace]:
    standing, facts, words = chain.standing, chain.standing.facts, view.words
    names = [named(words.links, code) for code in chain.setting.codes]
    clocks = {clock.due_s: clock.id for listed in chain.obstacles.clocks.values() for clock in listed}
    depths = _depths(chain)
    first, faces = int(standing.holding[0]), []
    for place, link in enumerate(chain.setting.stated):
        shut, behind = int(standing.closed_by[place, 0]), int(standing.blocked_by[place, 0])
        state = READINESS[standing.readiness[place, 0]]
        holder = int(facts.keeper[shut] if state == "closed" else facts.holder[place, 0])
        rests = facts.rest_resource[facts.rest_link == place].tolist()
        since = int(facts.since[place, 0]) if place != first else int(standing.since[0])
        faces.append(
            LinkFace(
                code=link.code, names=names[place], state=state, holds=bool(standing.holds[place, 0]),
                is_first=place == first,
                holder=view.party((*facts.holders, "")[holder]) if state != "not_needed" else view.party(""),
                since=None if state in ("blocked", "not_needed") or since == UNKNOWN else moment(since),
                deadline=moment(int(facts.deadline[place, 0])), clock=clocks.get(int(facts.deadline[place, 0])),
                valid_until=moment(int(facts.valid_until[place, 0])),
                needs=tuple(names[need] for need in facts.links.needs[place]),
                blocked_by=names[behind] if behind != NONE else "",
                rests_on=tuple(view.resource(facts.resources[one]) for one in rests),
                closed=view.resource(facts.resources[shut]) if state == "closed" else "",
                through=int(chain.told.through[place, 0]), depth=depths[place],
            )
        )  # fmt: skip
    return faces


def _depths(chain: Chain) -> list[int]:
    depths: list[int] = []
    for needs in chain.standing.facts.links.needs:
        depths.append(1 + max((depths[need] for need in needs), default=-1))
    return depths
