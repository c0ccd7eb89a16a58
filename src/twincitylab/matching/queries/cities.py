"""Everything that reads the fair lists."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Case, IntegerField, QuerySet, Value, When

from twincitylab.matching.choices import PRESET_KEYS, RunState
from twincitylab.matching.models import FairLists

# After the third failure in a row something must change; the day is for what nobody tells us of.
PAUSES = (dt.timedelta(minutes=1), dt.timedelta(minutes=5), dt.timedelta(days=1))

_CURRENT_FIRST = Case(
    When(state=RunState.RUNNING, then=Value(0)),
    When(state=RunState.WAITING, then=Value(1)),
    When(state=RunState.READY, then=Value(2)),
    default=Value(3),
    output_field=IntegerField(),
)


def fair_runs(preset: str) -> QuerySet[FairLists]:
    """The computations of one preset without their lists, what happens now before what is done."""
    runs = FairLists.objects.filter(preset=preset).defer("partners", "scores")
    return runs.order_by(_CURRENT_FIRST, "-asked_at", "-pk")


def all_fair_runs() -> list[FairLists]:
    """The computations of all presets without their lists, in the same order."""
    return list(FairLists.objects.defer("partners", "scores").order_by(_CURRENT_FIRST, "-asked_at", "-pk"))


def fair_blobs(pk: int) -> tuple[bytes, bytes] | None:
    """Partners and scores of one finished computation; None if it has been replaced meanwhile."""
    found = FairLists.objects.filter(pk=pk, state=RunState.READY).values_list("partners", "scores").first()
    return (bytes(found[0]), bytes(found[1])) if found else None


def presets_without(keys: dict[str, str], *, now: dt.datetime) -> dict[str, int]:
    """The presets to compute now, with how often that has failed: nobody has been asked for their lists.

    One that failed is due again only when its back-off is over.
    """
    runs = FairLists.objects.filter(preset__in=keys).defer("partners", "scores")
    of_preset = {preset: [run for run in runs if run.preset == preset] for preset in PRESET_KEYS}
    due = {}
    for preset in PRESET_KEYS:
        if preset in keys and not any(
            _serves(run, wanted=keys[preset], now=now) for run in of_preset[preset]
        ):
            due[preset] = _failures(of_preset[preset], wanted=keys[preset])
    return due


def _serves(run: FairLists, *, wanted: str, now: dt.datetime) -> bool:
    if run.state == RunState.WAITING:
        return True
    if run.key != wanted:
        return False
    return run.state != RunState.FAILED or (run.finished_at or now) + pause_after(run.attempts) > now


def _failures(runs: Iterable[FairLists], *, wanted: str) -> int:
    return max(
        (run.attempts for run in runs if run.state == RunState.FAILED and run.key == wanted), default=0
    )


def pause_after(attempts: int) -> dt.timedelta:
    """How long to wait after so many failures in a row.

    >>> [pause_after(attempts).total_seconds() / 60 for attempts in (1, 2, 3, 4)]
    [1.0, 5.0, 1440.0, 1440.0]
    """
    return PAUSES[min(max(attempts, 1), len(PAUSES)) - 1]
