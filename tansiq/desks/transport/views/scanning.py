"""The scan page of a phone: one scan at a time without script, a queue that is sent when the link is there with it."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tansiq.building.rooms.pages import page
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.queries.words import words
from tansiq.desks.transport import actions
from tansiq.desks.transport.forms.scans import ScanForm, deeds_by_place
from tansiq.desks.transport.queries.keys import verifier_key
from tansiq.desks.transport.queries.scans import ScanShown, known_scans, scans_by_key, scans_shown
from tansiq.desks.transport.queries.settings import settings_of
from tansiq.desks.transport.rules import Act
from tansiq.desks.transport.rules.scans import ScanAsked
from tansiq.desks.transport.views.sentences import as_data

KEPT = ("place", "crossing_code", "deed", "truck")  # stay chosen for the next scan
MOST = 100  # scans that a phone sends at once


@page(Act.RECORD_SCANS)
def scan(request: HttpRequest) -> HttpResponse:
    """Say what happened to a unit; the page then tells what was taken, where it stood before and what differs."""
    by = request.actor
    usual, known = settings_of(by.operation_id), words(by)
    form = ScanForm(request.POST or None, words=known, usual=usual, initial=request.GET.dict())
    shown: list[ScanShown] = []
    if request.method == "POST" and form.is_valid():
        try:
            shown = _recorded(request, [form.asked()])
        except Refused as refused:
            form.refuse(refused)
        else:
            again = {name: form.cleaned_data[name] for name in KEPT}
            form = ScanForm(words=known, usual=usual, initial=again)
    context = {
        "form": form, "shown": shown, "tab": "scan", "may_scan": True, "usual": usual,
        "key": verifier_key().public_key.hex(), "config": _config(request),
    }  # fmt: skip
    return render(request, "transport/scan.html", context, status=422 if form.is_bound else 200)


@require_POST
@page(Act.RECORD_SCANS)
def scan_send(request: HttpRequest) -> HttpResponse:
    """Take what a phone kept while it had no link: each is answered for itself, a faulty one holds up no other."""
    by = request.actor
    try:
        sent = json.loads(request.body)
        room, scans = str(sent["room"]), list(sent["scans"])[:MOST]
        device = str(sent.get("device", ""))[:120]
    except (ValueError, KeyError, TypeError, AttributeError):
        return JsonResponse({"sentence": _("What was sent cannot be read.")}, status=400)
    if room != str(by.room_id):
        sentence = _("These scans were made for another room. Choose that room; they are kept until then.")
        return JsonResponse({"sentence": sentence}, status=409)
    usual, known = settings_of(by.operation_id), words(by)
    answers, good = [], []
    for one in scans:
        form = ScanForm(one if isinstance(one, dict) else {}, words=known, usual=usual)
        if form.is_valid():
            good.append(form.asked())
        else:
            answers.append(_faulty(one, form))
    for one in good:
        try:
            answers += [as_data(found) for found in _recorded(request, [one], device)]
        except Refused as refused:
            answers.append({"key": str(one.key), "state": "faulty", "sentence": str(refused)})
    return JsonResponse({"answers": answers})


def _recorded(request: HttpRequest, scans: list[ScanAsked], device: str = "") -> list[ScanShown]:
    by = request.actor
    keys = [one.key for one in scans]
    before = {one.key for one in scans_by_key(by, keys)}
    actions.record_scans(by=by, scans=scans, device=device)
    return scans_shown(scans_by_key(by, keys), words(by), settings_of(by.operation_id), known=before)


def _faulty(sent: Any, form: ScanForm) -> dict[str, str]:
    key = str(sent.get("key", "")) if isinstance(sent, dict) else ""
    said = [f"{form.fields[name].label}: {fault}" if name in form.fields else fault
            for name, faults in form.errors.items() for fault in faults]  # fmt: skip
    return {"key": key, "state": "faulty", "sentence": " ".join(map(str, said))}


def _config(request: HttpRequest) -> dict[str, Any]:
    """What the page's script needs: the room, which deeds mean something where, and what each asks."""
    by = request.actor
    usual, roles = settings_of(by.operation_id), set(known_scans(by).roles)
    return {
        "room": str(by.room_id), "places": deeds_by_place(usual, roles),
        "asks": {code: list(one.get("asks", ())) for code, one in usual.deeds.items()},
    }  # fmt: skip
