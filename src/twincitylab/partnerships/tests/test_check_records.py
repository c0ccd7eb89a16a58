"""What is counted from the records, and that nothing is said where nothing can be."""

import datetime as dt
import json
import uuid
from typing import Any

import pytest

from twincitylab.community.choices import Mode
from twincitylab.community.models import CommunityLanguage
from twincitylab.community.tests.world import NOW, make_community, make_person
from twincitylab.partnerships.choices import ActivityKind, ActivityState
from twincitylab.partnerships.engine.checks import result_of
from twincitylab.partnerships.models import Activity, ActivitySide, Message, Note, Partnership, Side, Thread
from twincitylab.partnerships.queries.check_records import Amounts, Counts, recorded
from twincitylab.partnerships.rules.questions import KEYS
from twincitylab.partnerships.tests.checked import BOTH
from twincitylab.partnerships.tests.pair import make_pair, partnered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("atlas")]

Sides = tuple[Partnership, Side, Side]


@pytest.fixture
def sides() -> Sides:
    partnership = partnered(make_pair())
    a, b = partnership.sides.all()
    return partnership, a, b


def held(sides: Sides, *, days: int = 30, hours: tuple[Any, Any] = (None, None), **more: Any) -> Activity:
    partnership, a, b = sides
    moment = NOW - dt.timedelta(days=days)
    made = Activity.objects.create(
        **{
            "partnership": partnership,
            "kind": ActivityKind.VISIT,
            "title": "Visit",
            "starts_at": moment,
            "made_by_side": a,
            "made_at": moment,
            "changed_at": moment,
            "form_key": uuid.uuid4(),
            **more,
        }
    )
    for side, given in zip((a, b), hours, strict=True):
        ActivitySide.objects.create(activity=made, side=side, hours=given)
    return made


def measured(sides: Sides) -> dict[str, Any]:
    partnership, a, b = sides
    sheets = [[BOTH] * 3, [BOTH] * 3]
    records = recorded(partnership, sides=[a, b], now=NOW)
    result = result_of(sheets, sides=[a.pk, b.pk], records=records, least=3, now=NOW)
    json.dumps(result, allow_nan=False)
    return {one["key"]: one["measured"] for one in result["dimensions"]}


def test_without_records_there_is_a_reason_for_each_and_no_figure(sides: Sides) -> None:
    found = measured(sides)
    assert set(found) == set(KEYS)
    assert found["decision"] is None
    assert found["benefit"] is None
    for key, one in found.items():
        if one is not None:
            assert (one["missing"], one["balance"], one["interval"]) == ("no_records", None, None), key


def test_hours_without_stated_capacity_are_not_compared(sides: Sides) -> None:
    for day in range(5):
        held(sides, days=10 + day, hours=(4, 2 + day % 2))
    found = measured(sides)["effort"]
    assert (found["missing"], found["balance"]) == ("no_capacity", None)
    assert found["sums"] == [20, 12]


def test_hours_are_measured_by_what_each_side_can_give(sides: Sides) -> None:
    _partnership, a, b = sides
    for side, capacity in ((a, 20), (b, 10)):
        side.hours_a_month = capacity
        side.save()
    for day in range(6):
        held(sides, days=10 + day, hours=(4 + day % 2, 2 + day % 3))
    held(sides, days=400, hours=(100, 0))
    held(sides, days=20, hours=(100, 0), state=ActivityState.PLANNED)
    held(sides, days=21, hours=(7, None))
    found = measured(sides)["effort"]
    assert found["sums"] == [27, 18]
    assert found["balance"] == pytest.approx(27 / 20 / (18 / 10))
    assert (found["records"], found["left_out"], found["is_relative"]) == (6, 1, True)
    assert found["interval"][0] < found["balance"] <= found["interval"][1]
    assert -1 < found["tilt"] < 0


def test_who_is_guest_travels(sides: Sides) -> None:
    _partnership, a, b = sides
    held(sides, host=a, mode=Mode.VISIT)
    held(sides, host=a, mode=Mode.VISIT)
    held(sides, host=b, mode=Mode.VISIT)
    held(sides, host=b, mode=Mode.ONLINE)
    held(sides, mode=Mode.VISIT)
    assert recorded(sides[0], sides=[a, b], now=NOW)["movement"] == Counts((1, 2))


def test_whose_language_is_not_spoken_carries_it(sides: Sides) -> None:
    _partnership, a, b = sides
    CommunityLanguage.objects.filter(community=a.community).delete()
    CommunityLanguage.objects.create(community=a.community, language="de")
    held(sides, language_used="en")
    held(sides, language_used="de-AT")
    held(sides, language_used="fr")
    held(sides)
    found = recorded(sides[0], sides=[a, b], now=NOW)["language"]
    assert isinstance(found, Amounts)
    assert sorted(found.rows) == [(0.0, 1.0), (1.0, 0.0), (1.0, 1.0)]


def test_what_all_put_to_use_is_one_record_and_not_one_for_each(sides: Sides) -> None:
    for day in range(6):
        held(sides, days=10 + day, is_put_to_use=True)
    shared = measured(sides)["learning"]
    assert (shared["balance"], shared["records"], shared["sums"]) == (1, 6, [6, 6])
    assert (shared["interval"], shared["no_interval"]) == (None, "no_spread")
    held(sides, is_put_to_use=True, put_to_use_by=sides[1])
    mixed = measured(sides)["learning"]
    assert (mixed["records"], mixed["sums"]) == (7, [7, 6])


def test_what_one_side_each_put_to_use_is_counted(sides: Sides) -> None:
    partnership, a, b = sides
    for side in (a, a, b):
        held(sides, is_put_to_use=True, put_to_use_by=side)
    assert recorded(partnership, sides=[a, b], now=NOW)["learning"] == Counts((2, 1))


def test_one_visit_with_two_guests_is_one_record(sides: Sides) -> None:
    partnership, a, b = sides
    people = [make_person("Cleo")]
    c = Side.objects.create(
        partnership=partnership,
        community=make_community("Menders", city="nancy-fr", steward=people[0]),
        number=2,
        joined_at=NOW,
    )
    held(sides, host=a, mode=Mode.VISIT)
    found = recorded(partnership, sides=[a, b, c], now=NOW)["movement"]
    assert found == Amounts(((0.0, 1.0, 1.0),))


def test_a_side_that_gives_nothing_is_0_and_no_infinity(sides: Sides) -> None:
    partnership, a, b = sides
    thread = Thread.objects.create(partnership=partnership, title="T", made_at=NOW, last_at=NOW)
    for _number in range(3):
        Message.objects.create(thread=thread, side=a, text="Hello", written_at=NOW, form_key=uuid.uuid4())
    Note.objects.create(
        partnership=partnership, title="N", side=b, made_at=NOW, changed_at=NOW, form_key=uuid.uuid4()
    )
    found = measured(sides)
    assert (found["voice"]["balance"], found["voice"]["tilt"], found["voice"]["sums"]) == (0, 1, [3, 0])
    assert (found["information"]["balance"], found["information"]["tilt"]) == (0, -1)


def test_swapping_the_sides_turns_the_tilt_and_nothing_else(sides: Sides) -> None:
    partnership, a, b = sides
    for side in (a, b):
        side.hours_a_month = 10
        side.save()
    for day in range(6):
        held(sides, days=10 + day, hours=(4 + day % 2, 2 + day % 3))
    one, other = (
        result_of(
            [[BOTH] * 3] * 2,
            sides=[side.pk for side in order],
            records=recorded(partnership, sides=order, now=NOW),
            least=3,
            now=NOW,
        )["dimensions"][5]["measured"]
        for order in ([a, b], [b, a])
    )
    assert one["balance"] == other["balance"]
    assert one["tilt"] == pytest.approx(-other["tilt"])
    assert one["interval"] == pytest.approx(other["interval"])
