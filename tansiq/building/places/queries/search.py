"""Finds places by any of their spellings in any language, while a name is still being typed too."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from tansiq.building.places.models import Place
from tansiq.building.places.queries.filing import beginning_keys, grams, letters_key, near_keys, sound_keys
from tansiq.building.rooms.actors import Actor
from tansiq.engine.names import normal_form, score, strip_marks

QUERY_MOST = 120  # letters of a query that are read
SHORTLIST = 24  # spellings of a step that are compared with the query in full
SOUNDS_FROM = 3  # letters of a query from which its sound is asked for
SURE = 0.9  # found so far: names that share only a word or a beginning are not asked for
GOOD_ENOUGH = 0.8  # found so far: names are not compared letter by letter
LEAST = 0.55
BEGINNING = 0.9  # worth of a name that merely begins as the query does

ROWS = "select n.place_id, n.text, n.normal from places_placename n join places_place p on p.id = n.place_id "
OWN_FIRST = "p.is_own desc, p.population desc nulls last, length(n.normal), n.place_id"
EXACT = ROWS + (
    "where n.keys @> array[%(letters)s] and n.operation_id = %(operation)s "
    f"order by n.text = %(text)s desc, {OWN_FIRST} limit %(many)s"
)
BEGINS = ROWS + (
    "where n.keys @> %(beginnings)s::text[] and n.operation_id = %(operation)s "
    f"and ' ' || n.normal like %(begins)s order by {OWN_FIRST} limit %(many)s"
)
CLOSEST = (
    "with near as materialized (select n.place_id, n.text, n.normal, "
    "  cardinality(array(select unnest(n.grams) intersect select unnest(%(grams)s::text[]))) as alike, "
    "  cardinality(array(select unnest(n.keys) intersect select unnest(%(asked)s::text[]))) as shared, "
    "  cardinality(n.grams) as size "
    "  from places_placename n where n.{column} && %(asked)s::text[] and n.operation_id = %(operation)s) "
    "select place_id, text, normal from near "
    "order by (2.0 * alike + 6.0 * shared) / (size + %(size)s) desc, length(normal), place_id limit %(few)s"
)
SOUNDS = CLOSEST.format(column="keys")
MISTYPED = CLOSEST.format(column="grams")


@dataclass(frozen=True)
class Found:
    """A place that answers a query, by the spelling that answers best."""

    place: Place
    spelling: str
    score: float  # 0..1


def search_places(text: str, actor: Actor, limit: int = 10, *, catalogue: str = "") -> list[Found]:
    """The operation's places that a query means, best first; of equals, the operation's own and the largest first."""
    query = strip_marks(text[:QUERY_MOST])[0]
    if not normal_form(query):
        return []
    best: dict[UUID, tuple[float, str]] = {}
    for place_id, spelling, worth in _candidates(query, actor.operation_id, limit):
        if worth >= LEAST and worth > best.get(place_id, (0.0, ""))[0]:
            best[place_id] = (worth, spelling)
    places = Place.objects.filter(pk__in=best, operation_id=actor.operation_id).select_related("area__place")
    if catalogue:
        places = places.filter(catalogue=catalogue)
    found = [Found(place, best[place.pk][1], best[place.pk][0]) for place in places]
    return sorted(found, key=_order)[:limit]


def _order(found: Found) -> tuple[float, bool, int, str]:
    place = found.place
    return (-round(found.score, 2), not place.is_own, -(place.population or 0), str(place.pk))


def _candidates(query: str, operation_id: UUID, limit: int) -> Iterator[tuple[UUID, str, float]]:
    """Spellings with their worth, step by step: same letters, same beginning, same sound, near sound, mistyped."""
    normal = normal_form(query)
    asked = {
        "operation": operation_id, "text": query, "letters": letters_key(query), "many": max(4 * limit, 40),
        "beginnings": beginning_keys(query), "begins": f"% {normal}%", "few": SHORTLIST,
        "grams": grams(normal), "size": max(len(grams(normal)), 1),
    }  # fmt: skip
    good = 0
    for place_id, text, form in _rows(EXACT, asked):
        good += 1
        yield place_id, text, 1.0 if text == query or form == normal else 0.99
    for place_id, text, form in _rows(BEGINS, asked):
        good += 1
        yield place_id, text, BEGINNING + 0.07 * len(normal) / max(len(form), 1)
    if len(normal) < SOUNDS_FROM:
        return
    best = 1.0 if good else 0.0
    for sql, keys, enough in _steps(query, normal):
        if best >= enough or not keys:
            continue
        for place_id, text, _form in _rows(sql, {**asked, "asked": keys}):
            worth = score(query, text)
            best = max(best, worth)
            yield place_id, text, worth


def _steps(query: str, normal: str) -> tuple[tuple[str, list[str], float], ...]:
    """Further steps, dearer each: the statement, the keys, and the worth found so far that makes it needless."""
    return (
        (SOUNDS, sound_keys(query), 1.01),  # cheap, and finds the name in other scripts
        (SOUNDS, near_keys(query), SURE),
        (MISTYPED, grams(normal), GOOD_ENOUGH),
    )


def _rows(sql: str, asked: dict[str, object]) -> list[tuple[UUID, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return cursor.fetchall()
