"""Pages of count definitions: every one with its versions, and defining or changing one of the room's own."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from tansiq.building.rooms.exports import Column, Listing, exported, listing_of
from tansiq.building.rooms.pages import page
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid import actions
from tansiq.desks.aid.forms.definitions import ATTEMPTS, MEASURES, SIDES, TIME_RULES, DefinitionForm, typed_before
from tansiq.desks.aid.queries.counts import count, period_of_days
from tansiq.desks.aid.queries.reference import DefinitionVersions, definition_versions, known_codes
from tansiq.desks.aid.queries.words import Words, named, words
from tansiq.desks.aid.rules import Act, CountRule, DefinitionFaults, count_rule
from tansiq.desks.aid.views.listing import file_links, in_words

PREVIEWED = timedelta(days=6)  # before today


@page(Act.READ_COUNT)
def count_definitions(request: HttpRequest) -> HttpResponse:
    """Every definition that this room may use, with all its versions, newest first."""
    known = words(request.actor)
    found = definition_versions(request.actor)
    file = exported(request, lambda: _listing(request, found, known))
    if file is not None:
        return file
    context = {
        "rows": [(one, [(v, in_sentences(v.body, known)) for v in one.versions]) for one in found],
        "files": file_links(request), "may_define": request.actor.may(Act.DEFINE_COUNT),
    }  # fmt: skip
    return render(request, "aid/definitions.html", context)


@page(Act.DEFINE_COUNT)
def count_define(request: HttpRequest) -> HttpResponse:
    """Define a count of the room, or make the next version of one; looked at first, then saved."""
    changes, before = request.GET.get("code", ""), None
    if changes:
        before = next((one for one in definition_versions(request.actor) if one.code == changes and one.is_own), None)
        if before is None:
            raise Http404
    initial = typed_before(changes, before.names, before.versions[0].body) if before else None
    form = DefinitionForm(request.POST or None, words=words(request.actor), changes=changes, initial=initial)
    preview = None
    if form.is_bound and form.is_valid():
        if "save" not in request.POST:
            preview = _preview(request, form)
        elif _define(request, form):
            return redirect(f"{reverse('aid:count-definitions')}#{form.cleaned_data['code']}")
    context = {"form": form, "before": before, "preview": preview}
    return render(request, "aid/definition.html", context, status=422 if form.errors else 200)


def _define(request: HttpRequest, form: DefinitionForm) -> bool:
    typed = form.cleaned_data
    try:
        done = actions.define_count(
            by=request.actor, key=typed["key"], code=typed["code"], names=form.names(), body=form.body()
        )
    except Refused as refused:
        form.add_error("code" if refused.code == "code_of_operation" else None, str(refused))
        return False
    messages.success(request, _("The count is defined, as version %(number)s.") % {"number": done.version})
    return True


def _preview(request: HttpRequest, form: DefinitionForm) -> dict[str, Any] | None:
    """What the definition counts in the last week, day by day; None, with the reason in the form, when it cannot."""
    known = known_codes(request.actor.operation_id)
    try:
        rule = count_rule(form.cleaned_data["code"], 1, form.names(), form.body(), known, of_room=True)
    except DefinitionFaults as faults:
        form.add_error(None, str(Refused("definition_faults", found=str(faults))))
        return None
    return {"rule": rule, **_last_week(request, rule)}


def _last_week(request: HttpRequest, rule: CountRule) -> dict[str, Any]:
    last = timezone.localdate()
    first = last - PREVIEWED
    found = count(request.actor, rule, period_of_days(rule, first, last), group_by=["day"])
    totals = {group.key[0]: group.total for group in found.groups}
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    bars = [
        (formats.date_format(d, "j F Y"), formats.date_format(d, "j M"), totals.get(d.isoformat(), 0)) for d in days
    ]
    return {"counted": found, "bars": bars, "first": bars[0][0], "last": bars[-1][0]}


def in_sentences(body: Mapping[str, Any], known: Words) -> list[tuple[str, str]]:
    """What a definition asks, label by label, in the reader's language."""
    measure = body.get("measure", "units")
    said = [(_("What is counted"), _of(MEASURES, measure))]
    if measure != "events":
        said.append((_("Unit"), in_words(named(known.units, body.get("unit", "")))))
    if measure.startswith("quantity"):
        said.append((_("Whose quantity"), _of(SIDES, body.get("side", "receiver"))))
    for name, label, names in (
        ("stages", _("Stages"), known.stages), ("consignor_classes", _("Consignor classes"), known.consignors),
        ("commodities", _("Commodity classes"), {**known.commodities, **known.classes}),
        ("crossings", _("Crossings"), known.crossings), ("sources", _("Sources"), known.sources),
    ):  # fmt: skip
        said.append((label, ", ".join(in_words(named(names, code)) for code in body.get(name, ())) or _("all")))
    said.append((_("On which day"), _of(TIME_RULES, body.get("time_rule", "each_event"))))
    said.append((_("Attempts"), _of(ATTEMPTS, body.get("attempts", "all"))))
    return said


def _of(options: Any, code: str) -> str:
    return str(dict(options).get(code, code))


def _listing(request: HttpRequest, found: list[DefinitionVersions], known: Words) -> Listing:
    columns = [
        Column(_("Code"), "#meta+code"), Column(_("Version"), "#meta+version+num", "number"),
        Column(_("Name"), "#meta+name"), Column(_("Defined by"), "#meta+owner"),
        Column(_("What it asks"), "#meta+description"),
    ]  # fmt: skip
    rows = [
        (one.code, version.number, in_words(version.names), in_words(one.owner) or _("the operation"),
         "; ".join(f"{label}: {text}" for label, text in in_sentences(version.body, known)))
        for one in found
        for version in one.versions
    ]  # fmt: skip
    return listing_of(request, _("Count definitions"), columns, rows)
