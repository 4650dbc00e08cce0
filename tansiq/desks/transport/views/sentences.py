"""What is answered to a scan, as data for a phone and for programs."""

from typing import Any

from tansiq.building.rooms.queries import local_name
from tansiq.desks.transport.queries.scans import ScanShown


def as_data(one: ScanShown) -> dict[str, Any]:
    """A scan that was taken: what it is, where the unit stood before, and in what two readings differ."""
    scan = one.scan
    return {
        "key": str(scan.key), "state": "taken", "id": str(scan.pk), "unit": scan.unit_code,
        "manifest": scan.manifest.number if scan.manifest else "", "stage": local_name(one.stage),
        "answers": [{"code": code, "words": text} for code, text in one.answers],
        "before": local_name(one.before), "before_at": scan.before_at.isoformat() if scan.before_at else None,
        "differences": [{"kind": d.kind, "found": d.found, "expected": d.expected} for d in one.differences],
    }  # fmt: skip
