"""Pages of the commodity catalogue and of cargo names, with the form that says what a name means."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tansiq.building.rooms.exports import Column, Listing, exported, listing_of
from tansiq.building.rooms.pages import page
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid import actions
from tansiq.desks.aid.forms.fields import choices, said
from tansiq.desks.aid.forms.lists import CargoFilterForm, MapCargoForm
from tansiq.desks.aid.models import DecidedBy
from tansiq.desks.aid.queries.cargo import CargoUse, cargo_names
from tansiq.desks.aid.queries.words import Words, named, words
from tansiq.desks.aid.rules import Act
from tansiq.desks.aid.views.listing import file_links, filters_in_words, in_words, paged

MOST_NAMES = 5_000


@page(Act.READ_COMMODITY)
def commodities(request: HttpRequest) -> HttpResponse:
    """The catalogue, class by class."""
    known = words(request.actor)
    file = exported(request, lambda: _catalogue_listing(request, known))
    if file is not None:
        return file
    classes = [
        (names, [(code, known.commodities[code]) for code, of in known.class_of.items() if of == class_code])
        for class_code, names in known.classes.items()
    ]
    return render(request, "aid/commodities.html", {"classes": classes, "files": file_links(request)})


@page(Act.READ_COMMODITY)
def cargo(request: HttpRequest) -> HttpResponse:
    """Cargo names by frequency: those that wait for a person, or all."""
    return _cargo_page(request)


@require_POST
@page(Act.MAP_CARGO_NAME)
def commodity_map(request: HttpRequest) -> HttpResponse:
    """Say what a cargo name means; every count follows from now on."""
    form = MapCargoForm(request.POST, words=words(request.actor))
    if not form.is_valid():
        return _cargo_page(request, failed=form)
    typed = form.cleaned_data
    try:
        done = actions.map_cargo_name(
            by=request.actor, key=typed["key"], cargo_key=typed["cargo_key"], commodity=typed["commodity"]
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return _cargo_page(request, failed=form)
    meaning = in_words(named(words(request.actor).commodities, done.commodity))
    messages.success(request, _("“%(name)s” means %(commodity)s from now on.")
                     % {"name": done.name, "commodity": meaning})  # fmt: skip
    query = request.GET.urlencode()
    return redirect(f"{reverse('aid:cargo')}{'?' + query if query else ''}")


def _cargo_page(request: HttpRequest, failed: MapCargoForm | None = None) -> HttpResponse:
    request.form_page = f"{reverse('aid:cargo')}?{request.GET.urlencode()}"
    known = words(request.actor)
    form = CargoFilterForm(request.GET)
    asked = said(form)
    found = cargo_names(
        request.actor.room_id, unmapped=asked.get("show") != "all", sought=asked.get("q", "").strip(), most=MOST_NAMES
    )
    file = exported(request, lambda: _cargo_listing(request, form, found, known))
    if file is not None:
        return file
    context = paged(request, found)
    may_map = request.actor.may(Act.MAP_CARGO_NAME)
    context |= {
        "form": form, "failed": failed, "files": file_links(request), "query": request.GET.urlencode(),
        "rows": [_named_use(use, known) for use in context["page"].object_list],
        "may_map": may_map,
        "options": _options(known) if may_map else "",
    }  # fmt: skip
    return render(request, "aid/cargo.html", context, status=422 if failed is not None else 200)


def _options(known: Words) -> SafeString:
    """The choices of every row, rendered once: the list is long, and each row has the same."""
    listed = choices(known.commodities, _("Choose"))
    return mark_safe(render_to_string("aid/_options.html", {"choices": listed}))  # noqa: S308 - an escaping template


def _named_use(use: CargoUse, known: Words) -> dict[str, Any]:
    return {
        "use": use, "meaning": named(known.commodities, use.commodity), "decided": DecidedBy(use.decided_by).label,
        "key": uuid4(),
    }  # fmt: skip


def _catalogue_listing(request: HttpRequest, known: Words) -> Listing:
    columns = [
        Column(_("Code"), "#item+code"),
        Column(_("Commodity"), "#item+name"),
        Column(_("Class"), "#item+class"),
        *(Column(f"{_('Name')} ({language})", f"#item+name+i_{language}") for language in ("en", "ar", "he")),
    ]
    rows = [
        (code, in_words(names), in_words(known.classes.get(known.class_of.get(code, ""), "")),
         *(dict(names).get(language, "") for language in ("en", "ar", "he")))
        for code, names in known.commodities.items()
    ]  # fmt: skip
    return listing_of(request, _("Commodity catalogue"), columns, rows)


def _cargo_listing(request: HttpRequest, form: CargoFilterForm, found: list[CargoUse], known: Words) -> Listing:
    columns = [
        Column(_("Cargo name"), "#item+description"), Column(_("Means"), "#item+name"),
        Column(_("Code"), "#item+code"), Column(_("Occurs"), "#indicator+num", "number"),
        Column(_("Said by"), "#meta+by"), Column(_("Since"), "#date", "moment"),
    ]  # fmt: skip
    rows = [
        (use.name, in_words(named(known.commodities, use.commodity)), use.commodity, use.measure_count,
         str(DecidedBy(use.decided_by).label), use.decided_at)
        for use in found
    ]  # fmt: skip
    return listing_of(request, _("Cargo names"), columns, rows, filters=filters_in_words(form))
