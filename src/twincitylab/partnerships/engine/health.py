"""The ten signals of a partnership's health, from its records: figures of eyelevel.parity, and sentences."""

from collections.abc import Callable, Sequence

from twincitylab.partnerships.engine.health_life import (
    breadth_signal,
    capacity,
    renewal_signal,
    rhythm_signal,
)
from twincitylab.partnerships.engine.health_roots import anchoring, direction_signal, relation
from twincitylab.partnerships.engine.health_yield import learning, substance, visibility
from twincitylab.partnerships.queries.health import HealthRecords
from twincitylab.partnerships.queries.workspaces import SideCard
from twincitylab.partnerships.rules.signals import Signal

MAKERS: tuple[Callable[[HealthRecords, Sequence[SideCard]], Signal], ...] = (
    rhythm_signal, breadth_signal, renewal_signal, capacity, anchoring, direction_signal, visibility,
    substance, learning, relation,
)  # fmt: skip


def signals(records: HealthRecords, cards: Sequence[SideCard]) -> tuple[Signal, ...]:
    """All ten; the same for every side. ``cards`` are the active sides, in the order of ``records.sides``."""
    return tuple(make(records, cards) for make in MAKERS)
