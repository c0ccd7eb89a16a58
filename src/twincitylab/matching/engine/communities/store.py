"""Where matching finds the communities: in memory, patched within a request wherever anything changed."""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from django.db import connections

from twincitylab.community.queries import vectors
from twincitylab.community.queries.vectors import CommunityTable, moment
from twincitylab.matching.engine import store as city_store
from twincitylab.matching.engine.communities.crowd import Assembly, Crowd, joined
from twincitylab.matching.engine.communities.rows import NO_TILT, Tilt, concerns, encode, layout
from twincitylab.matching.engine.communities.texts import Rarity, rarity
from twincitylab.matching.engine.world import World
from twincitylab.matching.queries.communities import refusals_of, refusers_of

log = logging.getLogger(__name__)

LOOK_BACK = 60 * 1_000_000
"""Microseconds: a change may be written with a moment that has passed, if its transaction took long."""
NEWEST = 128
"""So many that changed last are looked at in one question; where more changed at once, a second is asked."""
SMALL = 500
"""So many communities are described within a request; more are, at the first time, in the background."""
MOST_FRESH = 256
"""With more changed ones than this both parts are joined, in the background."""

_lock = threading.RLock()
_memory: Memory | None = None
_builder: threading.Thread | None = None


class StillGathering(Exception):
    """The communities are being read for the first time; ask again in a few seconds."""


@dataclass(frozen=True, eq=False)
class Memory:
    """All communities as last seen. ``seen`` tells for every community, matched or not, its last change;
    ``newest`` is the latest of them, ``looked_at`` when we looked, by the clock. ``counts`` are the frequent
    words of the time when all were read."""

    world: World
    assembly: Assembly
    seen: dict[int, int]
    newest: int
    looked_at: int
    day: dt.date
    counts: Rarity


def assembly(*, now: dt.datetime) -> Assembly:
    """All communities as they are at this moment: one question to the database while nothing changed.

    Raises ``StillGathering`` when there are many and this process has just begun; ``AtlasMissing`` before
    set-up.
    """
    return memory(now=now).assembly


def memory(*, now: dt.datetime) -> Memory:
    """The same with what was known when."""
    held = _memory
    if held is None:
        return _first(now=now)
    if held.world.key != city_store.newest_world().key:
        _in_background(now=now)
    pulse = vectors.pulse(most=NEWEST)
    if not _is_news(held, pulse, day=now.date()):
        return held
    return _renewed(now=now)


def gather(*, now: dt.datetime) -> Memory:
    """Read all communities and describe them anew, whatever is in memory."""
    global _memory
    made = built(city_store.world(), now=now)
    with _lock:
        _memory = made
    return made


def forget() -> None:
    """Drop what is in memory; the next question reads the database again."""
    global _memory
    with _lock:
        _memory = None


def built(world: World, *, now: dt.datetime) -> Memory:
    """All communities described from the database."""
    looked_at = _clock()
    seen = dict(vectors.changed_since(0))
    table = vectors.community_table(today=now.date())
    counts = rarity(table.needs.text)
    still = _described(table, world=world, counts=counts)
    return Memory(
        world=world,
        assembly=Assembly(still, np.ones(len(still), dtype=np.bool_), still.take(np.arange(0))),
        seen=seen,
        newest=max(seen.values(), default=0),
        looked_at=looked_at,
        day=now.date(),
        counts=counts,
    )


def describe(pk: int, *, held: Memory, today: dt.date) -> Crowd:
    """One community by id, even a hidden one, which is not among the others."""
    table = vectors.community_table(only=[pk], today=today)
    return _described(table, world=held.world, counts=held.counts)


def _first(*, now: dt.datetime) -> Memory:
    pulse = vectors.pulse(most=1)
    if pulse.count <= SMALL:
        with _lock:
            return _memory or gather(now=now)
    _in_background(now=now)
    raise StillGathering


def _in_background(*, now: dt.datetime) -> None:
    global _builder
    with _lock:
        if _builder is not None and _builder.is_alive():
            return
        _builder = threading.Thread(target=_gather_alone, args=(now,), daemon=True, name="communities")
        _builder.start()


def _gather_alone(now: dt.datetime) -> None:
    try:
        gather(now=now)
    except Exception:
        log.exception("The communities could not be read; the next visitor's page tries again.")
    finally:
        connections.close_all()


def _is_news(held: Memory, pulse: vectors.Pulse, *, day: dt.date) -> bool:
    if pulse.count != len(held.seen) or day != held.day:
        return True
    since = _settled(held)
    if len(pulse.newest) == NEWEST and pulse.newest[-1][1] >= since:
        return any(held.seen.get(pk) != at for pk, at in vectors.changed_since(since))
    return any(held.seen.get(pk) != at for pk, at in pulse.newest)


def _settled(held: Memory) -> int:
    """Whatever changed before this moment was there when we looked."""
    return min(held.newest, held.looked_at) - LOOK_BACK


def _renewed(*, now: dt.datetime) -> Memory:
    """Describe anew what has changed, and nothing else."""
    global _memory
    with _lock:
        held = _memory or gather(now=now)
        looked_at = _clock()
        changed = {pk: at for pk, at in vectors.changed_since(_settled(held)) if held.seen.get(pk) != at}
        there = set(vectors.existing())
        gone = held.seen.keys() - there
        unseen = there - held.seen.keys() - changed.keys()
        stale = {*changed, *unseen, *_lapsed(held, day=now.date())} & there
        stale |= refusers_of(sorted(stale)) & there
        if len(stale) > SMALL:
            # Too much for a request: what is gone or hidden is not shown, the rest follows in a moment.
            _in_background(now=now)
            return held
        seen = {pk: at for pk, at in held.seen.items() if pk in there} | dict.fromkeys(unseen, 0) | changed
        fresh = _patch(held, sorted(stale), today=now.date())
        found = held.assembly.changed(fresh=fresh, gone=sorted({*stale, *gone}))
        _memory = replace(
            held,
            assembly=found,
            seen=seen,
            newest=max(seen.values(), default=0),
            looked_at=looked_at,
            day=now.date(),
        )
        if len(found.fresh) > MOST_FRESH:
            threading.Thread(target=_settle, args=(found,), daemon=True, name="settle").start()
        return _memory


def _lapsed(held: Memory, *, day: dt.date) -> list[int]:
    return vectors.expired_between(held.day, day) if day > held.day else []


def _patch(held: Memory, pks: Sequence[int], *, today: dt.date) -> Crowd:
    """These communities as they are now, and those that had refused one of them for its topics."""
    tables = vectors.changed_tables(pks, today=today)
    parts = [_described(table, world=held.world, counts=held.counts) for table in tables]
    return joined([held.assembly.fresh.take(np.arange(0)), *parts])


def _settle(found: Assembly) -> None:
    """Join both parts, and put the result in place of what it was made from."""
    global _memory
    whole = found.whole()
    _prepared = whole.space
    with _lock:
        held = _memory
        if held is None or held.assembly.still is not found.still:
            return
        since = held.assembly.fresh
        later = ~np.isin(since.pk, found.fresh.pk) | ~_same(since, found.fresh)
        still = Assembly(whole, np.ones(len(whole), dtype=np.bool_), whole.take(np.arange(0)))
        gone = sorted(set(whole.pk.tolist()) - set(held.assembly.whole().pk.tolist()))
        _memory = replace(held, assembly=still.changed(fresh=since.take(later), gone=gone))


def _same(one: Crowd, other: Crowd) -> np.ndarray:
    """For each of the one whether the other has it as of the same moment."""
    moments = dict(zip(other.pk.tolist(), other.matched_at.tolist(), strict=True))
    pairs = zip(one.pk.tolist(), one.matched_at.tolist(), strict=True)
    return np.array([moments.get(pk) == at for pk, at in pairs], dtype=np.bool_)


def _described(table: CommunityTable, *, world: World, counts: Rarity) -> Crowd:
    tilts = tilts_of(table.pk.tolist())
    named = {other for tilt in tilts.values() for other in tilt.not_our_topic}
    told = _topics_of(named)
    rows = encode(table, world=world, tilts=tilts, topics_of=told, counts=counts)
    return Crowd.of(table, rows, layout=layout(world), counts=counts)


def tilts_of(pks: Iterable[int]) -> dict[int, Tilt]:
    """What these communities have learned to avoid."""
    found: dict[int, Tilt] = {}
    for pk, other, reason in refusals_of(list(pks)):
        tilt = found.get(pk, NO_TILT)
        if reason == "not-our-topic":
            found[pk] = replace(tilt, not_our_topic=(*tilt.not_our_topic, other))
        elif reason == "too-far":
            found[pk] = replace(tilt, too_far=tilt.too_far + 1)
        elif reason == "other-language":
            found[pk] = replace(tilt, other_language=tilt.other_language + 1)
    return found


def _topics_of(pks: set[int]) -> dict[int, np.ndarray]:
    return (
        {}
        if not pks
        else {
            pk: line
            for part in _parts(sorted(pks))
            for pk, line in _lines(vectors.community_table(only=part, today=dt.date.min))
        }
    )


def _lines(table: CommunityTable) -> Iterable[tuple[int, np.ndarray]]:
    return zip(table.pk.tolist(), concerns(table), strict=True)


def _parts(pks: list[int]) -> Iterable[list[int]]:
    for start in range(0, len(pks), vectors.MOST_AT_ONCE):
        yield pks[start : start + vectors.MOST_AT_ONCE]


def _clock() -> int:
    return moment(dt.datetime.fromtimestamp(time.time(), tz=dt.UTC))
