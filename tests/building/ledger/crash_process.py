"""A process that a test may kill: prepares a server of its own, writes acts until it dies, or audits."""

import json
import os
import random
import sys
import time
import uuid
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
SENT_AGAIN = 150
SLUGS = ("alpha", "beta", "un", "ngo")


def prepare() -> None:
    """Bring a new server's tables up, with the test operation."""
    from tansiq.console.migrating import migrate
    from tests import factories

    migrate()
    factories.build_operation()


def write(log: str, number: str) -> None:
    """Do acts without end: note each key before the act, and again once the act was answered."""
    do = writing_act()
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    dice = random.Random(int(number))
    while True:
        key, slug = uuid.uuid4(), dice.choice(SLUGS)
        os.write(file, f"try {key} {slug}\n".encode())
        record = do(slug, key)
        os.write(file, f"done {key} {record}\n".encode())


def resend(logs: str, answer: str) -> None:
    """Send again what a client sends that got no answer, and much that was answered; write down each answer."""
    do = writing_act()
    lines = [line.split() for log in Path(logs).glob("writer-*.log") for line in log.read_text().splitlines()]
    answered = {key for word, key, _ in lines if word == "done"}
    tried = [(key, slug) for word, key, slug in lines if word == "try"]
    chosen = [one for one in tried if one[0] not in answered] + [one for one in tried if one[0] in answered][
        -SENT_AGAIN:
    ]
    Path(answer).write_text(json.dumps({key: str(do(slug, uuid.UUID(key))) for key, slug in chosen}))


def sequence() -> None:
    """Run the sequencer as production does, until it is told to stop or killed."""
    from tansiq.building.ledger import sequencer

    sequencer.run()


def audit(answer: str) -> None:
    """Audit all of the ledger."""
    from tansiq.building.ledger.audit import audit as audit_ledger
    from tansiq.building.ledger.signer import default_signer

    Path(answer).write_text(json.dumps(audit_ledger(default_signer().verifier()).as_dict(), default=str))


def writing_act():  # type: ignore[no-untyped-def]
    """A function that does one act in a room under a key and answers the record's id; waits for a dead server."""
    from django.db import InterfaceError, OperationalError, connection

    from tansiq.building.doors.models import Release
    from tansiq.building.rooms.actors import Actor, system_actor
    from tansiq.building.rooms.acts import Done, act, own_audience
    from tests import factories

    @act("doors.test.write")
    def record(*, by, topic):  # type: ignore[no-untyped-def]
        kept = Release.objects.create(
            room_id=by.room_id, audience_id=own_audience(by.room_id), record_type="x", record_id=uuid.uuid4(),
            lines=[], marking="GREEN", reason=topic, state="declined",
        )  # fmt: skip
        return Done(kept, wrote=[kept], facts={"topic": topic}, topics=["doors.release"])

    actors: dict[str, Actor] = {}

    def do(slug: str, key: uuid.UUID) -> uuid.UUID:
        while True:
            try:
                if slug not in actors:
                    actors[slug] = system_actor(factories.room(slug))
                return record(by=actors[slug], key=key, topic=str(key)).pk
            except (OperationalError, InterfaceError):
                connection.close()
                time.sleep(0.2)

    return do


if __name__ == "__main__":
    import django

    django.setup()
    {"prepare": prepare, "write": write, "resend": resend, "sequence": sequence, "audit": audit}[sys.argv[1]](
        *sys.argv[2:]
    )
