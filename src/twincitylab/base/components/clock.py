"""The clock of shared working hours: a ring of 24 hours for each side."""

from collections.abc import Sequence
from math import cos, pi, sin
from typing import Protocol

from twincitylab.base.components.library import register

CENTRE = 110.0
SHARED_RADIUS = 92.0
HOUR_LABEL_RADIUS = 101.0


class Span(Protocol):
    """A stretch of hours on the UTC clock."""

    @property
    def start(self) -> float: ...
    @property
    def end(self) -> float: ...


class Hours(Protocol):
    """Office hours of two cities and what they share."""

    @property
    def offset_a(self) -> float: ...
    @property
    def a(self) -> Span: ...
    @property
    def b(self) -> Span: ...
    @property
    def shared(self) -> Sequence[Span]: ...
    @property
    def shared_hours(self) -> float: ...
    @property
    def local_a(self) -> Sequence[str]: ...
    @property
    def local_b(self) -> Sequence[str]: ...
    @property
    def sentence(self) -> str: ...
    @property
    def year_sentence(self) -> str: ...


@register.inclusion_tag("base/components/working_clock.html")
def working_clock(*, hours: Hours, a_name: str, b_name: str) -> dict[str, object]:
    """Both office days on side A's clock, with what they share as a wedge and in a table."""
    return {
        "hours": hours,
        "a_name": a_name,
        "b_name": b_name,
        "a_turn": _turn(hours.a.start + hours.offset_a),
        "b_turn": _turn(hours.b.start + hours.offset_a),
        "a_length": hours.a.end - hours.a.start,
        "b_length": hours.b.end - hours.b.start,
        "wedges": [
            _wedge(span.start + hours.offset_a, end=span.end + hours.offset_a) for span in hours.shared
        ],
        "labels": [(hour, *_point(hour, radius=HOUR_LABEL_RADIUS)) for hour in (0, 6, 12, 18)],
        "ticks": [(*_point(hour, radius=52), *_point(hour, radius=56)) for hour in range(24)],
    }


def _turn(hour: float) -> float:
    return round((hour % 24) * 15 - 90, 2)


def _point(hour: float, *, radius: float) -> tuple[float, float]:
    angle = 2 * pi * hour / 24 - pi / 2
    return round(CENTRE + radius * cos(angle), 2), round(CENTRE + radius * sin(angle), 2)


def _wedge(start: float, *, end: float) -> str:
    x1, y1 = _point(start, radius=SHARED_RADIUS)
    x2, y2 = _point(end, radius=SHARED_RADIUS)
    is_large = int(end - start > 12)
    return f"M{CENTRE} {CENTRE}L{x1} {y1}A{SHARED_RADIUS} {SHARED_RADIUS} 0 {is_large} 1 {x2} {y2}Z"
