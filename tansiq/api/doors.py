"""Releases of this room, what others released to it, and the release of a record."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from tansiq.api.endpoint import Code, IdempotencyKey, Moment, Text, endpoint
from tansiq.api.paging import After, Limit, page_after
from tansiq.building.doors import actions, queries
from tansiq.building.doors.models import Delivery, Marking, Release
from tansiq.building.doors.rules import Act
from tansiq.building.rooms.models import Room, TearLine

router = Router(tags=["doors"])


class ReleaseOut(Schema):
    """A release that this room decided, or has still to decide."""

    id: UUID
    record_type: str
    record: UUID
    lines: list[str]
    marking: str
    reason: str
    until: datetime | None
    state: str
    receivers: list[UUID]
    created_at: datetime


class ReleasePage(Schema):
    """Releases, newest first, and the mark of the next page."""

    items: list[ReleaseOut]
    next: str | None


class DeliveryOut(Schema):
    """What another room released to this one; of a recalled release only that it was recalled."""

    id: UUID
    originator: UUID
    record_type: str
    record: UUID
    lines: list[str]
    marking: str
    releasable_to: list[str]
    reason: str
    until: datetime | None
    recalled_at: datetime | None
    created_at: datetime


class DeliveryPage(Schema):
    """Deliveries, newest first, and the mark of the next page."""

    items: list[DeliveryOut]
    next: str | None


class ReleaseAsked(Schema):
    """What shall be released, to whom, how marked, until when and why."""

    record_type: Code
    record: UUID
    lines: list[TearLine] = Field(min_length=1)
    receivers: list[UUID] = Field(min_length=1, max_length=100)
    marking: Marking
    reason: Text = Field(min_length=1)
    until: Moment | None = None


class RecallAsked(Schema):
    """Why a release is recalled."""

    reason: Text = Field(min_length=1)


@router.get("/releases", response=ReleasePage, summary="Releases of this room")
@endpoint(Act.READ_RELEASE)
def list_releases(request: HttpRequest, after: After = None, limit: Limit = 50) -> dict[str, object]:
    """What this room released or proposes to release."""
    shown, following = page_after(queries.releases(request.actor), "created_at", after, limit)
    return {"items": [release_out(release) for release in shown], "next": following}


@router.get("/deliveries", response=DeliveryPage, summary="What was released to this room")
@endpoint(Act.READ_RELEASE)
def list_deliveries(request: HttpRequest, after: After = None, limit: Limit = 50) -> dict[str, object]:
    """What other rooms released to this one."""
    shown, following = page_after(queries.deliveries(request.actor), "created_at", after, limit)
    return {"items": [delivery_out(delivery) for delivery in shown], "next": following}


@router.post("/releases", response={201: ReleaseOut}, summary="Release lines of a record")
@endpoint(Act.PROPOSE_RELEASE)
def propose_release(request: HttpRequest, payload: ReleaseAsked, idempotency_key: IdempotencyKey = None) -> Status:
    """Release at once, or propose it where the operation's rules ask for a second person."""
    receivers = Room.objects.filter(pk__in=payload.receivers, operation_id=request.actor.operation_id).order_by("slug")
    asked = actions.Asked(
        tuple(str(line) for line in payload.lines),
        tuple(receivers),
        str(payload.marking),
        payload.reason,
        payload.until,
    )
    release = actions.propose_release(
        by=request.actor, key=idempotency_key, code=payload.record_type, record_id=payload.record, asked=asked
    )
    return Status(201, release_out(release))


@router.post("/releases/{uuid:release_id}/recall", response=ReleaseOut, summary="Recall a release")
@endpoint(Act.RECALL_RELEASE)
def recall_release(
    request: HttpRequest, release_id: UUID, payload: RecallAsked, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """Close a release: its receivers read no more from now on."""
    release = get_object_or_404(Release, pk=release_id, room_id=request.actor.room_id)
    return release_out(
        actions.recall_release(by=request.actor, key=idempotency_key, release=release, reason=payload.reason)
    )


def release_out(release: Release) -> dict[str, object]:
    """A release as the API shows it to the room that decided."""
    receivers = sorted(delivery.receiver_id for delivery in release.delivery_set.all())
    return {
        "id": release.pk, "record_type": release.record_type, "record": release.record_id, "lines": release.lines,
        "marking": release.marking, "reason": release.reason, "until": release.until, "state": release.state,
        "receivers": receivers, "created_at": release.created_at,
    }  # fmt: skip


def delivery_out(delivery: Delivery) -> dict[str, object]:
    """A delivery as the API shows it to the room that received it."""
    return {
        "id": delivery.pk, "originator": delivery.room_id, "record_type": delivery.record_type,
        "record": delivery.record_id, "lines": delivery.lines, "marking": delivery.marking,
        "releasable_to": delivery.releasable_to, "reason": delivery.reason, "until": delivery.until,
        "recalled_at": delivery.recalled_at, "created_at": delivery.created_at,
    }  # fmt: skip
