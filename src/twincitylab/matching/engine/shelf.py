"""The world on disk: written whole or not at all, checked when read, thrown away when in doubt."""

import errno
import json
import logging
import os
import shutil
import tempfile
import threading
import time
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from django.conf import settings

from eyelevel.matching import Space
from twincitylab.atlas.queries import CityTable
from twincitylab.matching.engine.world import World

if TYPE_CHECKING:
    from twincitylab.matching.engine.surroundings import Surroundings

log = logging.getLogger(__name__)

PREFIX = "world-"
UNFINISHED = ".unfinished-"
ABANDONED_AFTER_SECONDS = 3600.0
_ARRAYS = ("pairs", "timezone", "january", "july", "beside")


def folder() -> Path:
    """Where worlds are kept."""
    return Path(settings.HOME) / "cache"


def take(key: str) -> World | None:
    """The world of this key, its rows mapped from disk; None if it is not there or not whole."""
    place = folder() / f"{PREFIX}{key}"
    if not place.is_dir():
        return None
    try:
        return _read(place, key=key)
    except Exception as trouble:  # whatever is wrong, the cure is the same
        log.warning("The cache %s is damaged (%s) and is built again.", place.name, trouble)
        shutil.rmtree(place, ignore_errors=True)
        return None


def put(world: World) -> bool:
    """Keep a world for other processes and later starts; False if that was impossible: no failure."""
    try:
        folder().mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=folder()))
        try:
            _write(world, unfinished)
            _publish(unfinished, folder() / f"{PREFIX}{world.key}")
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    except OSError as trouble:
        why = "the disk is full" if trouble.errno == errno.ENOSPC else str(trouble)
        log.warning("The matching cache cannot be kept in %s: %s. Answers come from memory.", folder(), why)
        return False
    prune(keep=world.key)
    return True


def surroundings_of(world: World) -> "Surroundings":
    """What the preset *established* ranks by: from disk, or made and kept there."""
    from twincitylab.matching.engine.established import surroundings
    from twincitylab.matching.engine.surroundings import Surroundings

    path = folder() / f"{PREFIX}{world.key}" / "surroundings.npz"
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return Surroundings(**{name: arrays[name] for name in arrays.files})
    except FileNotFoundError:
        pass
    except Exception as trouble:  # whatever is wrong, the cure is the same
        log.warning("The cache %s is damaged (%s) and is built again.", path.name, trouble)
    made = surroundings(world.table, world.pairs)
    _keep(path, {field.name: getattr(made, field.name) for field in fields(made)})
    return made


def _keep(path: Path, arrays: Mapping[str, Any]) -> None:
    partial = path.with_name(f"{UNFINISHED}{os.getpid()}-{threading.get_ident()}.npz")
    try:
        np.savez(partial, **arrays)
        partial.replace(path)
    except OSError as trouble:
        partial.unlink(missing_ok=True)
        log.warning("The matching cache cannot be kept in %s: %s. Answers come from memory.", path, trouble)


def prune(*, keep: str) -> None:
    """Delete the worlds of earlier facts and what crashed builders left behind."""
    for place in _places():
        old = place.name.startswith(UNFINISHED) and time.time() - _age(place) > ABANDONED_AFTER_SECONDS
        if old or (place.name.startswith(PREFIX) and place.name != f"{PREFIX}{keep}"):
            shutil.rmtree(place, ignore_errors=True)


def _places() -> Iterable[Path]:
    try:
        return sorted(folder().iterdir())
    except OSError:
        return ()


def _age(place: Path) -> float:
    try:
        return place.stat().st_mtime
    except OSError:
        return time.time()


def _publish(unfinished: Path, place: Path) -> None:
    try:
        unfinished.rename(place)
    except OSError:
        # Another process was first; both wrote the same.
        if not place.is_dir():
            raise


def _write(world: World, place: Path) -> None:
    table = world.table
    columns = {f"table_{name}": getattr(table, name) for name in _array_columns(table)}
    np.save(place / "rows.npy", world.space.rows)
    np.savez(place / "arrays.npz", **columns, **{name: getattr(world, name) for name in _ARRAYS})
    words = {
        "atlas": world.atlas,
        "timezones": world.timezones,
        "layout": [list(span) for span in world.space.layout],
        "weights": dict(world.space.weights),
        "table": {name: getattr(table, name) for name in _word_columns(table)},
        "rows_crc32": zlib.crc32(world.space.rows.data),
    }
    (place / "words.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
    for path in place.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())


def _read(place: Path, *, key: str) -> World:
    words: dict[str, Any] = json.loads((place / "words.json").read_text(encoding="utf-8"))
    # Opened here, because NumPy forgets to close a file that is no archive.
    with (place / "arrays.npz").open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        columns = {name: arrays[name] for name in arrays.files}
    rows = np.load(place / "rows.npy", mmap_mode="r", allow_pickle=False)
    if zlib.crc32(rows.data) != words["rows_crc32"]:
        raise ValueError("its rows are not the ones written")
    table: dict[str, Any] = {name: _frozen(value, name=name) for name, value in words["table"].items()}
    table |= {name[6:]: value for name, value in columns.items() if name.startswith("table_")}
    return World(
        key=key,
        atlas=words["atlas"],
        table=CityTable(**table),
        space=Space.from_rows(rows, layout=words["layout"], weights=words["weights"]),
        timezones=tuple(words["timezones"]),
        **{name: columns[name] for name in _ARRAYS},
    )


def _array_columns(table: CityTable) -> list[str]:
    return [field.name for field in fields(table) if isinstance(getattr(table, field.name), np.ndarray)]


def _word_columns(table: CityTable) -> list[str]:
    return [field.name for field in fields(table) if not isinstance(getattr(table, field.name), np.ndarray)]


def _frozen(value: list[str], *, name: str) -> list[str] | tuple[str, ...]:
    return value if name in ("names", "slugs") else tuple(value)
