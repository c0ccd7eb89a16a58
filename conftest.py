"""What tests may rely on: a data folder of their own, and a stated reason wherever one is skipped."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import django
import pytest
from django.utils import translation

# Before Django reads its settings: no test ever touches the data of a real installation.
IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ  # a worker is given its own by `pytest_xdist_setupnodes`
if not IS_WORKER:
    os.environ["TWINCITYLAB_HOME"] = tempfile.mkdtemp(prefix="twincitylab-test-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "twincitylab.config.settings"
    os.environ["LC_ALL"] = "C.UTF-8"  # commands speak the language of the terminal; tests read English
django.setup()  # here, because a conftest further down may import models

SHARED_DATA = Path(__file__).parent.parent / "shared" / "data"
REQUIRED = {word.strip() for word in os.environ.get("TWINCITYLAB_REQUIRE", "").split(",")}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    absent = _absent()
    for item in items:
        for marker, (what, word) in absent.items():
            if item.get_closest_marker(marker) and word not in REQUIRED:
                item.add_marker(
                    pytest.mark.skip(reason=f"{what}; set TWINCITYLAB_REQUIRE={word} to require it")
                )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(specs: list[Any]) -> None:
    """Each worker has a data folder of its own: in a common one it would prune what another keeps."""
    for number, spec in enumerate(specs):
        home = Path(os.environ["TWINCITYLAB_HOME"]) / f"worker-{number}"
        home.mkdir()
        spec.env["TWINCITYLAB_HOME"] = str(home)


def pytest_unconfigure() -> None:
    if not IS_WORKER:
        shutil.rmtree(os.environ["TWINCITYLAB_HOME"], ignore_errors=True)


@pytest.fixture
def real_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """A database on which several connections really meet, for tests with threads.

    PostgreSQL is one already. SQLite's test database lives in memory, where a second writer is turned away
    instead of waiting: here it is a copy in a file, as in production.
    """
    from django.db import connection

    if connection.vendor != "sqlite":
        yield
        return
    in_memory, name = connection.connection, connection.settings_dict["NAME"]
    path = tmp_path / "races.sqlite3"
    with closing(sqlite3.connect(path)) as copy:
        in_memory.backup(copy)
    connection.connection, connection.settings_dict["NAME"] = None, str(path)
    yield
    connection.close()
    connection.connection, connection.settings_dict["NAME"] = in_memory, name


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """The language of the last request or command stays with the thread; no test should inherit it."""
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def no_communities_remembered() -> Iterator[None]:
    """Ids are given again after a test: what a process remembered of them would be of others."""
    from twincitylab.matching.engine.communities import rounds, store

    store.forget()
    rounds.forget()
    yield
    store.forget()
    rounds.forget()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser; a journey that asks for it fails where Chromium is required and absent."""
    found = _chromium()
    assert found, "Chromium is required and was not found"
    return found


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of the evaluation data, which is not part of the project."""
    assert SHARED_DATA.is_dir(), f"{SHARED_DATA} is required and absent"
    return SHARED_DATA


def _absent() -> dict[str, tuple[str, str]]:
    absent = {}
    if not _chromium():
        absent["journey"] = ("Chromium is not installed", "chromium")
    if not SHARED_DATA.is_dir():
        absent["shared_data"] = ("the evaluation data is not beside this clone", "data")
    return absent


def _chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
