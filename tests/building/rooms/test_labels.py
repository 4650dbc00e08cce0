"""Who stands behind a label: what a superuser alters of it is named by the audit."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from tansiq.building.doors.models import Release
from tansiq.building.ledger.audit import audit
from tansiq.building.rooms.actors import eyes_of
from tansiq.building.rooms.acts import Done, act, own_audience, tell
from tansiq.building.rooms.queries import audience
from tansiq.building.wall.context import room_context
from tests import factories

HOUR = timedelta(hours=1)


@pytest.fixture
def labels(own_database):
    """A plain label of alpha, the label that widens it to beta for an hour, and one that beta and un read for good."""
    alpha, beta, un = (factories.room_id(slug) for slug in ("alpha", "beta", "un"))
    with room_context(room_ids=(alpha,)), transaction.atomic():
        plain = audience(alpha)
        widened = audience(alpha, [(beta, datetime.now(UTC) + HOUR)], widened=plain)
        shared = audience(alpha, [(beta, None), (un, None)])
        tell(alpha, shared, ["of these"])
    return {"plain": plain, "widened": widened, "shared": shared, "beta": beta, "un": un}


def test_labels_as_they_were_made_hold(labels):
    assert audit(None).findings == []


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("insert into rooms_audiencemember (room_id, audience_id) values (%(un)s, %(plain)s)", {"audience_altered", "mask_altered"}),
        ("insert into rooms_audiencemember (room_id, audience_id, until) values (%(un)s, %(plain)s, now() + interval '1 day')", {"audience_altered"}),
        ("update rooms_audiencemember set until = until + interval '1 day' where audience_id = %(widened)s and until is not null", {"audience_altered"}),
        ("update rooms_audiencemember set until = null where audience_id = %(widened)s", {"audience_altered", "mask_altered"}),
        ("update rooms_audiencemember set room_id = %(un)s where audience_id = %(widened)s and room_id = %(beta)s", {"audience_altered"}),
        ("delete from rooms_audiencemember where audience_id = %(shared)s and room_id = %(beta)s", {"audience_altered", "mask_altered"}),
        ("delete from rooms_audiencemember where audience_id = %(shared)s", {"audience_altered", "mask_altered"}),
        ("update rooms_audience set base_id = %(shared)s where id = %(widened)s", {"audience_altered"}),
        ("update rooms_audience set base_id = null where id = %(widened)s", {"audience_altered"}),
        ("update rooms_audience set digest = sha256('x') where id = %(shared)s", {"audience_altered"}),
        ("delete from rooms_audience where id = %(shared)s", {"audience_missing"}),
        ("update rooms_roommask set mask = set_bit(mask, %(plain)s, 1) where room_id = %(un)s", {"mask_altered"}),
        ("update rooms_roommask set mask = set_bit(mask, %(shared)s, 0) where room_id = %(beta)s", {"mask_altered"}),
        ("delete from rooms_roommask where room_id = %(beta)s", {"mask_altered"}),
    ],
)  # fmt: skip
def test_what_a_superuser_alters_of_who_may_read_is_named(superuser, labels, statement, expected):
    superuser.execute(statement, labels)
    assert {finding.code for finding in audit(None).findings} == expected


FORGED = """
update rooms_audience a set digest = (select sha256(convert_to(string_agg(
    m.room_id::text || coalesce(extract(epoch from m.until)::text, ''), ',' order by m.room_id), 'UTF8'))
  from rooms_audiencemember m where m.audience_id = a.id) where a.id = %(label)s
"""


@act("doors.test.write")
def write(*, by):
    kept = Release.objects.create(
        room_id=by.room_id, audience_id=own_audience(by.room_id), record_type="x", record_id=uuid4(), lines=[],
        marking="GREEN", reason="", state="declined",
    )  # fmt: skip
    return Done(kept, wrote=[kept])


def test_label_that_is_forged_whole_is_named_by_the_rows_under_it(superuser):
    """Whoever alters members, digest and mask alike has still not altered what the rows' entries commit to."""
    row = write(by=factories.actor("alpha"))
    given = {"label": row.audience_id, "un": factories.room_id("un")}
    superuser.execute("insert into rooms_audiencemember (room_id, audience_id) values (%(un)s, %(label)s)", given)
    superuser.execute(FORGED, given)
    superuser.execute(
        "insert into rooms_roommask (room_id, mask) values (%(un)s, set_bit(repeat('0', %(label)s + 1)::bit varying, %(label)s, 1)) "
        "on conflict (room_id) do update set mask = set_bit(rooms_roommask.mask || repeat('0', greatest(0, %(label)s + 1 - length(rooms_roommask.mask)))::bit varying, %(label)s, 1)",
        given,
    )
    findings = audit(None).findings
    assert {finding.code for finding in findings} == {"row_altered"}
    assert f"doors.release {row.pk}" in " ".join(finding.where for finding in findings)


def test_rooms_that_make_labels_at_once_wait_for_each_other(own_database):
    """Each writes into the masks of the same two rooms, in the opposite order: neither may stop the other for good."""
    made = {"alpha": threading.Event(), "beta": threading.Event()}
    done, failed = [], []

    def make(slug: str, other: str, readers: tuple[str, str]) -> None:
        try:
            with eyes_of(factories.actor(slug)):
                for reader in readers:
                    done.append((slug, audience(factories.room_id(slug), [(factories.room_id(reader), None)])))
                    made[slug].set()
                    made[other].wait(1)
        except DatabaseError as error:
            failed.append(str(error))
        finally:
            connection.close()

    threads = [
        threading.Thread(target=make, args=("alpha", "beta", ("un", "press"))),
        threading.Thread(target=make, args=("beta", "alpha", ("press", "un"))),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (failed, len({label for _slug, label in done})) == ([], 4)
