"""The planner's rule: fair to every clock, whatever the clocks do."""

import datetime as dt
from dataclasses import replace
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twincitylab.partnerships.rules.planner import (
    NIGHT_WEIGHT,
    PlannerSide,
    Slot,
    fair_slots,
    strain_of,
    without_holidays,
)

ZONES = (
    "Europe/Berlin", "America/New_York", "Asia/Tokyo", "Asia/Kathmandu", "Pacific/Auckland",
    "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/St_Johns", "Africa/Nairobi", "Australia/Lord_Howe",
    "UTC",
)  # fmt: skip
MONDAY = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
names = st.sampled_from(ZONES)
moments = st.integers(0, 4 * 365 * 24 * 60).map(
    lambda minutes: dt.datetime(2024, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=minutes)
)
lengths = st.sampled_from([30, 60, 90, 120])


def side(zone: str, *, name: str = "", strain: float = 0.0, **more: Any) -> PlannerSide:
    return replace(PlannerSide(name or zone, zone, holidays={}), strain=strain, **more)


def best(*sides: PlannerSide, first: dt.datetime = MONDAY, days: int = 5, minutes: int = 60) -> Slot:
    return fair_slots(sides, first=first, days=days, minutes=minutes)[0]


def test_office_hours_come_first() -> None:
    slot = best(side("Europe/Berlin"), side("Africa/Nairobi"))
    assert [local.burden for local in slot.locals] == [0, 0]
    assert slot.reasons == ("Between 9 and 17 o’clock on every side.",)


def test_where_several_hours_are_as_good_the_days_offer_different_ones() -> None:
    sides = [side("Europe/Berlin"), side("Africa/Nairobi")]
    found = fair_slots(sides, first=MONDAY, days=5, minutes=60)
    assert {slot.rank for slot in found} == {(0, 0.0)}
    assert len({slot.begins.date() for slot in found}) == len(found) == 5
    hours = sorted(slot.begins.hour * 60 + slot.begins.minute for slot in found)
    assert hours[-1] - hours[0] >= 5 * 60
    assert min(later - earlier for earlier, later in pairwise(hours)) >= 60


def test_who_has_had_fewer_early_and_late_hours_takes_the_next() -> None:
    berlin, tokyo = side("Europe/Berlin", name="Berlin"), side("Asia/Tokyo", name="Tokyo")
    tired = best(berlin, replace(tokyo, strain=12.0))
    rested = best(replace(berlin, strain=12.0), tokyo)
    assert tired.locals[1].burden < rested.locals[1].burden
    assert tired.locals[0].burden > rested.locals[0].burden
    assert any("turn of Berlin" in reason for reason in tired.reasons)
    assert any("turn of Tokyo" in reason for reason in rested.reasons)


def test_taking_the_best_hour_again_and_again_shares_the_burden() -> None:
    sides = [side("Europe/Berlin"), side("Asia/Tokyo")]
    for _week in range(40):
        slot = best(*sides)
        sides = [
            replace(one, strain=one.strain + local.burden)
            for one, local in zip(sides, slot.locals, strict=True)
        ]
    assert abs(sides[0].strain - sides[1].strain) < 4


def test_free_days_are_left_out_and_named_when_there_is_nothing_else() -> None:
    friday = dt.date(2026, 3, 6)
    berlin = side("Europe/Berlin", name="Berlin", holidays={friday: "Day of Trees"})
    found = fair_slots([berlin, side("Africa/Nairobi")], first=MONDAY, days=5, minutes=60)
    assert next(slot.begins.date() for slot in found[::-1]) == friday
    assert found[-1].reasons[-1] == "A public holiday for Berlin: Day of Trees."
    assert friday not in {slot.begins.date() for slot in found[:-1]}


def test_weekend_is_that_of_each_country() -> None:
    amman = side("Africa/Nairobi", name="Amman", weekend=frozenset({4, 5}))
    found = fair_slots([side("Europe/Berlin"), amman], first=MONDAY, days=7, minutes=60, most=7)
    on = {slot.begins.weekday(): slot for slot in found}
    assert set(list(on)[:4]) == {0, 1, 2, 3}
    assert "The weekend for Amman." in on[4].reasons


def test_across_the_date_line_each_side_has_its_own_day() -> None:
    auckland, samoa = side("Pacific/Auckland"), side("Pacific/Pago_Pago")
    slot = best(auckland, samoa, days=7)
    assert slot.locals[0].begins.date() != slot.locals[1].begins.date()
    assert not any(local.is_free_day for local in slot.locals)


@pytest.mark.parametrize(
    "day", [dt.datetime(2026, 3, 28, tzinfo=dt.UTC), dt.datetime(2026, 10, 24, tzinfo=dt.UTC)]
)
def test_when_the_clocks_change_the_hours_stay_ordinary(day: dt.datetime) -> None:
    found = fair_slots(
        [side("Europe/Berlin"), side("America/New_York")], first=day, days=10, minutes=60, most=6
    )
    assert all(9 <= local.begins.hour < 18 for slot in found for local in slot.locals)


def test_a_country_whose_holidays_nobody_knows_is_named() -> None:
    unknown = PlannerSide("Somewhere", "UTC")
    assert without_holidays([unknown, side("Europe/Berlin")]) == ("Somewhere",)


def test_nothing_to_plan_is_an_error() -> None:
    for sides, days, minutes in (((), 5, 60), ((side("UTC"),), 0, 60), ((side("UTC"),), 5, 10)):
        with pytest.raises(ValueError, match="A meeting has sides"):
            fair_slots(sides, first=MONDAY, days=days, minutes=minutes)


@settings(max_examples=25, deadline=None)
@given(
    zones=st.lists(names, min_size=1, max_size=4), first=moments, minutes=st.sampled_from([30, 60, 90, 120])
)
def test_every_proposal_keeps_its_promises(zones: list[str], first: dt.datetime, minutes: int) -> None:
    sides = [side(zone, name=f"{number}") for number, zone in enumerate(zones)]
    found = fair_slots(sides, first=first, days=4, minutes=minutes)
    assert found
    assert [slot.rank for slot in found] == sorted(slot.rank for slot in found)
    for slot in found:
        assert slot.begins >= first
        assert slot.ends - slot.begins == dt.timedelta(minutes=minutes)
        for local, zone in zip(slot.locals, zones, strict=True):
            assert local.begins == slot.begins
            assert local.begins.utcoffset() == slot.begins.astimezone(ZoneInfo(zone)).utcoffset()
            assert 0 <= local.burden <= NIGHT_WEIGHT * minutes / 60
        assert slot.reasons


@settings(max_examples=25, deadline=None)
@given(zones=st.tuples(names, names, names), first=moments, strains=st.tuples(*[st.floats(0, 50)] * 3))
def test_order_of_the_sides_changes_nothing(
    zones: tuple[str, str, str], first: dt.datetime, strains: tuple[float, float, float]
) -> None:
    sides = [
        side(zone, name=f"{number}", strain=strain)
        for number, (zone, strain) in enumerate(zip(zones, strains, strict=True))
    ]
    one = fair_slots(sides, first=first, days=3, minutes=60)
    two = fair_slots(sides[::-1], first=first, days=3, minutes=60)
    assert [slot.begins for slot in one] == [slot.begins for slot in two]


@settings(max_examples=40, deadline=None)
@given(zones=st.tuples(names, names), first=moments, more=st.floats(0, 30), less=st.floats(0, 30))
def test_who_has_had_more_is_never_asked_for_more(
    zones: tuple[str, str], first: dt.datetime, more: float, less: float
) -> None:
    low, high = sorted((more, less))
    other = side(zones[1], strain=0)
    before = best(side(zones[0], strain=low), other, first=first, days=1)
    after = best(side(zones[0], strain=high), other, first=first, days=1)
    assert after.locals[0].burden <= before.locals[0].burden + 1e-6


@settings(max_examples=30, deadline=None)
@given(zone=names, begins=moments, quarters=st.integers(1, 40))
def test_strain_is_of_the_hours_that_were_early_or_late(
    zone: str, begins: dt.datetime, quarters: int
) -> None:
    ends = begins + dt.timedelta(minutes=15 * quarters)
    strain = strain_of([(begins, ends)], zone=zone)
    # What is shown in hours and what decides are of the same hours.
    assert strain.hours <= strain.weight <= NIGHT_WEIGHT * strain.hours
    assert 0 <= strain.hours <= quarters / 4
    assert strain_of([(begins, ends)] * 2, zone=zone).hours == pytest.approx(2 * strain.hours)
