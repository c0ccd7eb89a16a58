"""Signals of health: hand-computed cases and what each cannot say."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eyelevel.parity import Missing, breadth, bus_factor, renewal, rhythm, share, used_capacity

NAN = float("nan")


def test_a_rhythm_by_hand() -> None:
    found = rhythm([100, 0, 60, 20, 60.5, 400], today=130)
    assert (found.events, found.typical, found.silence) == (4, 40.0, 30.0)
    logs = np.log([20, 40, 40])
    variance = (2 * math.log(2) ** 2 + ((logs - logs.mean()) ** 2).sum()) / 4
    t = (math.log(30) - logs.mean()) / math.sqrt(variance * 4 / 3)
    # Student's distribution with 4 degrees of freedom has a closed form
    w = t / math.sqrt(t**2 + 4)
    assert found.chance == pytest.approx(0.5 - 0.75 * w * (1 - w**2 / 3))


def test_silence_is_by_its_own_rhythm() -> None:
    monthly, yearly = np.arange(0, 360, 30), np.arange(0, 3650, 365)
    assert rhythm(monthly, today=330 + 100).is_silent
    assert not rhythm(monthly, today=330 + 40).is_silent
    assert not rhythm(yearly, today=3285 + 400).is_silent


@given(
    st.lists(st.integers(0, 3000), min_size=4, max_size=30, unique=True),
    st.integers(0, 500),
    st.integers(0, 500),
)
def test_a_longer_silence_is_never_more_ordinary(days: list[int], wait: int, more: int) -> None:
    early, late = (rhythm(days, today=max(days) + waited) for waited in (wait, wait + more))
    assert (early.chance is None) == (late.chance is None)
    assert (late.chance or 0) <= (early.chance or 0)
    assert late.is_silent or not early.is_silent


def test_too_few_events_have_no_rhythm() -> None:
    assert rhythm([], today=5).missing is Missing.NO_RECORDS
    assert rhythm([9], today=5).missing is Missing.NO_RECORDS  # only planned so far
    found = rhythm([1, 40, 80, 80.2], today=85)
    assert (found.missing, found.silence, found.chance) == (Missing.TOO_FEW, 5.0, None)
    assert not found.is_silent


def test_a_visiting_week_written_down_day_by_day_is_one_meeting() -> None:
    week = list(range(8))
    assert (rhythm(week, today=12).events, rhythm(week, today=12).is_silent) == (1, False)
    yearly = [365 * year + day for year in range(5) for day in week]
    found = rhythm(yearly, today=max(yearly) + 200)
    assert (found.events, found.typical, found.is_silent) == (5, 358.0, False)
    assert rhythm(yearly, today=max(yearly) + 1200).is_silent


def test_what_is_one_meeting_by_hand() -> None:
    # three weeks without the Sundays are one, what comes five days later is another
    stay = [day for day in range(21) if day % 7 != 6]
    assert rhythm([*stay, 24], today=30).events == 2
    assert rhythm([0, 13], today=30).events == 1
    assert rhythm([0, 14], today=30).events == 2
    weekly = rhythm(np.arange(0, 140, 7), today=140)
    assert (weekly.events, weekly.typical) == (10, 7.0)
    assert rhythm(np.arange(0, 310), today=310).events == 10  # every day: one a month


def test_nothing_under_thirty_days_is_a_silence() -> None:
    weekly = np.arange(0, 203, 7)
    short, long = rhythm(weekly, today=196 + 29), rhythm(weekly, today=196 + 30)
    assert short.chance is not None
    assert short.chance < 0.01
    assert (short.is_silent, long.is_silent) == (False, True)


def test_without_a_rhythm_of_its_own_a_year_is_a_silence() -> None:
    assert [rhythm([0, 60, 90], today=90 + wait).is_silent for wait in (365, 366, 2000)] == [
        False,
        True,
        True,
    ]
    assert rhythm([0], today=184, unknown=183).is_silent
    assert not rhythm([0], today=182, unknown=183).is_silent
    never = [rhythm([], today=day, begun=100) for day in (90, 465, 466)]
    assert [(one.silence, one.is_silent) for one in never] == [(0.0, False), (365.0, False), (366.0, True)]


def test_days_are_finite() -> None:
    for days, today in (([NAN], 1.0), ([1.0], math.inf)):
        with pytest.raises(ValueError, match="finite"):
            rhythm(days, today)
        with pytest.raises(ValueError, match="finite"):
            renewal(days, today)


def test_breadth_by_hand() -> None:
    assert breadth(["visit"] * 9).value == 1
    assert breadth([1, 2, 3, 3]).value == pytest.approx(math.exp(1.5 * math.log(2)))
    assert breadth([]).missing is Missing.NO_RECORDS


@given(st.lists(st.sampled_from("abcde"), min_size=1, max_size=40))
def test_breadth_is_between_1_and_the_number_of_kinds(labels: list[str]) -> None:
    found = breadth(labels)
    assert found.value is not None
    assert 1 <= found.value <= found.kinds


def test_one_large_workshop_does_not_hide_who_carries_it() -> None:
    alone = np.zeros((30, 10))
    alone[0] = 1  # the first person at every event
    alone[:, 9] = 1  # all thirty at the last
    found = bus_factor(alone)
    assert (found.people, found.contacts) == (1, 10)
    assert found.largest == pytest.approx(0.9 + 1 / 300)


def test_half_is_not_more_than_half() -> None:
    assert bus_factor([[1, 0], [0, 1]]).people == 2
    assert bus_factor(np.eye(5)).people == 3
    assert bus_factor(np.ones((3, 4))).people == 2


def test_events_without_people_do_not_count() -> None:
    assert bus_factor([[1, 0, 1], [0, 0, 1]]).contacts == 2
    for nobody in ([], [[0, 0]], np.empty((0, 3))):
        assert bus_factor(nobody).missing is Missing.NO_RECORDS
    with pytest.raises(ValueError, match="0 and 1"):
        bus_factor([[2, 1]])


def test_renewal() -> None:
    found = renewal([0, 10, 500, 790, 900], today=800)
    assert (found.value, found.of) == (0.5, 4)
    assert found.interval is not None
    assert renewal([600, 700], today=800).missing is Missing.TOO_YOUNG  # never a false 100 %
    assert renewal([], today=800).missing is Missing.NO_RECORDS


def test_shares() -> None:
    none, all_of = share(0, 9), share(9, 9)
    assert none.interval is not None
    assert all_of.interval is not None
    assert none.interval.low == 0 < none.interval.high < 0.2
    assert all_of.interval.high == 1 > all_of.interval.low > 0.8
    assert share(0, 0).value is None
    for yes, of in ((-1, 3), (4, 3)):
        with pytest.raises(ValueError, match="no share"):
            share(yes, of)


def test_used_capacity() -> None:
    found = used_capacity([30, 50, NAN, 5, 0], [60, 40, 10, NAN, 0])
    assert [side.value for side in found] == [0.5, 1.25, None, None, None]
    assert [side.missing for side in found[2:]] == [
        Missing.NO_RECORDS,
        Missing.NO_CAPACITY,
        Missing.NO_CAPACITY,
    ]
    with pytest.raises(ValueError, match="a side"):
        used_capacity([1, 2], [1])
    with pytest.raises(ValueError, match="at least 0"):
        used_capacity([-1], [1])
