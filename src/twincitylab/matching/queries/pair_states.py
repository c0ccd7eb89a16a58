"""Where pairs of communities stand with each other: an app above tells with ``register_teller``."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from twincitylab.matching.choices import PairState

Lines = Sequence[QuerySet[Any, Any]]


@dataclass(frozen=True)
class Said:
    """A state and the number of what it is about, such as an introduction; 0 for none."""

    state: PairState
    number: int


@dataclass(frozen=True)
class Teller:
    """What an app above tells.

    ``lines`` of a community at a moment: queries of (id of the other, ``PairState``, number), which are asked
    together with who is kept apart, so that a list costs no further question. ``address`` is where the other
    reads on: of a state, its number and the slugs of both sides.
    """

    lines: Callable[[int, dt.datetime], Lines]
    address: Callable[[Said, str, str], str]


_tellers: dict[str, Teller] = {}


def register_teller(name: str, teller: Teller) -> None:
    """Let an app above tell; the same name again replaces."""
    _tellers[name] = teller


def lines_of(pk: int, *, now: dt.datetime) -> list[QuerySet[Any, Any]]:
    """What everybody who tells would ask."""
    return [line for teller in _tellers.values() for line in teller.lines(pk, now)]


def state_between(pk: int, other: int, *, now: dt.datetime) -> Said | None:
    """Where the first stands with the second: one query. For its own stewards only."""
    lines = lines_of(pk, now=now)
    if not lines:
        return None
    return foremost(lines[0].union(*lines[1:])).get(other)


def foremost(rows: QuerySet[Any, Any] | Sequence[tuple[int, str, int]]) -> dict[int, Said]:
    """For each other community what comes first."""
    order = list(PairState)
    found: dict[int, Said] = {}
    for other, state, number in sorted(rows, key=lambda row: (order.index(PairState(row[1])), row)):
        found.setdefault(other, Said(PairState(state), number))
    return found


def address_of(said: Said, us: str, them: str) -> str:
    """Where one reads on; empty where nobody knows."""
    return next((teller.address(said, us, them) for teller in _tellers.values()), "")
