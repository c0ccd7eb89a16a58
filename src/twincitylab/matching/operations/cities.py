"""Computing the fair lists: asked for when facts change, run in the background, one result at a time."""

import datetime as dt
import os
import socket
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from twincitylab.base.audit import record
from twincitylab.matching import queries
from twincitylab.matching.choices import PRESET_KEYS, RunState
from twincitylab.matching.engine import fair
from twincitylab.matching.engine.presets import find_preset
from twincitylab.matching.engine.results import Preset
from twincitylab.matching.engine.store import world as current_world
from twincitylab.matching.models import FairLists

SILENT_FOR = dt.timedelta(minutes=3)
MOST_ATTEMPTS = 3
TASKS_KEPT_FOR = dt.timedelta(days=1)
SECONDS_BETWEEN_SIGNS_OF_LIFE = 1.0
ACTOR = "background worker"


class Overtaken(Exception):
    """The facts changed during a computation, so that another one waits already."""


def ask_for_fair_lists(*, now: dt.datetime) -> list[str]:
    """Queue what is missing for the facts in force, one waiting run per preset; returns the presets.

    Raises the atlas' ``AtlasMissing`` before set-up.
    """
    keys = fair.wanted_keys()
    due = queries.presets_without(keys, now=now)
    return [preset for preset in due if _ask(preset, key=keys[preset], now=now, attempts=due[preset])]


def revive_fair_lists(*, now: dt.datetime) -> list[str]:
    """Ask again at once for runs whose process has died, often because somebody stopped it.

    Returns the presets asked for again; a run that dies time and again waits like any that fails.
    """
    running = FairLists.objects.filter(state=RunState.RUNNING).defer("partners", "scores")
    dead = [run for run in running if _is_dead(run, now=now)]
    given_up = [run for run in dead if _give_up(run, now=now, trouble="its process ended")]
    again = [run for run in given_up if run.attempts < MOST_ATTEMPTS]
    return [run.preset for run in again if _ask(run.preset, key=run.key, now=now, attempts=run.attempts)]


def forget_finished_tasks(*, now: dt.datetime) -> int:
    """Delete the records of background tasks that ended more than a day ago; returns how many."""
    ended = DBTaskResult.objects.finished().filter(finished_at__lt=now - TASKS_KEPT_FOR)
    return int(ended.delete()[0])


def compute_fair_lists(preset: str, *, now: Callable[[], dt.datetime] = timezone.now) -> FairLists | None:
    """Compute the lists that wait for this preset; None when none wait or somebody else computes them.

    Whatever goes wrong is written down; ``ask_for_fair_lists`` asks again when the back-off is over.
    """
    run = _claim(preset, now=now())
    if run is None:
        return None
    try:
        return _compute(run, preset=find_preset(preset), now=now)
    except Overtaken:
        FairLists.objects.filter(pk=run.pk, state=RunState.RUNNING).delete()
        _continue(preset)
        return None
    except Exception as trouble:
        _give_up(run, now=now(), trouble=f"{type(trouble).__name__}: {trouble}")
        raise


@task()
def fair_lists_task(preset: str) -> str:
    """Compute fair lists in the background worker."""
    done = compute_fair_lists(preset)
    return "done" if done else "nothing to do"


def _ask(preset: str, *, key: str, now: dt.datetime, attempts: int) -> bool:
    """Write one waiting run and its task; False if one waits already."""
    try:
        with transaction.atomic():
            FairLists.objects.create(preset=preset, key=key, asked_at=now, attempts=attempts)
            priority = -PRESET_KEYS.index(preset)
            fair_lists_task.using(priority=priority).enqueue(preset)
    except IntegrityError:
        return False
    return True


def _claim(preset: str, *, now: dt.datetime) -> FairLists | None:
    """Turn the waiting run into the running one; the database lets only one process do it."""
    runs = FairLists.objects.filter(preset=preset, state=RunState.WAITING)
    run = runs.first()
    if run is None:
        return None
    try:
        with transaction.atomic():
            claimed = runs.filter(pk=run.pk).update(
                state=RunState.RUNNING,
                started_at=now,
                seen_at=now,
                runner=_runner(),
                attempts=run.attempts + 1,
            )
    except IntegrityError:
        return None
    run.refresh_from_db()
    return run if claimed else None


def _compute(run: FairLists, *, preset: Preset, now: Callable[[], dt.datetime]) -> FairLists:
    world = current_world()
    key = fair.fair_key(preset, facts=world.key)
    FairLists.objects.filter(pk=run.pk).update(key=key)
    lists = fair.compute(preset, world=world, progress=_Reporter(run, now=now))
    with transaction.atomic():
        FairLists.objects.filter(preset=preset.key, state__in=[RunState.READY, RunState.FAILED]).delete()
        finished = FairLists.objects.filter(pk=run.pk, state=RunState.RUNNING).update(
            state=RunState.READY,
            key=key,
            progress=1.0,
            finished_at=now(),
            attempts=0,
            trouble="",
            city_count=len(lists.partners),
            ranks=lists.partners.shape[1],
            partners=lists.partners.astype("<i4").tobytes(),
            scores=lists.scores.astype("<f4").tobytes(),
        )
        if not finished:
            # Somebody took this run for dead: theirs counts.
            raise Overtaken
        record(
            actor=ACTOR,
            action="compute fair lists",
            subject=preset.key,
            now=now(),
            detail={"cities": len(lists.partners), "shown": int((lists.partners >= 0).sum())},
        )
    _continue(preset.key)
    run.refresh_from_db()
    return run


class _Reporter:
    """Writes the progress of a run, about once a second, and stops it when newer facts wait."""

    def __init__(self, run: FairLists, *, now: Callable[[], dt.datetime]) -> None:
        self._run, self._now, self._last = run, now, now()

    def __call__(self, fraction: float) -> None:
        moment = self._now()
        if (moment - self._last).total_seconds() < SECONDS_BETWEEN_SIGNS_OF_LIFE:
            return
        self._last = moment
        share = min(max(fraction, 0.0), 1.0)
        alive = FairLists.objects.filter(pk=self._run.pk, state=RunState.RUNNING).update(
            progress=share, seen_at=moment
        )
        if not alive or FairLists.objects.filter(preset=self._run.preset, state=RunState.WAITING).exists():
            raise Overtaken


def _continue(preset: str) -> None:
    """A run that came to wait while its predecessor ran has had its task refused: ask for it once more."""
    if FairLists.objects.filter(preset=preset, state=RunState.WAITING).exists():
        fair_lists_task.using(priority=-PRESET_KEYS.index(preset)).enqueue(preset)


def _give_up(run: FairLists, *, now: dt.datetime, trouble: str) -> bool:
    """Write down that a run failed; False if it had ended already."""
    with transaction.atomic():
        ended = FairLists.objects.filter(pk=run.pk, state=RunState.RUNNING).update(
            state=RunState.FAILED, finished_at=now, trouble=trouble[:500]
        )
        if ended:
            record(
                actor=ACTOR,
                action="fail to compute fair lists",
                subject=run.preset,
                now=now,
                detail={"trouble": trouble[:500], "attempt": run.attempts},
            )
            _forget_old_failures(run.preset)
    _continue(run.preset)
    return bool(ended)


def _forget_old_failures(preset: str) -> None:
    failed = FairLists.objects.filter(preset=preset, state=RunState.FAILED).order_by("-finished_at", "-pk")
    FairLists.objects.filter(pk__in=list(failed.values_list("pk", flat=True)[MOST_ATTEMPTS:])).delete()


def _is_dead(run: FairLists, *, now: dt.datetime) -> bool:
    machine, _colon, process = run.runner.rpartition(":")
    if machine == socket.gethostname() and process.isdigit() and int(process) != os.getpid():
        return not _lives(int(process))
    return run.seen_at is None or now - run.seen_at > SILENT_FOR


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _runner() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
