"""Where the engine finds its world: in memory, on disk, or built from the atlas; renewed as facts change."""

import datetime as dt
import threading

import numpy as np
from numpy.typing import NDArray

from twincitylab.atlas.models import City
from twincitylab.atlas.queries import (
    STANDARD_TIME_YEAR,
    city_table,
    require_atlas,
    twinning_pairs,
    twinnings_fingerprint,
)
from twincitylab.matching.engine import shelf
from twincitylab.matching.engine.clocks import offset_hours
from twincitylab.matching.engine.world import World

# Raise it when the encoding changes: spaces on disk of another version are not used.
ENCODER_VERSION = 1
# Facts may change while a world is built from them; after so many attempts the newest is used, but not kept.
PATIENCE = 3

_lock = threading.Lock()
_current: World | None = None


def world() -> World:
    """The world of the atlas as it is now; raises the atlas' ``AtlasMissing`` before set-up."""
    global _current
    found = _current
    if found is not None and found.key == current_key():
        return found
    with _lock:
        if _current is None or _current.key != current_key():
            _current = _renewed(_current)
        return _current


def forget() -> None:
    """Drop what is in memory; the next question reads the disk or the atlas again."""
    global _current
    with _lock:
        _current = None


def current_key() -> str:
    """Names the facts in force: two cheap questions to the database."""
    atlas = require_atlas().fingerprint
    return f"{atlas[:20]}-{twinnings_fingerprint()[:20]}-{ENCODER_VERSION}"


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
    )


def _timezones() -> tuple[tuple[str, ...], NDArray[np.int16]]:
    names = list(City.objects.order_by("geonameid").values_list("timezone", flat=True))
    zones, number = np.unique(np.array(names), return_inverse=True)
    return tuple(zones.tolist()), number.astype(np.int16)


def _offsets(timezones: tuple[str, ...], *, month: int) -> NDArray[np.float32]:
    day = dt.date(STANDARD_TIME_YEAR, month, 1)
    return np.array([offset_hours(zone, day=day) for zone in timezones], dtype=np.float32)
