"""Where the fair lists stand."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class FairState(StrEnum):
    """Where the fair lists of a preset stand."""

    ABSENT = "absent"
    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True)
class FairProgress:
    """Where the fair lists of a preset stand; ``fraction`` runs from 0 to 1; ``sentence`` is fit to show."""

    preset: str
    state: FairState
    fraction: float
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    sentence: str

    @property
    def percent(self) -> int:
        return int(100 * self.fraction)
