"""Everything that reads the fair lists."""

from collections.abc import Iterable

from django.db.models import Case, IntegerField, QuerySet, Value, When

from twincitylab.matching.choices import PRESET_KEYS, RunState
from twincitylab.matching.models import FairLists

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


def presets_without(keys: dict[str, str]) -> Iterable[str]:
    """The presets without finished lists of the key wanted that nobody has been asked to compute."""
    runs = FairLists.objects.filter(preset__in=keys).values_list("preset", "state", "key")
    served = {preset for preset, state, key in runs if _serves(state, key, wanted=keys[preset])}
    return [preset for preset in PRESET_KEYS if preset in keys and preset not in served]


def _serves(state: str, key: str, *, wanted: str) -> bool:
    return state == RunState.WAITING or (state in (RunState.RUNNING, RunState.READY) and key == wanted)
