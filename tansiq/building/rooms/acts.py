"""The one way to write: permission, transaction, rule, rows, ledger entry and news, together or not at all."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.db import connection, models, transaction

from tansiq.building.ledger.append import Prepared, prepare
from tansiq.building.ledger.rows import digests_as_written, make_manifest
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.editions import one_edition
from tansiq.building.rooms.models import RoomRecord, Submission
from tansiq.building.rooms.refusals import Refused
from tansiq.building.wall.context import room_context

CHANNEL = "tansiq_news"
TELL = "insert into rooms_news (id, room_id, audience_id, topics, entry_id) values (%s, %s, %s, %s, %s)"
REMEMBER = "update rooms_submission set record_label = %s, record_id = %s where room_id = %s and key = %s"

ACTIONS: dict[str, Callable[..., Any]] = {}


@dataclass
class Done:
    """What an action hands back: the record, every row it wrote, further facts, and what pages it changes."""

    record: models.Model | None
    wrote: Sequence[Any] = ()  # instances, or (Model, ids) for many rows
    facts: dict[str, Any] = field(default_factory=dict)
    topics: Sequence[str] = ()
    entry_id: UUID | None = None  # the id that the entry shall bear, where a row already names it
    entry: Prepared | None = None  # filled by the act


def act(name: str) -> Callable[[Callable[..., Done]], Callable[..., Any]]:
    """Make a function an act. It is called with ``by=`` (an Actor) and perhaps ``key=`` (idempotency key).

    Raises Refused when the role does not allow it, the rule forbids it, or the key was used for another content.
    """

    def decorate(action: Callable[..., Done]) -> Callable[..., Any]:
        @wraps(action)
        def perform(*, by: Actor, key: UUID | None = None, **asked: Any) -> Any:
            if not by.may(name):
                raise Refused("not_permitted", act=name)
            context = room_context(account_id=by.account_id, room_ids=(by.room_id,))
            with context, transaction.atomic(), one_edition(), digests_as_written():
                if key is not None and not _claim(by, key, name, asked):
                    return _former_record(by, key, name, asked)
                done = action(by=by, **asked)
                done.entry = _entry(name, done, by)
                if key is not None:
                    _remember(by, key, done)
                _tell(done, by)
                connection.say_last(done.entry.sql, done.entry.parameters)
                return done.record

        perform.act = name  # type: ignore[attr-defined]
        ACTIONS[name] = perform
        return perform

    return decorate


def _entry(name: str, done: Done, by: Actor) -> Prepared:
    rows = [(model, ids) for model, ids in _by_model(done.wrote) if getattr(model, "sealed", False)]
    manifest = make_manifest(connection, rows) if rows else None
    record = done.record
    facts = {
        "via": by.via,
        **({"record": record._meta.label_lower} if record is not None else {}),
        **done.facts,
    }
    return prepare(
        by.room_id, name, facts, by=by.account_id, object_id=record.pk if record is not None else None,
        manifest=manifest, entry_id=done.entry_id,
    )  # fmt: skip


def _by_model(wrote: Iterable[Any]) -> list[tuple[type[models.Model], list[UUID]]]:
    grouped: dict[type[models.Model], list[UUID]] = {}
    for item in wrote:
        if isinstance(item, tuple):
            grouped.setdefault(item[0], []).extend(item[1])
        else:
            grouped.setdefault(type(item), []).append(item.pk)
    return list(grouped.items())


def _asked_digest(name: str, asked: dict[str, Any]) -> bytes:
    def plain(value: Any) -> Any:
        return str(value.pk) if isinstance(value, models.Model) else repr(value)

    return hashlib.sha256(json.dumps([name, asked], sort_keys=True, default=plain).encode()).digest()


def _claim(by: Actor, key: UUID, name: str, asked: dict[str, Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into rooms_submission (room_id, key, act, digest, record_label) values (%s, %s, %s, %s, '') "
            "on conflict do nothing",
            [by.room_id, key, name, _asked_digest(name, asked)],
        )
        return cursor.rowcount == 1


def _former_record(by: Actor, key: UUID, name: str, asked: dict[str, Any]) -> models.Model | None:
    connection.rely_on_others()  # the answer promises what another transaction wrote
    former = Submission.objects.get(room_id=by.room_id, key=key)
    if bytes(former.digest) != _asked_digest(name, asked):
        raise Refused("key_reused")
    if not former.record_label:
        return None
    return apps.get_model(former.record_label)._default_manager.get(pk=former.record_id)


def _remember(by: Actor, key: UUID, done: Done) -> None:
    if done.record is not None:
        connection.say_last(REMEMBER, [done.record._meta.label_lower, done.record.pk, by.room_id, key])


def _tell(done: Done, by: Actor) -> None:
    """Put the news in the outbox of everyone who may read the record, and wake the pages."""
    record = done.record
    if not done.topics or done.entry is None:
        return
    if isinstance(record, RoomRecord) and record.room_id == by.room_id:
        audience_id = record.audience_id
    else:
        from_room = own_audience(by.room_id)
        audience_id = from_room
    tell(by.room_id, audience_id, done.topics, done.entry.entry_id)


def tell(room_id: UUID, audience_id: int, topics: Sequence[str], entry_id: UUID | None = None) -> None:
    """Announce changed topics to an audience with the commit; the notice carries an opaque id only."""
    news_id = uuid4()
    connection.say_last(TELL, [news_id, room_id, audience_id, json.dumps(list(topics)), entry_id])
    connection.notify_after(CHANNEL, str(news_id))


def own_audience(room_id: UUID) -> int:
    """The label under which only the room itself reads."""
    with connection.cursor() as cursor:
        cursor.execute("select wall_audience(%s, array[%s]::uuid[], array[null]::timestamptz[])", [room_id, room_id])
        return int(cursor.fetchone()[0])
