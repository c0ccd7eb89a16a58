"""Fair lists: reading the ones in force, and computing them for everyone under one preset."""

import hashlib
import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from eyelevel.matching import Space
from twincitylab.base.figures import written_day
from twincitylab.matching import queries
from twincitylab.matching.choices import PRESET_KEYS, RunState
from twincitylab.matching.engine.presets import find_preset
from twincitylab.matching.engine.results import FairProgress, FairState, Preset
from twincitylab.matching.engine.store import current_key
from twincitylab.matching.engine.words import number
from twincitylab.matching.engine.world import World
from twincitylab.matching.models import FairLists

RANKS = 10
FEW_TWINNINGS = 1
# Raise it when the rounds change, so that lists computed the old way are computed again.
ROUNDS_VERSION = 3


@dataclass(frozen=True, eq=False)
class Lists:
    """Partners (n, ranks) int32, -1 for none, and their eye-level scores (n, ranks) float32."""

    partners: NDArray[np.int32]
    scores: NDArray[np.float32]


def fair_key(preset: Preset, *, facts: str) -> str:
    """Names what fair lists are computed from: the facts, the weights, the rules and the way of computing."""
    recipe = json.dumps([dict(preset.weights), repr(preset.rules), RANKS, ROUNDS_VERSION], sort_keys=True)
    return f"{facts}-{hashlib.sha256(recipe.encode()).hexdigest()[:12]}"


def wanted_keys() -> dict[str, str]:
    """For every preset with fair lists the key they should have now."""
    facts = current_key()
    return {key: fair_key(find_preset(key), facts=facts) for key in PRESET_KEYS}


def fair_progress(preset: str) -> FairProgress:
    """Where the fair lists of a preset stand, in words fit to show."""
    return standing(find_preset(preset), facts=current_key())[0]


def all_fair_progress() -> tuple[FairProgress, ...]:
    """Where the fair lists of every preset stand, with one query for all."""
    facts, runs = current_key(), queries.all_fair_runs()
    of_preset = {key: [run for run in runs if run.preset == key] for key in PRESET_KEYS}
    return tuple(_standing(find_preset(key), of_preset[key], facts=facts)[0] for key in PRESET_KEYS)


def standing(preset: Preset, *, facts: str) -> tuple[FairProgress, FairLists | None]:
    """Where the lists stand, and the finished computation if it is of the facts in force: one query."""
    return _standing(preset, list(queries.fair_runs(preset.key)[:8]), facts=facts)


def _standing(
    preset: Preset, runs: Sequence[FairLists], *, facts: str
) -> tuple[FairProgress, FairLists | None]:
    wanted = fair_key(preset, facts=facts)
    ready = next((run for run in runs if run.state == RunState.READY and run.key == wanted), None)
    return _progress(preset, run=ready or next(iter(runs), None), is_current=ready is not None), ready


def lists_of(run: FairLists) -> Lists | None:
    """The lists of a finished computation, read once per process; None if it has just been replaced."""
    with _lock:
        if (found := _kept.get(run.preset)) and found[0] == run.pk:
            return found[1]
    blobs = queries.fair_blobs(run.pk)
    if blobs is None:
        return None
    shape = (run.city_count, run.ranks)
    partners, scores = (np.frombuffer(b, dtype=kind) for b, kind in zip(blobs, ("<i4", "<f4"), strict=True))
    if partners.size != shape[0] * shape[1] or scores.size != partners.size:
        return None
    lists = Lists(partners.reshape(shape), scores.reshape(shape))
    with _lock:
        _kept[run.preset] = (run.pk, lists)
    return lists


_lock = threading.Lock()
_kept: dict[str, tuple[int, Lists]] = {}


def compute(preset: Preset, *, world: World, progress: Callable[[float], None]) -> Lists:
    """Compute the lists of everyone; ``progress`` hears the share done and may raise to stop."""
    if preset.rules.learned:
        return _learned(world, progress=progress)
    takes_part = np.ones(len(world.table), dtype=bool)
    if preset.rules.few_twinnings_first:
        takes_part = world.twin_count <= FEW_TWINNINGS
    lists = _empty(len(world.table))
    # Cities beside a much larger one meet their like: two sets of rounds that do not touch each other.
    is_beside = world.beside >= 0
    done, everyone = 0, int(takes_part.sum())
    for setting in (takes_part & ~is_beside, takes_part & is_beside):
        rows = np.flatnonzero(setting)
        if len(rows) > 1:
            _fill(lists, rows, preset, world, _Part(progress, done / everyone, len(rows) / everyone))
        done += len(rows)
    return lists


def _empty(count: int) -> Lists:
    return Lists(np.full((count, RANKS), -1, dtype=np.int32), np.zeros((count, RANKS), dtype=np.float32))


def _learned(world: World, *, progress: Callable[[float], None]) -> Lists:
    """Cities that have twinnings share their exposure; all others are asked about one by one."""
    # Here and not above: the other presets need nothing of what was learned.
    from twincitylab.matching.engine.shared import shared_lists

    lists = _empty(len(world.table))
    rows = np.flatnonzero(world.twin_count > 0)
    lists.partners[rows], lists.scores[rows] = shared_lists(
        world.ground, rows, ranks=RANKS, progress=progress
    )
    return lists


@dataclass(frozen=True)
class _Part:
    """Reports a part of the work as part of the whole."""

    progress: Callable[[float], None]
    before: float
    share: float

    def __call__(self, fraction: float) -> None:
        self.progress(self.before + self.share * fraction)


def _fill(
    lists: Lists, rows: NDArray[np.int64], preset: Preset, world: World, progress: Callable[[float], None]
) -> None:
    """The rounds of these cities alone; everybody else's list stays as it is."""
    # Here and not above: the rounds bring the compiler, which no page needs.
    from eyelevel.matching.rounds import successive_rounds

    place = np.full(len(world.table), -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    twins = place[world.pairs]
    is_everyone = len(rows) == len(world.table)
    rounds = successive_rounds(
        world.space
        if is_everyone
        else Space.from_rows(
            np.ascontiguousarray(world.space.rows[rows]),
            layout=world.space.layout,
            weights=world.space.weights,
        ),
        ranks=RANKS,
        groups=world.table.country[rows],
        per_group=preset.rules.per_country,
        own_group_allowed=not preset.rules.abroad,
        apart=world.continent[rows] if preset.rules.other_continent else None,
        excluded=twins[(twins >= 0).all(axis=1)],
        weights=preset.weights,
        progress=progress,
    )
    lists.partners[rows] = np.where(rounds.partners >= 0, rows[rounds.partners], -1)
    lists.scores[rows] = rounds.scores


def _progress(preset: Preset, *, run: FairLists | None, is_current: bool) -> FairProgress:
    if run is None:
        sentence = _("The fair lists have not been computed yet.")
        return FairProgress(preset.key, FairState.ABSENT, 0.0, None, None, sentence)
    if run.state == RunState.READY and not is_current:
        sentence = _("The facts have changed; the fair lists are to be computed again.")
        return FairProgress(preset.key, FairState.ABSENT, 0.0, None, run.finished_at, sentence)
    sentence = {
        RunState.WAITING: _("The fair lists wait to be computed."),
        RunState.RUNNING: _("The fair lists are being computed: %(percent)s %% done.")
        % {"percent": number(int(100 * run.progress))},
        RunState.READY: _("The fair lists were computed on %(date)s.")
        % {"date": written_day(timezone.localtime(run.finished_at)) if run.finished_at else ""},
        RunState.FAILED: _("The fair lists could not be computed; another attempt follows."),
    }[RunState(run.state)]
    fraction = 1.0 if run.state == RunState.READY else run.progress
    state = FairState(run.state)
    return FairProgress(preset.key, state, fraction, run.started_at, run.finished_at, sentence)
