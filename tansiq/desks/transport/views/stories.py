"""The page of one manifest: how it stands, what it carries, its whole story, and what may be done with it."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tansiq.building.ledger.queries import entry_of
from tansiq.building.rooms.pages import page
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.queries.words import words
from tansiq.desks.transport.actions.seals import SEALABLE
from tansiq.desks.transport.models import Manifest
from tansiq.desks.transport.queries.scans import difference_shown, differences_of_manifest, scans_of, scans_shown
from tansiq.desks.transport.queries.seals import readings, seals_on
from tansiq.desks.transport.queries.settings import settings_of
from tansiq.desks.transport.queries.stories import ManifestStory, manifest_story, tokens_on
from tansiq.desks.transport.rules import Act, can, next_state

WAYS = (Act.AMEND_MANIFEST, Act.SEAL_MANIFEST, Act.REVISE_MANIFEST, Act.DEPART_MANIFEST, Act.CLOSE_MANIFEST,
        Act.RELABEL_MANIFEST, Act.CANCEL_MANIFEST)  # fmt: skip


@page(Act.READ_MANIFEST)
def manifest(request: HttpRequest, manifest_id: UUID) -> HttpResponse:
    """One manifest on every tear line that is open to this room."""
    return render(request, "transport/manifest.html", _context(request, manifest_id))


@page(Act.READ_MANIFEST)
def manifest_piece(request: HttpRequest, manifest_id: UUID) -> HttpResponse:
    """Its state, units and story as a piece, for the page that is already open."""
    return render(request, "transport/_story.html", _context(request, manifest_id))


def found_story(request: HttpRequest, manifest_id: UUID) -> ManifestStory:
    """The manifest with its story. Raises Http404 where there is none for this room."""
    by = request.actor
    story = manifest_story(by, manifest_id, words(by), settings_of(by.operation_id))
    if story is None:
        raise Http404
    return story


def not_now(request: HttpRequest, held: Manifest, act: Act) -> HttpResponse:
    """Say why a step of the room's own manifest cannot be taken as it stands; another tab may have been quicker."""
    try:
        next_state(held.state, act)
    except Refused as refused:
        return render(request, "transport/not_now.html", {"manifest": held, "sentence": str(refused)})
    raise Http404


def _context(request: HttpRequest, manifest_id: UUID) -> dict[str, Any]:
    story = found_story(request, manifest_id)
    one, by = story.row.manifest, request.actor
    known, usual = words(by), settings_of(by.operation_id)
    seals = list(readings(one))
    return {
        "tokens": tokens_on(story), "seals": seals, "on_it": seals_on(seals),
        "scans": scans_shown(scans_of(one), known, usual),
        "differences": [difference_shown(each, known) for each in differences_of_manifest(one)],
        "may_seal": one.state in SEALABLE and by.may(Act.CHECK_SEAL), "may_apply": by.may(Act.APPLY_SEAL),
        "has_codes": one.state in SEALABLE, "story": story, "row": story.row, "manifest": one, "entry": entry_of(one),
        "ways": [act.value.rsplit(".", 1)[1] for act in WAYS if by.may(act) and can(one, act, by.room_id)],
        "identities": story.identities[0] if story.identities else None,
        "may_release": one.room_id == by.room_id and by.may("doors.release.propose"),
    }  # fmt: skip
