"""Fair lists: asked for when facts change, computed once, retried when a process dies, never stale."""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from twincitylab.atlas.models import Source, Twinning
from twincitylab.atlas.signals import twinnings_changed
from twincitylab.base.models import AuditEntry
from twincitylab.matching import engine, operations
from twincitylab.matching.choices import PRESET_KEYS, RunState
from twincitylab.matching.engine import fair
from twincitylab.matching.engine.results import Preset
from twincitylab.matching.engine.world import World
from twincitylab.matching.models import FairLists
from twincitylab.matching.operations import (
    ask_for_fair_lists,
    compute_fair_lists,
    forget_finished_tasks,
    revive_fair_lists,
)
from twincitylab.matching.tests.cast import KARLSRUHE, LEEDS, STRASBOURG

pytestmark = pytest.mark.usefixtures("atlas")
NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
Compute = Callable[..., fair.Lists]


@pytest.fixture(autouse=True)
def made_up_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every city is given Strasbourg."""

    def compute(preset: Preset, *, world: World, progress: Callable[[float], None]) -> fair.Lists:
        progress(0.5)
        partners = np.full((len(world.table), 10), -1, dtype=np.int32)
        partners[:, 0] = world.row(STRASBOURG) or 0
        return fair.Lists(partners, np.full(partners.shape, 0.5, dtype=np.float32))

    monkeypatch.setattr(fair, "compute", compute)


def states(preset: str = "balanced") -> list[str]:
    return sorted(FairLists.objects.filter(preset=preset).values_list("state", flat=True))


def add_twinning() -> None:
    source = Source.objects.get()
    Twinning.objects.create(a_id=LEEDS, b_id=KARLSRUHE, source=source, imported_at=NOW)


def test_ask_queues_every_preset_once() -> None:
    asked = ask_for_fair_lists(now=NOW)
    again = ask_for_fair_lists(now=NOW)
    assert (tuple(asked), again, DBTaskResult.objects.count()) == (PRESET_KEYS, [], len(PRESET_KEYS))


def test_balanced_is_computed_first() -> None:
    ask_for_fair_lists(now=NOW)
    first = DBTaskResult.objects.ready().first()
    assert first is not None
    assert first.args_kwargs["args"] == ["balanced"]


def test_news_of_twinnings_asks_after_the_commit(
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        twinnings_changed.send(sender="test")
        twinnings_changed.send(sender="test")
        assert states() == []
    assert (states(), DBTaskResult.objects.count()) == (["waiting"], len(PRESET_KEYS))


def test_news_before_there_is_an_atlas_are_passed_over(django_capture_on_commit_callbacks: Any) -> None:
    from twincitylab.atlas.models import AtlasLoad

    AtlasLoad.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        twinnings_changed.send(sender="test")
    assert states() == []


def test_computed_lists_are_shown_and_audited() -> None:
    ask_for_fair_lists(now=NOW)
    run = compute_fair_lists("balanced")
    found = engine.matches_for(KARLSRUHE)
    assert run is not None
    assert (run.state, found.origin, found.matches[0].city.name) == ("ready", "fair", "Strasbourg")
    assert AuditEntry.objects.get(action="compute fair lists").subject == "balanced"


@pytest.mark.parametrize(
    "question",
    [
        {"weights": {"size": 1.0}},
        {"filters": engine.Filters(continent="EU")},
        {"preset": "like-us"},
    ],
)
def test_fair_lists_answer_only_the_question_of_everyone(question: dict[str, Any]) -> None:
    ask_for_fair_lists(now=NOW)
    compute_fair_lists("balanced")
    assert engine.matches_for(KARLSRUHE, **question).origin == "live"


def test_short_fair_lists_are_completed_and_say_so() -> None:
    ask_for_fair_lists(now=NOW)
    compute_fair_lists("balanced")
    alone = engine.matches_for(LEEDS, filters=engine.Filters(include_twinned=True), top=5)
    short, long = engine.matches_for(LEEDS, top=4), engine.matches_for(LEEDS, top=11)
    names = [match.city.name for match in long.matches]
    assert (names[0], [match.city.name for match in short.matches]) == ("Strasbourg", names[:4])
    assert "The last 3 were added for this city alone." in short.note
    assert (len(set(names)), alone.origin) == (len(names), "live")


def test_lists_of_earlier_facts_are_never_shown() -> None:
    ask_for_fair_lists(now=NOW)
    compute_fair_lists("balanced")
    add_twinning()
    found = engine.matches_for(KARLSRUHE)
    assert (found.origin, found.fair.state) == ("live", "absent")
    assert found.note.endswith("The facts have changed; the fair lists are to be computed again.")


def test_renewed_lists_replace_the_old_ones() -> None:
    for _turn in range(2):
        ask_for_fair_lists(now=NOW)
        compute_fair_lists("balanced")
        add_twinning() if not Twinning.objects.filter(a_id=LEEDS).exists() else None
    assert (states(), engine.matches_for(KARLSRUHE).origin) == (["ready"], "fair")


def test_two_at_once_give_one_result(monkeypatch: pytest.MonkeyPatch) -> None:
    ask_for_fair_lists(now=NOW)
    compute, seconds = fair.compute, []

    def meanwhile(*args: Any, **more: Any) -> fair.Lists:
        seconds.append(compute_fair_lists("balanced"))
        return compute(*args, **more)

    monkeypatch.setattr(fair, "compute", meanwhile)
    assert compute_fair_lists("balanced") is not None
    assert (seconds, states()) == ([None], ["ready"])


def test_nothing_waits_nothing_is_computed() -> None:
    assert compute_fair_lists("balanced") is None


def test_dead_run_is_asked_for_again() -> None:
    FairLists.objects.create(
        preset="far", state=RunState.RUNNING, asked_at=NOW, started_at=NOW, seen_at=NOW, runner="elsewhere:1"
    )
    early = revive_fair_lists(now=NOW + dt.timedelta(minutes=1))
    late = revive_fair_lists(now=NOW + dt.timedelta(minutes=10))
    assert (early, late, states("far")) == ([], ["far"], ["failed", "waiting"])


def test_run_of_a_process_of_this_machine_that_is_gone_is_dead_at_once() -> None:
    runner = operations.cities._runner().rpartition(":")[0] + ":4194304"
    FairLists.objects.create(preset="far", state=RunState.RUNNING, asked_at=NOW, seen_at=NOW, runner=runner)
    assert revive_fair_lists(now=NOW) == ["far"]


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def compute(*_args: Any, **_more: Any) -> fair.Lists:
        raise MemoryError("no room")

    monkeypatch.setattr(fair, "compute", compute)


def tick(moment: dt.datetime) -> None:
    """What the worker does again and again."""
    revive_fair_lists(now=moment)
    ask_for_fair_lists(now=moment)
    with suppress(MemoryError):
        compute_fair_lists("balanced", now=lambda: moment)


@pytest.mark.parametrize(("seconds", "runs"), [(2, 1), (30, 2), (120, 3), (3600, 3)])
@pytest.mark.usefixtures("broken")
def test_failure_is_tried_again_after_a_minute_and_five_then_left_for_a_day(seconds: int, runs: int) -> None:
    for turn in range(10):
        tick(NOW + turn * dt.timedelta(seconds=seconds))
    assert AuditEntry.objects.filter(action="fail to compute fair lists").count() == runs
    assert states() == ["failed"] * runs


@pytest.mark.usefixtures("broken")
def test_failure_says_truly_that_another_attempt_follows() -> None:
    for turn in range(4):
        tick(NOW + turn * dt.timedelta(minutes=10))
    sentence = engine.fair_progress("balanced").sentence
    assert sentence == "The fair lists could not be computed; another attempt follows."
    assert "balanced" in ask_for_fair_lists(now=NOW + dt.timedelta(days=2))


@pytest.mark.usefixtures("broken")
def test_failure_of_earlier_facts_does_not_hold_up_new_ones() -> None:
    tick(NOW)
    add_twinning()
    assert "balanced" in ask_for_fair_lists(now=NOW)


def test_finished_tasks_are_forgotten_after_a_day() -> None:
    ask_for_fair_lists(now=NOW)
    DBTaskResult.objects.update(status="FAILED", finished_at=NOW)
    early = forget_finished_tasks(now=NOW + dt.timedelta(hours=1))
    assert (early, forget_finished_tasks(now=NOW + dt.timedelta(days=2))) == (0, len(PRESET_KEYS))


def test_run_stops_when_newer_facts_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    ask_for_fair_lists(now=NOW)
    clock = iter(NOW + dt.timedelta(seconds=10 * step) for step in range(100))

    def interrupted(preset: Preset, *, world: World, progress: Callable[[float], None]) -> fair.Lists:
        add_twinning()
        ask_for_fair_lists(now=NOW)
        progress(0.3)
        raise AssertionError("should have stopped")

    monkeypatch.setattr(fair, "compute", interrupted)
    assert compute_fair_lists("balanced", now=lambda: next(clock)) is None
    assert states() == ["waiting"]


def test_progress_is_shown_while_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    ask_for_fair_lists(now=NOW)
    clock = iter(NOW + dt.timedelta(seconds=10 * step) for step in range(100))
    seen: list[Any] = []
    compute = fair.compute

    def watched(preset: Preset, *, world: World, progress: Callable[[float], None]) -> fair.Lists:
        lists = compute(preset, world=world, progress=progress)
        seen.append(engine.fair_progress("balanced"))
        return lists

    monkeypatch.setattr(fair, "compute", watched)
    compute_fair_lists("balanced", now=lambda: next(clock))
    assert (seen[0].state, seen[0].percent) == ("running", 50)
    assert seen[0].sentence == "The fair lists are being computed: 50 % done."


def test_task_runs_in_the_worker() -> None:
    ask_for_fair_lists(now=timezone.now())
    assert operations.fair_lists_task.func("balanced") == "done"
    assert states() == ["ready"]
