"""In which area a position lies."""

from collections.abc import Callable
from uuid import UUID

import shapely
from shapely.geometry import shape

from tansiq.building.places.models import Drawing


def area_finder(operation_id: UUID, using: str = "default") -> Callable[[float | None, float | None], UUID | None]:
    """A function that gives the lowest area in which a position lies, by the newest outline of each area."""
    rows = (
        Drawing.objects.using(using)
        .filter(place__operation=operation_id, place__as_area__isnull=False)
        .order_by("place__as_area__level", "place__code", "published_on")
        .values_list("place__as_area__level", "place__as_area__pk", "geometry")
    )
    newest = {area_id: (level, geometry) for level, area_id, geometry in rows}
    ids = list(newest)
    tree = shapely.STRtree([shape(geometry) for _, geometry in newest.values()])

    def find(longitude: float | None, latitude: float | None) -> UUID | None:
        if longitude is None or latitude is None:
            return None
        within = tree.query(shapely.Point(longitude, latitude), predicate="intersects")
        return max(((newest[ids[at]][0], str(ids[at]), ids[at]) for at in within), default=(0, "", None))[2]

    return find
