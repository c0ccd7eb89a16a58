"""The result of an eye-level check as JSON: what is felt, what is recorded, what to talk about first.

What the answers say is made coarse before it is kept. Exact means of few people would give single answers
away: if all three of a side say the same, their mean says what each of them said.
"""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from eyelevel.parity import (
    Balance,
    Felt,
    FeltDimension,
    Interval,
    Missing,
    balance_of,
    direction,
    felt,
    talk_first,
)
from twincitylab.partnerships.queries.check_records import Amounts, Recorded
from twincitylab.partnerships.rules.questions import DIMENSION_OF_QUESTION, KEYS, PAIR

LEVEL = 0.8
VIEW_STEP = 0.25
MOST_VIEW = 1.5
"""A view is kept in quarters and never above this: "1.5 or more"."""
LEAST_HALF = 0.5
"""No interval of a gap is kept narrower to either side: a narrow one says that all answered alike."""
BALANCE_STEP = 0.05

Answers = Sequence[int | None]
Result = dict[str, Any]


def result_of(
    sheets: Sequence[Sequence[Answers]],
    *,
    sides: Sequence[int],
    records: Mapping[str, Recorded],
    least: int,
    now: dt.datetime,
) -> Result:
    """The frozen result. ``sheets`` are the answers of each side's people, in the order of ``sides``."""
    rows = [[[math.nan if one is None else one for one in sheet] for sheet in side] for side in sheets]
    found = felt(rows, list(DIMENSION_OF_QUESTION), level=LEVEL, least=least)
    return {
        "version": 1,
        "level": LEVEL,
        "least": least,
        "until": now.date().isoformat(),
        "sides": [{"side": side, "people": len(own)} for side, own in zip(sides, sheets, strict=True)],
        "dimensions": [
            {
                "key": key,
                "felt": _felt(found[number]),
                "measured": _measured(records[key], sides=len(sides)) if key in records else None,
            }
            for number, key in enumerate(KEYS)
        ],
        "talk_first": [KEYS[number] for number in talk_first(_as_told(found))],
    }


def _as_told(found: Felt) -> Felt:
    """With nothing finer than what is kept: the order of what to talk about must not tell more."""
    dimensions = []
    for one in found.dimensions:
        told = _felt(one)
        if told["missing"] is None:
            kept: dict[str, Any] = {name: told[name] for name in ("lean", "balance", "gap")}
            kept |= {f"{name}_interval": _interval(told[f"{name}_interval"]) for name in kept}
            dimensions.append(replace(one, means=tuple(told["views"]), **kept))
    return replace(found, dimensions=tuple(dimensions))


def _interval(ends: Sequence[float] | None) -> Interval | None:
    return None if ends is None else Interval(ends[0], ends[1], LEVEL)


def _felt(found: FeltDimension) -> dict[str, Any]:
    if found.missing is not None or found.means is None:
        # Never which side it is, nor whether none or two of it answered.
        return {"missing": Missing.TOO_FEW.value}
    views = [_coarse(mean) for mean in found.means]
    is_pair = len(views) == PAIR
    gap = PAIR / len(views) * sum(views)
    lean = (views[0] - views[1]) / 2 if is_pair else None
    balance = 1 - (max(views) - min(views)) / 4
    return {
        "missing": None,
        "views": views,
        "lean": lean,
        "lean_interval": _around(lean, found.lean_interval, step=VIEW_STEP, least=LEAST_HALF / 2, most=2.0),
        "balance": round(balance, 4),
        "balance_interval": _within(
            _around(balance, found.balance_interval, step=BALANCE_STEP, least=LEAST_HALF / 4, most=1.0)
        ),
        "gap": round(gap, 4),
        "gap_interval": _around(gap, found.gap_interval, step=VIEW_STEP, least=LEAST_HALF, most=4.0),
    }


def _coarse(view: float) -> float:
    return min(max(round(view / VIEW_STEP) * VIEW_STEP, -MOST_VIEW), MOST_VIEW)


def _around(
    value: float | None, interval: Interval | None, *, step: float, least: float, most: float
) -> list[float] | None:
    """As wide as the interval, rounded up, but around the coarse value: its own ends would tell the exact
    one."""
    if value is None or interval is None:
        return None
    half = max(math.ceil((interval.high - interval.low) / 2 / step) * step, least)
    return [round(max(value - half, -most), 4), round(min(value + half, most), 4)]


def _within(interval: list[float] | None) -> list[float] | None:
    return None if interval is None else [max(interval[0], 0.0), min(interval[1], 1.0)]


def _measured(given: Recorded, *, sides: int) -> dict[str, Any]:
    if isinstance(given, Amounts):
        rows = [_unknown_as_nan(row) for row in given.rows]
        capacities = None if given.capacities is None else _unknown_as_nan(given.capacities)
        found = balance_of(rows, capacities, level=LEVEL)
        whole = [row for row in rows if not any(map(math.isnan, row))]
        sums = [sum(row[side] for row in whole) for side in range(sides)] if whole else None
    else:
        found = direction(given.by_side, level=LEVEL)
        sums = [float(count) for count in given.by_side]
    return {
        "missing": found.missing.value if found.missing else None,
        "balance": found.value,
        "tilt": _tilt(found),
        "interval": _finite(found.interval),
        "no_interval": found.no_interval.value if found.no_interval else None,
        "records": found.records,
        "left_out": found.left_out,
        "sums": sums,
        "is_relative": found.is_per_head,
    }


def _tilt(found: Balance) -> float | None:
    """Two sides: (first - second) / (first + second), which is finite where the logarithm is not."""
    if found.value is None or found.per_side is None or len(found.per_side) != PAIR:
        return None
    first, second = found.per_side
    return (first - second) / (first + second)


def _finite(interval: Interval | None) -> list[float] | None:
    if interval is None or not (math.isfinite(interval.low) and math.isfinite(interval.high)):
        return None
    return [interval.low, interval.high]


def _unknown_as_nan(row: Sequence[float | None]) -> list[float]:
    return [math.nan if value is None else value for value in row]
