"""Where the engine finds its world: in memory, on disk, or built from the atlas; renewed as facts change."""

import datetime as dt
import hashlib
import threading
from functools import cache
from importlib import resources

import numpy as np
from django.db import DatabaseError
from django.db.models import Count, Subquery, Value
from numpy.typing import NDArray

from twincitylab.atlas.models import AtlasLoad, City, Twinning
from twincitylab.atlas.queries import (
    STANDARD_TIME_YEAR,
    AtlasMissing,
    city_table,
    require_atlas,
    twinning_pairs,
    twinnings_fingerprint,
)
from twincitylab.matching.engine import shelf
from twincitylab.matching.engine.beside import beside
from twincitylab.matching.engine.clocks import offset_hours
from twincitylab.matching.engine.world import World

# Raise it when the encoding changes: spaces on disk of another version are not used.
ENCODER_VERSION = 3
# Facts may change while a world is built from them; after so many attempts the newest is used, but not kept.
PATIENCE = 3

_lock = threading.Lock()
_current: World | None = None
_known: tuple[tuple[object, ...], str] | None = None


def world() -> World:
    """The world of the atlas as it is now; raises the atlas' ``AtlasMissing`` before set-up."""
    global _current
    found, key = _current, current_key()
    if found is not None and found.key == key:
        return found
    with _lock:
        if _current is None or _current.key != current_key():
            _current = _renewed(_current)
        return _current


def newest_world() -> World:
    """The world in memory, even if the facts have changed since; for words that hardly change."""
    return _current or world()


def forget() -> None:
    """Drop what is in memory; the next question reads the disk or the atlas again."""
    global _current
    with _lock:
        _current = None


def current_key() -> str:
    """Names the facts in force: one cheap question to the database while nothing has changed."""
    global _known
    signs = _signs_of_change()
    if _known is None or _known[0] != signs:
        atlas = require_atlas().fingerprint
        _known = (signs, f"{atlas[:20]}-{twinnings_fingerprint()[:20]}-{_encoder()}")
    return _known[1]


@cache
def _encoder() -> str:
    """Names the way of encoding: its version and what it has learned."""
    learned = resources.files(__package__).joinpath("weights.json").read_bytes()
    return f"{ENCODER_VERSION}{hashlib.sha256(learned).hexdigest()[:5]}"


def _signs_of_change() -> tuple[object, ...]:
    """What cannot stay the same when cities or twinnings do not: numbers of rows are never given twice."""
    newest = Twinning.objects.order_by("-id")
    count = (
        Twinning.objects.order_by().annotate(all=Value(1)).values("all").annotate(n=Count("id")).values("n")
    )
    loads = AtlasLoad.objects.order_by("-id").values_list(
        "id",
        "fingerprint",
        Subquery(count),
        *(Subquery(newest.values(name)[:1]) for name in ("id", "a_id", "b_id")),
    )
    try:
        found = loads.first()
    except DatabaseError:
        found = None
    if found is None:
        raise AtlasMissing
    return tuple(found)


def _renewed(old: World | None) -> World:
    for _attempt in range(PATIENCE):
        key = current_key()
        found = shelf.take(key)
        if found is not None:
            return found
        made = _built(key, old=old)
        if current_key() == key:
            shelf.put(made)
            return made
    return made


def _built(key: str, *, old: World | None) -> World:
    from twincitylab.matching.engine.encode import encode

    atlas = key.split("-")[0]
    table = old.table if old is not None and old.atlas == atlas else city_table()
    encoded = encode(table, twinning_pairs())
    timezones, timezone = _timezones()
    return World(
        key=key,
        atlas=atlas,
        table=table,
        space=encoded.space,
        pairs=encoded.pairs,
        timezones=timezones,
        timezone=timezone,
        january=_offsets(timezones, month=1)[timezone],
        july=_offsets(timezones, month=7)[timezone],
        beside=beside(table, encoded.pairs),
    )


def _timezones() -> tuple[tuple[str, ...], NDArray[np.int16]]:
    names = list(City.objects.order_by("geonameid").values_list("timezone", flat=True))
    zones, number = np.unique(np.array(names), return_inverse=True)
    return tuple(zones.tolist()), number.astype(np.int16)


def _offsets(timezones: tuple[str, ...], *, month: int) -> NDArray[np.float32]:
    day = dt.date(STANDARD_TIME_YEAR, month, 1)
    return np.array([offset_hours(zone, day=day) for zone in timezones], dtype=np.float32)
