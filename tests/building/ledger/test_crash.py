"""kill -9 of writers, of the sequencer and of every PostgreSQL process: nothing is lost, nothing is doubled."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg
import pytest

from tansiq.console import cluster
from tansiq.console.cluster_places import places
from tansiq.console.first_run import ready_server
from tansiq.console.state import REPOSITORY
from tansiq.engine.merkle import (
    Checkpoint,
    CompactRange,
    leaf_hashes,
    open_checkpoint,
    parse_verifier_key,
    split_hashes,
)

pytestmark = pytest.mark.slow

PROGRAM = Path(__file__).with_name("crash_process.py")
WRITERS = 4
ROUND_S = 2.5
PATIENCE_S = 240  # a busy machine takes long to start six processes
Killed = tuple[str, ...]
ROUNDS: tuple[Killed, ...] = (("writers", "sequencer"), ("postgres",), ("postgres", "writers", "sequencer"))


@dataclass
class Site:
    """A server of its own, and the processes that write into it."""

    place: Path
    environment: dict[str, str]
    writers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    sequencer: subprocess.Popen[bytes] | None = None
    published: set[str] = field(default_factory=set)  # checkpoints that somebody outside may hold

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, str(PROGRAM), *arguments], cwd=REPOSITORY, env=self.environment)

    def run(self, *arguments: str) -> None:
        assert self.start(*arguments).wait(120) == 0

    def log(self, number: int) -> Path:
        return self.place / f"writer-{number}.log"

    def people_at_work(self) -> None:
        """Start whoever is not running."""
        alive = [writer for writer in self.writers if writer.poll() is None]
        free = [n for n in range(WRITERS) if n >= len(alive)]
        self.writers = alive + [self.start("write", str(self.log(n)), str(n + 100 * len(self.published))) for n in free]
        if self.sequencer is None or self.sequencer.poll() is not None:
            self.sequencer = self.start("sequence")

    def kill(self, what: str) -> None:
        for process in {"writers": self.writers, "sequencer": [self.sequencer]}.get(what, []):
            process.kill()
            process.wait()
        if what == "postgres":
            kill_server()

    def rows(self, sql: str) -> list[tuple]:
        parameters = {"host": str(places().socket), "user": "postgres", "password": cluster.address().password}
        with psycopg.connect(**parameters, dbname="tansiq") as connection:
            return connection.execute(sql).fetchall()

    def lines(self, word: str) -> dict[str, str]:
        """Key → what follows it, of every line that begins so; a line cut off by the kill was never written whole."""
        found = {}
        for log in self.place.glob("writer-*.log"):
            for line in log.read_text().splitlines():
                first, *rest = line.split()
                if first == word and len(rest) == 2:
                    found[rest[0]] = rest[1]
        return found


def kill_server() -> None:
    """End every process of this one server, all at once and without warning."""
    process_id = cluster.status()
    assert process_id is not None
    server = psutil.Process(process_id)
    family = [server, *server.children(recursive=True)]
    for process in family:
        process.suspend()
    for process in family:
        process.kill()
    psutil.wait_procs(family, timeout=10)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("TANSIQ_DATA", str(tmp_path / "var"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    environment = {
        **os.environ,
        "PYTHONPATH": str(REPOSITORY),
        "TANSIQ_LEDGER_TICK_S": "1",
        "TANSIQ_LOG_LEVEL": "ERROR",
    }
    ready_server()
    made = Site(tmp_path, environment)
    made.run("prepare")
    yield made
    for what in ("writers", "sequencer"):
        if made.sequencer is not None:
            made.kill(what)
    cluster.stop()
    shutil.rmtree(places().home)


def test_nothing_is_lost_or_doubled_whatever_is_killed(site: Site) -> None:
    kept = dict(site.rows("select name, setting from pg_settings where name in ('fsync', 'synchronous_commit')"))
    assert kept == {"fsync": "on", "synchronous_commit": "on"}
    for killed in ROUNDS:
        site.people_at_work()
        work(site)
        for what in killed:
            site.kill(what)
        if "postgres" in killed:
            cluster.start()
        if killed == ("postgres",):
            work(site)  # writers and sequencer that outlived the server go on by themselves
        check(site)
    assert len(site.published) > len(ROUNDS)
    sent_again_is_done_once(site)


def work(site: Site) -> None:
    """Let them write for a while, and keep what is published meanwhile, as a party's own verifier does."""
    begun, before, seen = time.monotonic(), len(site.lines("done")), len(site.published)
    while time.monotonic() < begun + ROUND_S or len(site.lines("done")) < before + 20 or len(site.published) == seen:
        assert time.monotonic() < begun + PATIENCE_S, "nobody writes"
        site.published |= {note for (note,) in site.rows("select note from ledger_checkpoint where note <> ''")}
        time.sleep(0.2)


def check(site: Site) -> None:
    """Compare what was answered, what is stored, and what the ledger says of it."""
    answered = site.lines("done")
    stored = dict(site.rows("select reason, id::text from doors_release"))
    assert answered.items() <= stored.items()
    site.kill("writers")  # what is compared below must stand still
    site.kill("sequencer")
    entries = Counter(site.rows("select object_id::text from ledger_entry where act = 'doors.test.write'"))
    assert entries == Counter(site.rows("select id::text from doors_release"))
    each_entry_has_one_place(site)
    site.run("audit", str(site.place / "audit.json"))
    report = json.loads((site.place / "audit.json").read_text())
    assert (report["holds"], report["findings"]) == (True, [])
    assert {note for (note,) in site.rows("select note from ledger_checkpoint")} >= site.published
    published_checkpoints_continue_each_other(site)


def each_entry_has_one_place(site: Site) -> None:
    places_of = Counter(
        site.rows("select entry_id::text from ledger_queue union all select entry_id::text from ledger_leaf")
    )
    assert places_of == Counter(site.rows("select id::text from ledger_entry"))


def published_checkpoints_continue_each_other(site: Site) -> None:
    tiles = site.rows("select hashes from ledger_tile where level = -1 order by n")
    leaves = leaf_hashes([leaf for (hashes,) in tiles for leaf in split_hashes(bytes(hashes))])
    verifier = parse_verifier_key((site.place / "var" / "keys" / "log.vkey").read_text().strip())
    tree = CompactRange()
    for stated in sorted((open_checkpoint(note, [verifier]).checkpoint for note in site.published), key=by_size):
        tree = tree.append(leaves[tree.size : stated.size])
        assert (tree.size, tree.root) == (stated.size, stated.root)


def by_size(checkpoint: Checkpoint) -> int:
    return checkpoint.size


def sent_again_is_done_once(site: Site) -> None:
    """What is sent again under its key is answered as the first time, and there is one row for each key."""
    site.run("resend", str(site.place), str(site.place / "answers.json"))
    answers = json.loads((site.place / "answers.json").read_text())
    answered = site.lines("done")
    assert set(site.lines("try")) - set(answered) <= set(answers)
    assert {key: answers[key] for key in answers if key in answered}.items() <= answered.items()
    assert Counter(site.rows("select reason, id::text from doors_release")) == Counter((answered | answers).items())
    check(site)
