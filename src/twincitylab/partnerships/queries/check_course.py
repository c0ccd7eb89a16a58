"""How the felt balance went over the rounds, drawn as lines and written in a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise

from twincitylab.base.figures import percentage, signed, written_day
from twincitylab.partnerships.models import EyeLevelCheck
from twincitylab.partnerships.rules.questions import DIMENSIONS, PAIR, Dimension

CHART_WIDTH, CHART_HEIGHT, CHART_EDGE = 120.0, 44.0, 6.0


@dataclass(frozen=True)
class CoursePoint:
    """One round in the course: what is drawn, and what the table says."""

    when: str
    number: int
    felt: str
    gap: str
    x: float
    y: float | None


@dataclass(frozen=True)
class CourseLine:
    """One dimension over the rounds; ``path`` joins the points that follow each other without a hole."""

    label: Promise
    points: tuple[CoursePoint, ...]
    path: str


@dataclass(frozen=True)
class Course:
    """The rounds that had a result, oldest first, and a line for each dimension."""

    rounds: tuple[tuple[int, str], ...]
    lines: tuple[CourseLine, ...]


def course_of(checks: Sequence[EyeLevelCheck]) -> Course | None:
    """Over all rounds with a result; None before there are two."""
    done = [check for check in reversed(checks) if check.result and check.closed_at]
    if len(done) < PAIR:
        return None
    first, last = done[0].closed_at, done[-1].closed_at
    length = (last - first).total_seconds() or 1.0  # type: ignore[operator]
    xs = [
        CHART_EDGE + (CHART_WIDTH - 2 * CHART_EDGE) * (check.closed_at - first).total_seconds() / length  # type: ignore[operator]
        for check in done
    ]
    whens = [written_day(timezone.localtime(check.closed_at)) for check in done]
    lines = tuple(
        _line(one, [_felt_of(check, one.key) for check in done], whens, xs, [check.number for check in done])
        for one in DIMENSIONS
    )
    return Course(tuple(zip([check.number for check in done], whens, strict=True)), lines)


def _felt_of(check: EyeLevelCheck, key: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = next(
        one["felt"] for one in (check.result or {})["dimensions"] if one["key"] == key
    )
    return found


def _line(
    about: Dimension,
    felts: Sequence[Mapping[str, Any]],
    whens: Sequence[str],
    xs: Sequence[float],
    numbers: Sequence[int],
) -> CourseLine:
    points = tuple(
        CoursePoint(
            when=when,
            number=number,
            felt=percentage(felt["balance"]) if felt["missing"] is None else "–",
            gap=signed(felt["gap"]) if felt["missing"] is None else "–",
            x=round(x, 1),
            y=round(CHART_EDGE + (CHART_HEIGHT - 2 * CHART_EDGE) * (1 - felt["balance"]), 1)
            if felt["missing"] is None
            else None,
        )
        for felt, when, x, number in zip(felts, whens, xs, numbers, strict=True)
    )
    return CourseLine(about.label, points, _path(points))


def _path(points: Sequence[CoursePoint]) -> str:
    steps, is_joined = [], False
    for point in points:
        if point.y is None:
            is_joined = False
            continue
        steps.append(f"{'L' if is_joined else 'M'}{point.x:g} {point.y:g}")
        is_joined = True
    return "".join(steps)
