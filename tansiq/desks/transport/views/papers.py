"""Labels, manifest and waybill as PDF, in one language or several."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from tansiq.building.doors.queries import default_marking
from tansiq.building.rooms.pages import page
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.queries.words import words
from tansiq.desks.transport.forms.papers import LabelForm, PaperForm
from tansiq.desks.transport.models import ManifestState, UnitCode
from tansiq.desks.transport.queries.papers import label_sheet, paper
from tansiq.desks.transport.queries.seals import readings
from tansiq.desks.transport.queries.settings import settings_of
from tansiq.desks.transport.rules import RECORD_TYPE, Act
from tansiq.desks.transport.views.stories import found_story
from tansiq.engine.exports import labels_pdf, paper_pdf


@page(Act.READ_MANIFEST)
def manifest_labels(request: HttpRequest, manifest_id: UUID) -> HttpResponse:
    """Choose sheet and languages; with both, the label sheets of a sealed manifest as PDF."""
    story, usual = found_story(request, manifest_id), settings_of(request.actor.operation_id)
    held = story.row.manifest
    if not UnitCode.objects.filter(manifest=held).exists():
        sentence = str(Refused("manifest_no_codes", state=ManifestState(held.state).label))
        return render(request, "transport/not_now.html", {"manifest": held, "sentence": sentence})
    form = LabelForm(request.GET or None, usual=usual)
    if form.is_bound and form.is_valid():
        request.ask_proof()
        chosen = form.cleaned_data
        body = labels_pdf(label_sheet(story, usual, chosen["sheet"], chosen["languages"]))
        return _file(body, f"{held.number}_labels")
    return _form(request, story, form, "labels")


@page(Act.READ_MANIFEST)
def manifest_paper(request: HttpRequest, manifest_id: UUID) -> HttpResponse:
    """Choose languages; then the manifest as PDF, one language after the other."""
    return _paper(request, manifest_id, "manifest")


@page(Act.READ_MANIFEST)
def manifest_waybill(request: HttpRequest, manifest_id: UUID) -> HttpResponse:
    """Choose languages; then the waybill with places to sign."""
    return _paper(request, manifest_id, "waybill")


def _paper(request: HttpRequest, manifest_id: UUID, kind: str) -> HttpResponse:
    story, by = found_story(request, manifest_id), request.actor
    form = PaperForm(request.GET or None)
    if form.is_bound and form.is_valid():
        request.ask_proof()
        marking = f"TLP:{default_marking(by.operation_id, RECORD_TYPE, ('headline', 'detail'))}"
        found = paper(
            story, words(by), form.cleaned_data["languages"], kind=kind,
            seals=list(readings(story.row.manifest)), marking=marking,
        )  # fmt: skip
        return _file(paper_pdf(found), f"{story.row.manifest.number}_{kind}")
    return _form(request, story, form, kind)


def _form(request: HttpRequest, story: Any, form: PaperForm, kind: str) -> HttpResponse:
    if not form.is_bound:
        form.initial["languages"] = [(get_language() or "en").split("-")[0]] if kind != "labels" else ["ar", "en", "he"]
    context = {"form": form, "kind": kind, "manifest": story.row.manifest, "row": story.row}
    return render(request, "transport/paper.html", context, status=422 if form.is_bound else 200)


def _file(body: bytes, name: str) -> HttpResponse:
    """A download, never shown inside a page, never kept by the browser."""
    answer = HttpResponse(body, content_type="application/pdf")
    plain = "".join(letter if letter.isalnum() or letter in "._-" else "_" for letter in name)
    answer.headers["Content-Disposition"] = f'attachment; filename="{plain}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
