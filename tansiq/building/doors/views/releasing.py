"""The form that releases a record, and its preview as the receiver."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tansiq.building.doors import actions, queries
from tansiq.building.doors.forms import ReleaseForm
from tansiq.building.doors.models import ReleaseState
from tansiq.building.doors.rules import RECORD_TYPES, Act, RecordType
from tansiq.building.doors.views.seeing import as_receiver, digest
from tansiq.building.people.reauthentication import freshly_proven
from tansiq.building.rooms.models import Role, Room, TearLine
from tansiq.building.rooms.pages import page
from tansiq.building.rooms.queries import line_rule, local_name
from tansiq.building.rooms.refusals import Refused

STATUS = {"originator_only": 403}


@page(Act.PROPOSE_RELEASE)
@freshly_proven
def release_propose(request: HttpRequest, record_type: str, record_id: UUID) -> HttpResponse:
    """The form of a release; sent with what the preview showed, the release itself."""
    kind, record = _found(record_type, record_id)
    if request.method != "POST":
        form = ReleaseForm(by=request.actor, record_type=kind)
        return _form_page(request, kind, record, form, status=_status_of_form(request, record))
    form = ReleaseForm(request.POST, by=request.actor, record_type=kind)
    if "change" in request.POST or not form.is_valid():
        return _form_page(request, kind, record, form, status=200 if "change" in request.POST else 422)
    return _confirmed(request, kind, record, form)


@require_POST
@page(Act.PROPOSE_RELEASE)
def release_preview(request: HttpRequest, record_type: str, record_id: UUID) -> HttpResponse:
    """What each receiver would be shown, letter by letter; nothing is written."""
    kind, record = _found(record_type, record_id)
    form = ReleaseForm(request.POST, by=request.actor, record_type=kind)
    if not form.is_valid():
        return _form_page(request, kind, record, form, status=422)
    return _preview_page(request, kind, record, form)


def _preview_page(
    request: HttpRequest, kind: RecordType, record: Model, form: ReleaseForm, *, is_changed: bool = False
) -> HttpResponse:
    asked = form.asked()
    try:
        preview = actions.preview_release(
            by=request.actor, code=kind.code, record_id=record.pk, asked=asked, show=as_receiver(request, kind)
        )
    except Refused as refused:
        return _refused_page(request, kind, record, form, refused)
    request.form_page = reverse("doors:release-propose", args=[kind.code, record.pk])
    context = {
        **_heading(request, kind, record),
        "shown": preview.shown,
        "groups": role_groups(request.actor.operation_id, preview.groups),
        "pairs": [*form.pairs(asked), ("shown", digest(preview.shown))],
        "asked": asked,
        "line_names": [TearLine(line).label for line in asked.lines],
        "is_changed": is_changed,
    }
    return render(request, "doors/preview.html", context, status=409 if is_changed else 200)


def _confirmed(request: HttpRequest, kind: RecordType, record: Model, form: ReleaseForm) -> HttpResponse:
    """Release what was shown; when the record shows something else by now, show that first."""
    asked = form.asked()
    target = {"by": request.actor, "code": kind.code, "record_id": record.pk, "asked": asked}
    try:
        preview = actions.preview_release(**target, show=as_receiver(request, kind))
        if request.POST.get("shown") != digest(preview.shown):
            return _preview_page(request, kind, record, form, is_changed="shown" in request.POST)
        release = actions.propose_release(**target, key=form.cleaned_data["key"])
    except Refused as refused:
        return _refused_page(request, kind, record, form, refused)
    waits = release.state == ReleaseState.PROPOSED
    messages.success(request, _("It waits for a second person now.") if waits else _("It is released."))
    return redirect("doors:release", release_id=release.pk)


def _found(record_type: str, record_id: UUID) -> tuple[RecordType, Model]:
    kind = RECORD_TYPES.get(record_type)
    record = kind.model._default_manager.filter(pk=record_id).first() if kind else None
    if kind is None or record is None:
        raise Http404
    return kind, record


def _status_of_form(request: HttpRequest, record: Any) -> int:
    return 200 if record.room_id == request.actor.room_id else STATUS["originator_only"]


def _refused_page(
    request: HttpRequest, kind: RecordType, record: Model, form: ReleaseForm, refused: Refused
) -> HttpResponse:
    form.add_error(None, str(refused))
    return _form_page(request, kind, record, form, status=STATUS.get(refused.code, 422))


def _form_page(request: HttpRequest, kind: RecordType, record: Any, form: ReleaseForm, *, status: int) -> HttpResponse:
    request.form_page = reverse("doors:release-propose", args=[kind.code, record.pk])
    context = {
        **_heading(request, kind, record),
        "form": form,
        "is_own": record.room_id == request.actor.room_id,
        "owner": Room.objects.get(pk=record.room_id),
        "lines": [_line(request, kind, record, line) for line in kind.lines],
    }
    return render(request, "doors/release_form.html", context, status=status)


def _heading(request: HttpRequest, kind: RecordType, record: Model) -> dict[str, Any]:
    names = queries.type_names(request.actor.operation_id)
    return {"kind": kind, "record": record, "title": kind.title(record), "kind_name": names.get(kind.code, kind.code)}


def _line(request: HttpRequest, kind: RecordType, record: Model, line: str) -> dict[str, Any]:
    rule = line_rule(request.actor.operation_id, kind.code, line)
    return {
        "name": TearLine(line).label,
        "contains": kind.contains.get(line, ""),
        "rows": sum(len(ids) for _model, ids in kind.rows(record.pk, line)),
        "marking": rule.get("marking", ""),
        "most_open": rule.get("most_open", ""),
    }


def role_groups(operation_id: UUID, groups: list[list[str]]) -> list[str]:
    """Groups of roles in words, one line for each."""
    names = {role.code: local_name(role.names) for role in Role.objects.filter(operation_id=operation_id)}
    return [", ".join(names.get(code, code) for code in group) for group in groups]
