"""The world on disk and in memory: found again, renewed when facts change, rebuilt when damaged."""

import errno
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from twincitylab.atlas.models import Source, Twinning
from twincitylab.atlas.queries import AtlasMissing
from twincitylab.matching.engine import shelf, store
from twincitylab.matching.engine.world import World
from twincitylab.matching.tests.cast import KARLSRUHE, LEEDS, NANCY, NOTTINGHAM


@pytest.fixture(autouse=True)
def empty_shelf(atlas: None, settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.HOME = tmp_path
    store.forget()
    yield
    store.forget()


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Hears of every world that is built rather than found."""
    keys: list[str] = []
    build = store._built

    def counted(key: str, *, old: World | None) -> World:
        keys.append(key)
        return build(key, old=old)

    monkeypatch.setattr(store, "_built", counted)
    return keys


def add_twinning() -> None:
    Twinning.objects.create(
        a_id=LEEDS, b_id=KARLSRUHE, source=Source.objects.get(), imported_at=timezone.now()
    )


def test_world_is_built_once(builds: list[str]) -> None:
    first = store.world()
    assert (store.world() is first, len(builds)) == (True, 1)


def test_world_is_found_on_disk_by_another_process(builds: list[str]) -> None:
    first = store.world()
    store.forget()
    again = store.world()
    assert (len(builds), again.table.names) == (1, first.table.names)
    for name in ("pairs", "timezone", "january", "july", "beside"):
        np.testing.assert_array_equal(getattr(again, name), getattr(first, name))
    np.testing.assert_array_equal(again.space.rows, first.space.rows)


def test_world_follows_a_new_twinning(builds: list[str]) -> None:
    before = store.world()
    add_twinning()
    row = before.row(LEEDS)
    assert row is not None
    assert (before.twin_count[row], store.world().twin_count[row], len(builds)) == (0, 1, 2)


def test_world_of_earlier_facts_is_pruned() -> None:
    store.world()
    add_twinning()
    store.world()
    assert [place.name for place in shelf.folder().iterdir()] == [f"{shelf.PREFIX}{store.current_key()}"]


@pytest.mark.parametrize("name", ["rows.npy", "arrays.npz", "words.json"])
@pytest.mark.parametrize("damage", ["cut", "empty", "gone", "altered"])
def test_damaged_world_is_built_again(
    builds: list[str], name: str, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    store.world()
    path = shelf.folder() / f"{shelf.PREFIX}{store.current_key()}" / name
    _damage(path, how=damage)
    store.forget()
    world = store.world()
    assert (len(builds), world.table.names[0]) == (2, "Nairobi")
    assert "is damaged" in caplog.text
    store.forget()
    assert (store.world().table.names[0], len(builds)) == ("Nairobi", 2)


def _damage(path: Path, *, how: str) -> None:
    content = path.read_bytes()
    if how == "gone":
        path.unlink()
    elif how == "altered":
        middle = len(content) // 2
        noise = bytes(byte ^ 0xFF for byte in content[middle : middle + 64])
        path.write_bytes(content[:middle] + noise + content[middle + 64 :])
    else:
        path.write_bytes(content[: len(content) // 2] if how == "cut" else b"")


def test_full_disk_is_said_and_answers_go_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_args: Any, **_more: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(np, "save", full)
    assert len(store.world().table) == 23
    assert "the disk is full. Answers come from memory." in caplog.text
    assert list(shelf.folder().iterdir()) == []


def test_two_builders_at_once_leave_one_world() -> None:
    world = store.world()
    threads = [threading.Thread(target=shelf.put, args=(world,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [place.name for place in shelf.folder().iterdir()] == [f"{shelf.PREFIX}{world.key}"]


def test_what_a_crashed_builder_left_is_cleared_later() -> None:
    left = shelf.folder() / f"{shelf.UNFINISHED}crash"
    left.mkdir(parents=True)
    os.utime(left, (0, 0))
    store.world()
    assert not left.exists()


def test_world_knows_twins_and_links() -> None:
    world = store.world()
    row = world.row(KARLSRUHE)
    assert row is not None
    assert sorted(int(world.table.geonameid[twin]) for twin in world.twins(row)) == [NOTTINGHAM, NANCY]
    assert [world.country_links(*pair) for pair in (("DE", "FR"), ("GB", "DE"), ("JP", "DE"))] == [1, 2, 0]


@pytest.mark.django_db
def test_world_without_atlas_says_so() -> None:
    from twincitylab.atlas.models import AtlasLoad

    AtlasLoad.objects.all().delete()
    with pytest.raises(AtlasMissing, match="twincitylab setup"):
        store.world()
