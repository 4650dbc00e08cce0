"""The sample's needs, as demo/sample/needs.yaml tells them: caseloads, exposed sites and storms."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tansiq.console.sample_stage import Stage
from tansiq.console.state import REPOSITORY
from tansiq.desks.needs import actions
from tansiq.desks.needs.rules import CaseloadStated, ExposureStated, StormStated

STORY = REPOSITORY / "demo" / "sample" / "needs.yaml"


def tell_needs(stage: Stage, story: Path = STORY) -> dict[str, int]:
    """Play the whole story; answers how many of each were stated."""
    found: dict[str, Any] = YAML(typ="safe", pure=True).load(story.read_text(encoding="utf-8"))
    parts = {"caseloads": _caseload, "exposures": _exposure, "storms": _storm}
    for name, play in parts.items():
        for one in found[name]:
            play(one, stage)
    return {name: len(found[name]) for name in parts}


def _caseload(one: dict[str, Any], stage: Stage) -> None:
    plain = {
        name: one[name] for name in ("p_code", "people", "source", "households", "site", "indicator") if name in one
    }
    stated = CaseloadStated(as_of_date=_day(one, stage), **plain)
    actions.state_caseload(by=stage.system(one["room"]), stated=stated)


def _exposure(one: dict[str, Any], stage: Stage) -> None:
    plain = {name: one[name] for name in ("p_code", "hazard", "level", "source", "site", "note") if name in one}
    stated = ExposureStated(as_of_date=_day(one, stage), **plain)
    actions.state_exposure(by=stage.system(one["room"]), stated=stated)


def _storm(one: dict[str, Any], stage: Stage) -> None:
    by = stage.system(one["room"])
    begins, ends = (stage.now + timedelta(hours=one[name]) for name in ("begins_hours", "ends_hours"))
    stated = StormStated(one["warning"], one["hazard"], tuple(one["areas"]), begins, ends, one["source"])
    storm = actions.open_storm(by=by, stated=stated)
    if "closed" in one:
        actions.close_storm(by=by, storm=storm, reason=one["closed"])


def _day(one: dict[str, Any], stage: Stage) -> Any:
    return (stage.now - timedelta(days=one["days_ago"])).date()
