"""Pages of counts: a named count as chart and table, two of them side by side, and why they differ, row by row."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats
from django.utils.translation import gettext as _

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.exports import Column, Listing, exported, listing_of
from tansiq.building.rooms.pages import page
from tansiq.desks.aid.forms.counts import GROUPS, CountForm, DifferenceForm
from tansiq.desks.aid.forms.discrepancies import MOST_AMONG
from tansiq.desks.aid.queries.counts import Counted, count, events_without_open_quantity, period_of_days
from tansiq.desks.aid.queries.discrepancies import discrepancies_counted
from tansiq.desks.aid.queries.events import measures_by_id
from tansiq.desks.aid.queries.measures import Cause, Explanation, explain
from tansiq.desks.aid.queries.reference import definitions
from tansiq.desks.aid.queries.words import Words, named, words
from tansiq.desks.aid.rules import Act, CountRule
from tansiq.desks.aid.views.listing import file_links, filters_in_words, in_words, paged
from tansiq.desks.aid.views.sentences import AGREED, cause_sentence

GROUP_TAGS = {"day": "#date", "crossing": "#loc+crossing", "commodity_class": "#item+class", "commodity": "#item",
              "consignor": "#org+type", "source": "#meta+source"}  # fmt: skip


@dataclass(frozen=True)
class Bar:
    """One group of one or two counts."""

    label: str
    short: str
    figures: tuple[Decimal, ...]
    day: date | None = None  # where the groups are days

    @property
    def difference(self) -> Decimal:
        """The first less the second."""
        return self.figures[0] - self.figures[-1]


@dataclass(frozen=True)
class Side:
    """One of the counts that are shown."""

    rule: CountRule
    source: Any  # names, or "" for all sources
    counted: Counted
    unopened: int  # events of its stages without a quantity that is open to this room
    discrepancies: str  # live ones of which it takes an event, as the list of discrepancies is asked for them
    discrepancy_count: int

    @property
    def is_without_groups(self) -> bool:
        """Whether its rows state nothing of what they are grouped by."""
        return self.counted.row_count > 0 and {group.key for group in self.counted.groups} == {("",)}


@page(Act.READ_COUNT)
def counts(request: HttpRequest) -> HttpResponse:
    """A count over a period, as known at a moment; perhaps a second one beside it."""
    known, rules = words(request.actor), definitions(request.actor)
    form = CountForm(request.GET, rules=rules, words=known)
    context: dict[str, Any] = {"form": form, "rules": rules}
    if not form.is_valid():
        return render(request, "aid/counts.html", context, status=422)
    sides = _sides(request.actor, form, known)
    bars = _bars(form, sides, known)
    file = exported(request, lambda: _listing(request, form, sides, bars))
    if file is not None:
        return file
    context |= {
        "sides": sides, "bars": bars, "asked": form.cleaned_data, "files": file_links(request),
        "group": GROUPS[form.cleaned_data["by"]], "difference": sides[0].counted.total - sides[-1].counted.total,
        "query": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "aid/counts.html", context)


@page(Act.READ_COUNT)
def count_difference(request: HttpRequest) -> HttpResponse:
    """Why two counts differ: causes that add up to the whole difference, and the rows behind each."""
    known, rules = words(request.actor), definitions(request.actor)
    form = DifferenceForm(request.GET, rules=rules, words=known)
    context: dict[str, Any] = {"form": form}
    if not form.is_valid():
        return render(request, "aid/difference.html", context, status=422)
    first, second = form.chosen()
    if second is None:
        return render(request, "aid/difference.html", context | {"nothing_beside": True})
    typed = form.cleaned_data
    period = period_of_days(first, typed["since"], typed["until"])
    found = explain(request.actor, first, second, period, as_of=typed["as_of"])
    shown = (*found.causes, Cause(AGREED, Decimal(0), found.agreed_lines))
    cause = next((one for one in shown if one.code == request.GET.get("cause")), None)
    file = exported(request, lambda: _difference_listing(request, form, found, known))
    if file is not None:
        return file
    return render(request, "aid/difference.html", context | _explained(request, form, found, cause, known))


def _sides(by: Actor, form: CountForm, known: Words) -> list[Side]:
    typed = form.cleaned_data
    first, second = form.chosen()
    group = "commodity" if typed["by"] == "commodity_class" else typed["by"]
    sides = []
    for rule, source in ((first, typed["source"]), (second, typed["beside_source"])):
        if rule is not None:
            period = period_of_days(rule, typed["since"], typed["until"])
            counted = count(by, rule, period, as_of=typed["as_of"], group_by=[group])
            unopened = events_without_open_quantity(by, rule, period, as_of=typed["as_of"])
            among = discrepancies_counted(by, rule, period, as_of=typed["as_of"])
            listed = ",".join(str(one) for one in among[:MOST_AMONG])
            sides.append(Side(rule, named(known.sources, source), counted, unopened, listed, len(among)))
    return sides


def _bars(form: CountForm, sides: list[Side], known: Words) -> list[Bar]:
    """The groups of all counts in one order: days in time, the others by size; a day without events is zero."""
    typed = form.cleaned_data
    totals = [_totals(side.counted, typed["by"], known) for side in sides]
    keys = {key for total in totals for key in total}
    if typed["by"] == "day":
        days = (typed["until"] - typed["since"]).days + 1
        ordered = [(typed["since"] + timedelta(days=n)).isoformat() for n in range(days)]
    else:
        ordered = sorted(keys, key=lambda key: (-max(total[key] for total in totals), key))
    return [
        Bar(*_label(key, typed["by"], known), tuple(Decimal(total[key]) for total in totals),
            date.fromisoformat(key) if typed["by"] == "day" else None)
        for key in ordered
    ]  # fmt: skip


def _totals(counted: Counted, group: str, known: Words) -> Counter[str]:
    totals: Counter[str] = Counter()
    for one in counted.groups:
        key = known.class_of.get(one.key[0], "") if group == "commodity_class" else one.key[0]
        totals[key] += one.total  # type: ignore[assignment]
    return totals


def _label(key: str, group: str, known: Words) -> tuple[str, str]:
    if group == "day":
        day = date.fromisoformat(key)
        return formats.date_format(day, "j F Y"), formats.date_format(day, "j M")
    names = {"crossing": known.crossings, "commodity": known.commodities, "commodity_class": known.classes,
             "consignor": known.consignors, "source": known.sources}[group]  # fmt: skip
    text = in_words(named(names, key)) if key else _("not stated")
    return text, text


def _explained(
    request: HttpRequest, form: CountForm, found: Explanation, cause: Cause | None, known: Words
) -> dict[str, Any]:
    typed, (first, second) = form.cleaned_data, form.chosen()
    query = request.GET.copy()
    for name in ("cause", "page", "format"):
        query.pop(name, None)
    context = {
        "first": first, "second": second, "found": found, "difference": found.total_a - found.total_b,
        "explained": sum((one.contribution for one in found.causes), Decimal(0)), "query": query.urlencode(),
        "first_source": named(known.sources, typed["source"]), "cause": cause,
        "second_source": named(known.sources, typed["beside_source"]), "files": file_links(request),
        "causes": [(one, cause_sentence(one.code), len(one.lines)) for one in found.causes], "asked": typed,
    }  # fmt: skip
    if cause is not None:
        context |= paged(request, cause.lines)
        context |= {"lines": _lines(context["page"].object_list, known), "cause_sentence": cause_sentence(cause.code)}
    return context


def _lines(lines: Any, known: Words) -> list[dict[str, Any]]:
    """Lines with the rows of both sides, in one query for any length."""
    ids = [row for line in lines for row in (line.row_a, line.row_b) if row]
    rows = measures_by_id(ids)
    return [
        {"contribution": line.contribution, "sides": [_row(rows.get(row), known) for row in (line.row_a, line.row_b)]}
        for line in lines
    ]


def _row(measure: Any, known: Words) -> dict[str, Any] | None:
    if measure is None:
        return None
    return {
        "measure": measure, "stage": named(known.stages, measure.stage), "unit": named(known.units, measure.unit),
        "crossing": named(known.crossings, measure.crossing_code), "source": named(known.sources, measure.source),
        "goods": named(known.commodities, measure.commodity),
        "quantity": measure.quantity_giver if measure.quantity_receiver is None else measure.quantity_receiver,
    }  # fmt: skip


def _listing(request: HttpRequest, form: CountForm, sides: list[Side], bars: list[Bar]) -> Listing:
    group = form.cleaned_data["by"]
    heads = [" ".join(filter(None, (in_words(side.rule.names), in_words(side.source)))) for side in sides]
    columns = [
        Column(str(GROUPS[group]), GROUP_TAGS[group], "date" if group == "day" else "text"),
        *(Column(head, "#indicator+num", "number") for head in heads),
    ]
    rows: list[tuple[Any, ...]] = [(bar.day or bar.label, *bar.figures) for bar in bars]
    rows.append((_("Total"), *(side.counted.total for side in sides)))
    return listing_of(
        request, ", ".join(heads), columns, rows, filters=filters_in_words(form), as_of=form.cleaned_data["as_of"]
    )


def _difference_listing(request: HttpRequest, form: CountForm, found: Explanation, known: Words) -> Listing:
    columns = [
        Column(_("Cause"), "#status+name"), Column(_("Contribution"), "#indicator+num", "number"),
        *(Column(f"{head} {side}", "#meta") for side in ("1", "2") for head in
          (_("Reference"), _("Stage"), _("Quantity"), _("Unit"), _("Happened at"))),
    ]  # fmt: skip
    rows = [row for one in found.causes for row in _cause_rows(one, known)]
    return listing_of(request, _("Why two counts differ"), columns, rows, filters=filters_in_words(form),
                      as_of=form.cleaned_data["as_of"])  # fmt: skip


def _cause_rows(cause: Cause, known: Words) -> Any:
    for line in _lines(cause.lines, known):
        cells: list[Any] = [cause_sentence(cause.code), line["contribution"]]
        for side in line["sides"]:
            if side is None:
                cells += ["", "", None, "", None]
            else:
                one = side["measure"]
                cells += [one.reference, in_words(side["stage"]), side["quantity"], in_words(side["unit"]),
                          one.occurred_at]  # fmt: skip
        yield tuple(cells)
