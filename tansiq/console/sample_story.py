"""What happens in the sample besides the trucks, as demo/sample/story.yaml tells it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tansiq.building.clocks.actions import pause_clock, start_clock, stop_clock
from tansiq.building.clocks.models import ClockKind
from tansiq.building.clocks.rules import Holder
from tansiq.building.doors.actions import Asked, approve_release, propose_release, recall_release
from tansiq.building.places.actions import report_crossing_status
from tansiq.building.places.models import Crossing
from tansiq.console.sample_impediments import tell_impediments
from tansiq.console.sample_stage import Stage


def read_story(file: Path) -> dict[str, Any]:
    """The story as plain values."""
    found: dict[str, Any] = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    return found


def tell_story(story: dict[str, Any], stage: Stage) -> dict[str, int]:
    """Play all for which there is a consignment; answers how many of each were played."""
    parts = {"crossing_reports": _report, "clocks": _run_clock, "releases": _release}
    counts = {name: sum(play(one, stage) for one in story[name]) for name, play in parts.items()}
    return {**counts, "impediments": tell_impediments(story["impediments"], stage)}


def _report(report: dict[str, Any], stage: Stage) -> bool:
    room = report.get("room", "shared_floor")
    crossing = Crossing.objects.get(operation=stage.rooms[room].operation_id, code=report["crossing"])
    ahead = report.get("until_hours_ahead")
    report_crossing_status(
        by=stage.system(room), crossing=crossing, state=report["state"], reason=report.get("reason", ""),
        since_at=stage.now - timedelta(hours=report["since_hours_ago"]),
        until_at=stage.now + timedelta(hours=ahead) if ahead else None, source=report.get("source", ""),
        note=report.get("note", ""),
    )  # fmt: skip
    return True


def _run_clock(told: dict[str, Any], stage: Stage) -> bool:
    subject = stage.consignment(told["subject"], told["nth"])
    if subject is None:
        return False
    by = stage.system(told["room"])
    kind = ClockKind.objects.get(operation=by.operation_id, code=told["kind"])
    clock = start_clock(
        by=by, kind=kind.code, subject=subject, started_at=stage.now - kind.duration * told["used"],
        subject_names={language: f"{word} {subject.reference}" for language, word in stage.consignment_words.items()},
        holder=Holder(stage.rooms[told["holder"]].pk, told["role"]),
    )  # fmt: skip
    if told.get("pause"):
        pause_clock(by=by, clock=clock, reason=told["pause"])
    if told.get("stop"):
        stop_clock(by=by, clock=clock)
    return True


def _release(told: dict[str, Any], stage: Stage) -> bool:
    record = stage.consignment(told["room"], told["nth"])
    if record is None:
        return False
    by = stage.person(told["by"], told["room"])
    ahead = told.get("until_hours_ahead")
    release = propose_release(
        by=by, code="aid_consignment", record_id=record.pk,
        asked=Asked(
            tuple(told["lines"]), tuple(stage.rooms[room] for room in told["to"]), told["marking"], told["reason"],
            stage.now + timedelta(hours=ahead) if ahead else None,
        ),
    )  # fmt: skip
    if told.get("agree"):
        approve_release(by=stage.person(told["agree"], told["room"]), release=release)
    if told.get("recall"):
        recall_release(by=by, release=release, reason=told["recall"])
    return True
