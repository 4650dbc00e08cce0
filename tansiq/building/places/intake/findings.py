"""What was found in a file: where, how grave, and the sentence that says it."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

REFUSED, REPAIRED, NOTED = "refused", "repaired", "noted"

SENTENCES = {
    # the file
    "not_text": _("The file is not text in UTF-8: byte %(at)s cannot be read."),
    "not_json": _("The file is not JSON: line %(line)s, column %(column)s: %(found)s."),
    "too_deep": _("The file is nested too deeply to be GeoJSON."),
    "not_csv": _("The file is not a table: line %(line)s: %(found)s."),
    "not_table": _("The file is not a table with a heading row, nor a list of objects."),
    "no_mapping": _("No mapping knows this file. Found the columns: %(found)s."),
    "column_missing": _("The column “%(expected)s” is missing. Found the columns: %(found)s."),
    "column_empty": _("The column “%(column)s” is empty in every row."),
    "no_level": _("No column gives the administrative level. Found the columns: %(found)s."),
    "no_collection": _("A FeatureCollection was expected, “%(found)s” was found."),
    "reference_system": _("The coordinates are not WGS 84 longitude and latitude, but in “%(found)s”."),
    "reference_system_empty": _("“crs” members that say nothing were left aside: %(count)s."),
    # GeoJSON, RFC 7946
    "not_object": _("%(where)s: an object was expected, %(found)s was found."),
    "not_array": _("%(where)s: a list was expected, %(found)s was found."),
    "not_string": _("%(where)s: a text was expected, %(found)s was found."),
    "member_missing": _("%(where)s: the member “%(member)s” is missing."),
    "member_twice": _("The member “%(member)s” stands twice in one object, so its meaning is not certain."),
    "member_misplaced": _("%(where)s: the member “%(member)s” does not belong into a %(type)s."),
    "type_unknown": _("%(where)s: “%(found)s” is not a type of GeoJSON (%(expected)s was expected; case matters)."),
    "id_wrong": _("%(where)s: an id must be a text or a number, %(found)s was found."),
    "bbox_wrong": _("%(where)s: a bbox is a list of 4 or 6 numbers, %(found)s was found."),
    "nesting_wrong": _("%(where)s: a list of positions was expected, %(found)s was found."),
    "position_wrong": _("%(where)s: a position is a list of 2 or 3 numbers, %(found)s was found."),
    "position_outside": _("%(where)s: the position %(found)s lies outside longitude ±180 and latitude ±90."),
    "line_short": _("%(where)s: a line needs at least two positions, %(found)s was found."),
    "ring_short": _("%(where)s: a ring needs at least four positions, %(found)s were found."),
    "ring_open": _("%(where)s: the first and the last position of a ring must be the same."),
    "ring_turned": _("Rings that run the wrong way round (RFC 7946, right-hand rule) were turned: %(count)s."),
    "collection_single": _("%(where)s: a GeometryCollection with a single geometry; the geometry itself would do."),
    "collection_nested": _("%(where)s: a GeometryCollection inside another."),
    "precision": _("Coordinates with more than seven decimals (1 cm) were rounded; geometries: %(count)s."),
    "height_dropped": _("%(where)s: more than two numbers in a position; only longitude and latitude are kept."),
    # geometry
    "geometry_missing": _("The row has no geometry."),
    "geometry_type": _("A geometry of type %(expected)s was expected, %(found)s was found."),
    "geometry_repaired": _("The outline was not valid (%(found)s); now repaired; its area changed by %(change)s %%."),
    "geometry_broken": _("The outline is not valid (%(found)s) and could not be repaired."),
    # rows
    "value_missing": _("The column “%(column)s” is empty."),
    "value_wrong": _("The column “%(column)s” holds “%(found)s”; expected: %(expected)s."),
    "values_differ": _("The columns %(columns)s say different things (%(found)s); the first was taken."),
    "code_twice": _("The code “%(found)s” stands in row %(first)s already."),
    "position_missing": _("The row has no position (0, 0 stands for none)."),
    "name_cleaned": _("Invisible characters were taken out of the name “%(found)s”."),
    "name_missing": _("The row has no name in any language."),
    "name_long": _("The name is longer than %(expected)s characters: “%(found)s”."),
    "parent_missing": _("The parent area “%(found)s” is not known in this operation."),
}  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One thing found in a file."""

    level: str  # REFUSED, REPAIRED or NOTED
    code: str
    row: int | None = None  # from 1; None: the whole file
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The finding in the reader's language."""
        return str(SENTENCES[self.code]) % self.params

    def as_json(self) -> dict[str, Any]:
        """The finding for a program."""
        return {"level": self.level, "code": self.code, "row": self.row, "sentence": self.sentence, **self.params}


def what(value: Any) -> str:
    """A value in a few characters, for a sentence."""
    text = repr(value) if not isinstance(value, dict | list) else ("an object" if isinstance(value, dict) else "a list")
    return "null" if value is None else text if len(text) <= 60 else text[:57] + "…"
