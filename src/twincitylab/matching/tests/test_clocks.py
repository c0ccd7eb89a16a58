"""Shared office hours: golden days, half hours, changes of the clock, and laws that always hold."""

import datetime as dt
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twincitylab.matching.engine.clocks import offset_hours, working_hours
from twincitylab.matching.engine.facts import shared_office_hours

WINTER = dt.date(2026, 1, 15)
ZONES = sorted(zone for zone in available_timezones() if "/" in zone)


@pytest.mark.parametrize(
    ("a", "b", "difference", "shared"),
    [
        ("Europe/Berlin", "Europe/Paris", 0.0, 8.0),
        ("Europe/Berlin", "Europe/London", -1.0, 7.0),
        ("Europe/Berlin", "Asia/Kolkata", 4.5, 3.5),
        ("Europe/Berlin", "Asia/Kathmandu", 4.75, 3.25),
        ("Europe/Berlin", "Asia/Tokyo", 8.0, 0.0),
        ("Pacific/Auckland", "Pacific/Honolulu", 1.0, 7.0),
        ("Pacific/Kiritimati", "Pacific/Midway", -1.0, 7.0),
    ],
)
def test_working_hours_in_winter(a: str, b: str, difference: float, shared: float) -> None:
    hours = working_hours(a, b, day=WINTER)
    assert (hours.difference, hours.shared_hours) == (difference, shared)


def test_working_hours_says_them_on_both_clocks() -> None:
    hours = working_hours("Europe/Berlin", "Asia/Kolkata", day=WINTER)
    assert (hours.local_a, hours.local_b) == (("09:00–12:30",), ("13:30–17:00",))


def test_working_hours_over_the_year_follow_daylight_saving() -> None:
    hours = working_hours("Europe/Berlin", "America/New_York", day=dt.date(2026, 1, 1))
    assert [(str(one.first), one.shared_hours) for one in hours.seasons] == [
        ("2026-01-01", 2.0),
        ("2026-03-08", 3.0),
        ("2026-03-29", 2.0),
        ("2026-10-25", 3.0),
        ("2026-11-01", 2.0),
    ]


def test_working_hours_without_change_is_one_season() -> None:
    hours = working_hours("Asia/Tokyo", "Asia/Kolkata", day=WINTER)
    assert len(hours.seasons) == 1


def test_working_hours_at_the_end_of_the_calendar() -> None:
    assert working_hours("Europe/Berlin", "Europe/Paris", day=dt.date.max).shared_hours == 8.0


def test_offset_of_an_unknown_zone_is_zero() -> None:
    assert [offset_hours(zone, day=WINTER) for zone in ("Nowhere/Land", "", "../etc")] == [0.0, 0.0, 0.0]


@given(st.sampled_from(ZONES), st.sampled_from(ZONES), st.dates(dt.date(1990, 1, 1), dt.date(2060, 1, 1)))
def test_shared_hours_are_the_same_from_both_sides(a: str, b: str, day: dt.date) -> None:
    here, there = working_hours(a, b, day=day), working_hours(b, a, day=day)
    assert abs(here.shared_hours - there.shared_hours) < 1e-9
    assert abs(here.shared_hours - shared_office_hours(here.difference)) < 1e-9
    assert 0.0 <= here.shared_hours <= 8.0
