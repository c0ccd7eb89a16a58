"""What the records say beside the answers: never more than their interval carries, nothing from too few."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone, translation

from eyelevel.parity.balance import LEAST_RECORDS as LEAST_MEASURED
from twincitylab.partnerships.models import EyeLevelCheck
from twincitylab.partnerships.queries.check_course import course_of
from twincitylab.partnerships.queries.check_measured import LEAST_RECORDS, measured_sentence, told
from twincitylab.partnerships.rules.questions import KEYS, dimension

NAMES = ("Oaks", "Elms")


def measured(**more: Any) -> dict[str, Any]:
    return {
        "missing": None, "balance": 0.5, "tilt": 0.33, "interval": [0.3, 0.8], "no_interval": None,
        "records": 9, "left_out": 0, "sums": [6.0, 3.0], "is_relative": False, **more,
    }  # fmt: skip


def said(key: str = "agenda", **more: Any) -> str:
    shown = told(measured(**more))
    with translation.override("en"):
        return measured_sentence(dimension(key), shown, NAMES, currency="EUR").translate(
            {0x2068: None, 0x2069: None}
        )


def test_four_records_are_the_least_as_in_the_measure() -> None:
    assert LEAST_RECORDS == LEAST_MEASURED


@pytest.mark.parametrize("interval", [[0.3, 1.0], None])
def test_where_level_is_possible_it_is_not_sure_who_carries_more(interval: list[float] | None) -> None:
    words = said(interval=interval)
    assert words.startswith("Written down, though not surely: Oaks sets the topics more often.")


def test_where_level_lies_outside_it_is_said_plainly() -> None:
    assert said().startswith("Oaks sets the topics more often. Written down: Oaks 6 · Elms 3.")


def test_what_was_measured_by_means_says_so() -> None:
    words = said("money", is_relative=True, sums=[780.0, 2210.0])
    assert words.startswith("Oaks gives more money and things for what it can give.")


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_from_fewer_than_four_records_only_the_counts_are_told(value: float) -> None:
    few: dict[str, Any] = {
        "records": 3,
        "balance": value,
        "tilt": 1 - value,
        "sums": [3.0, 0.0],
        "interval": [0.0, 0.81],
    }
    shown = told(measured(**few))
    assert shown is not None
    assert (shown["missing"], shown["balance"], shown["tilt"], shown["interval"]) == ("too_few",) + (
        None,
    ) * 3
    assert said(**few) == (
        "Too little is written down to say it: four records are the least. Written down: Oaks 3 · Elms 0."
    )


def test_the_course_tells_the_day_of_the_reader() -> None:
    late = dt.datetime(2026, 4, 16, 23, 31, tzinfo=dt.UTC)
    result = {"dimensions": [{"key": key, "felt": {"missing": "too_few"}} for key in KEYS]}
    checks = [EyeLevelCheck(number=n, closed_at=late, result=result) for n in (2, 1)]
    with timezone.override("Europe/Berlin"), translation.override("en"):
        course = course_of(checks)
    assert course is not None
    assert {when for _number, when in course.rounds} == {"April 17, 2026"}
