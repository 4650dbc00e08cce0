"""Takes other people's ledgers: the file sealed, every row accounted for, former values kept."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.queries import audience_for
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.actions.ledgers import write_plan
from tansiq.desks.aid.models import ImportRun, Outcome
from tansiq.desks.aid.queries.imports import sealed_path
from tansiq.desks.aid.queries.plans import Plan, Progress, plan_import
from tansiq.desks.aid.queries.reference import mapping_version
from tansiq.desks.aid.rules import Act
from tansiq.engine.imports import ImportMapping


@dataclass(frozen=True)
class SealedFile:
    """A file in the vault, under its digest."""

    sha256: str
    byte_count: int
    name: str  # as the person who brought it calls it


@dataclass(frozen=True)
class ImportOptions:
    """How a file is taken."""

    is_whole: bool = True  # the file is the whole ledger: rows that lack in it are withdrawn
    allow_refused: bool = False  # take the good rows even where others are refused


def seal_file(content: bytes, name: str) -> SealedFile:
    """Keep a file in the vault, read-only, under its SHA-256; the same file is kept once. Raises Refused."""
    if len(content) > settings.UPLOAD_MOST_BYTES:
        raise Refused("file_too_large", found=len(content), expected=settings.UPLOAD_MOST_BYTES)
    digest = hashlib.sha256(content).hexdigest()
    place = sealed_path(digest)
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(dir=place.parent, prefix=".unfinished-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(unfinished).chmod(0o440)
            Path(unfinished).rename(place)
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise
    return SealedFile(digest, len(content), Path(name).name[:300])


@act(Act.IMPORT_LEDGER)
def import_ledger(
    *,
    by: Actor,
    file: SealedFile,
    mapping: ImportMapping,
    options: ImportOptions = ImportOptions(),
    progress: Progress | None = None,
) -> Done:
    """Take a sealed file by a mapping; a file that is refused is kept with its report. Raises Refused."""
    _one_at_a_time(by, mapping)
    content = sealed_path(file.sha256).read_bytes()
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise Refused("seal_broken", found=file.sha256)
    plan = plan_import(
        by, content, mapping, is_whole=options.is_whole, allow_refused=options.allow_refused, progress=progress
    )
    del content
    run = _keep_run(by, file, mapping, options, plan)
    written = write_plan(by, run, mapping, plan, progress) if plan.outcome == Outcome.TAKEN else []
    facts = {
        "file": file.sha256, "bytes": file.byte_count, "mapping": mapping.code, "mapping_version": run.mapping_version,
        "source": run.source, "outcome": run.outcome, "rows_read": run.rows, "taken": run.taken, "refused": run.refused,
        "skipped": run.skipped, "added": run.added, "revised": run.revised, "withdrawn": run.withdrawn,
        "unchanged": run.unchanged,
    }  # fmt: skip
    return Done(run, wrote=[run, *written], facts=facts, topics=["aid.import", "aid.event", "aid.count"])


def _one_at_a_time(by: Actor, mapping: ImportMapping) -> None:
    """Two editions of one ledger are compared one after the other, never at once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"aid {by.room_id} {mapping.ledger.code}"]
        )


def _keep_run(by: Actor, file: SealedFile, mapping: ImportMapping, options: ImportOptions, plan: Plan) -> ImportRun:
    counts: dict[str, Any] = {"rows": plan.rows, "refused": len(plan.refused), "skipped": plan.skipped}
    if plan.outcome == Outcome.TAKEN:
        counts |= {"taken": plan.taken, "added": len(plan.added), "revised": len(plan.revised),
                   "withdrawn": len(plan.withdrawn), "unchanged": plan.unchanged}  # fmt: skip
    return ImportRun.objects.create(
        room_id=by.room_id, audience_id=audience_for("aid_import", "detail", by), file_name=file.name,
        file_sha256=file.sha256, file_bytes=file.byte_count, record_kind=mapping.record, source=mapping.ledger.code,
        source_names=mapping.ledger.names.model_dump(), mapping_code=mapping.code,
        mapping_version=mapping_version(by.operation_id, mapping), mapping=mapping.model_dump(mode="json"),
        outcome=plan.outcome, is_whole=options.is_whole, report=plan.report(), **counts,
    )  # fmt: skip
