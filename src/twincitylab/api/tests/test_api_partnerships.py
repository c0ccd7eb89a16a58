"""Partnerships over the API: for the people of their sides, and of open checks nothing for anybody."""

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from django.utils import timezone

from twincitylab.api.tests.calling import Program, fields
from twincitylab.community.models import Community
from twincitylab.partnerships.choices import CheckState
from twincitylab.partnerships.engine.checks import result_of
from twincitylab.partnerships.models import Activity, CheckSheet, EyeLevelCheck, Partnership
from twincitylab.partnerships.rules.questions import QUESTION_COUNT
from twincitylab.partnerships.tests.pair import Pair, make_pair, partnered

pytestmark = pytest.mark.usefixtures("atlas", "unlimited")
BELOW = ("", "/activities", "/health", "/checks")
SAT = {
    "kind": "workshop", "title": "Soldering", "starts_at": "2026-03-01T18:00:00Z", "language": "en",
    "host": "repair-cafe", "goals": [4], "is_public": True, "place": "The old tram hall",
    "story": "We laughed a lot.",
    "gifts": {"repair-cafe": {"people": 4, "hours": "12"}, "fixers-of-leeds": {"hours": 0, "money": 40.5}},
}  # fmt: skip


@pytest.fixture
def pair() -> Pair:
    return make_pair()


@pytest.fixture
def partnership(pair: Pair) -> Partnership:
    return partnered(pair)


def at(partnership: Partnership, below: str = "") -> str:
    return f"partnerships/{partnership.slug}{below}"


def write(pair: Pair, partnership: Partnership, **more: Any) -> dict[str, Any]:
    return Program(pair.ada).create(at(partnership, "/activities"), {**SAT, **more})


def publish(partnership: Partnership) -> None:
    Partnership.objects.filter(pk=partnership.pk).update(is_public=True)


def test_both_sides_read_the_same_each_from_its_own(pair: Pair, partnership: Partnership) -> None:
    ours = Program(pair.mo).read("partnerships")
    assert (ours["count"], ours["items"][0]["us"]) == (1, "fixers-of-leeds")
    here, there = (Program(one).read(at(partnership)) for one in (pair.ada, pair.bo))
    for answer in (ours["items"][0], here):
        assert [one["community"]["topics"] for one in answer["sides"]] == [["circular-economy"]] * 2
    assert (here.pop("us"), there.pop("us")) == ("repair-cafe", "fixers-of-leeds")
    assert here == there
    assert [one["community"]["slug"] for one in here["sides"]] == ["repair-cafe", "fixers-of-leeds"]
    assert (here["stage"], here["agreement"], here["may_write"]) == ("exploring", None, True)


@pytest.mark.parametrize("below", BELOW)
def test_nobody_else_learns_that_there_is_one(pair: Pair, partnership: Partnership, below: str) -> None:
    for person in (pair.zoe, pair.fay):
        assert Program(person).get(at(partnership, below)).status_code == 404
    assert Program().get(at(partnership, below)).status_code == (401 if below else 404)
    assert Program(pair.zoe).read("partnerships")["items"] == []
    sent = Program(pair.zoe).send("post", at(partnership, "/activities"), SAT, key=uuid.uuid4())
    assert (sent.status_code, Activity.objects.count()) == (404, 0)


def test_what_all_sides_published_is_what_everybody_reads(pair: Pair, partnership: Partnership) -> None:
    write(pair, partnership, about="Between us.", outcome="Between us too.")
    write(pair, partnership, title="Not for all", is_public=False)
    soon = (timezone.now() + dt.timedelta(days=3)).isoformat()
    write(pair, partnership, title="Next time", state="planned", starts_at=soon)
    publish(partnership)
    for program in (Program(), Program(pair.zoe)):
        seen = program.read(at(partnership))
        assert [one["title"] for one in seen["stories"]] == ["Soldering"]
        assert (seen["us"], seen["agreement"], seen["next_activities"]) == ("", None, [])
        told = json.dumps(seen)
        assert not [word for word in ("Between us", "Not for all", "Next time", "tram hall") if word in told]
    assert [one["title"] for one in Program(pair.bo).read(at(partnership))["next_activities"]] == [
        "Next time"
    ]


def test_a_side_that_hides_takes_the_public_answer_away(pair: Pair, partnership: Partnership) -> None:
    publish(partnership)
    Community.objects.filter(pk=pair.a.pk).update(is_safe_mode=True, pseudonym="Somebody")
    assert Program().get(at(partnership)).status_code == 404
    seen = Program(pair.bo).read(at(partnership))
    assert seen["sides"][0]["community"]["name"] == "Somebody"
    assert "Repair Caf\u00e9" not in json.dumps(seen, ensure_ascii=False)


def test_an_activity_is_written_down_once(pair: Pair, partnership: Partnership) -> None:
    key, program = uuid.uuid4(), Program(pair.mo)
    first, again = (program.create(at(partnership, "/activities"), SAT, key=key) for _time in range(2))
    assert (first, Activity.objects.count()) == (again, 1)
    assert (first["host"], first["made_by"], first["state"]) == ("repair-cafe", "fixers-of-leeds", "held")
    gifts = {one["side"]: one for one in first["gifts"]}
    assert (gifts["repair-cafe"]["people"], gifts["repair-cafe"]["money"]) == (4, None)
    assert (float(gifts["fixers-of-leeds"]["hours"]), gifts["fixers-of-leeds"]["people"]) == (0, None)
    page = Program(pair.ada).read(at(partnership, "/activities?limit=1"))
    assert (page["count"], page["currency"], page["items"]) == (1, "EUR", [first])


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"host": "elsewhere"}, "host"),
        ({"gifts": {"elsewhere": {"people": 1}}}, "gifts"),
        ({"kind": "party"}, "kind"),
        ({"title": " "}, "title"),
        ({"goals": [18]}, "goals"),
    ],
)
def test_what_cannot_be_names_its_field(
    pair: Pair, partnership: Partnership, sent: dict[str, Any], field: str
) -> None:
    answer = Program(pair.ada).send("post", at(partnership, "/activities"), {**SAT, **sent}, key=uuid.uuid4())
    assert (answer.status_code, fields(answer), Activity.objects.count()) == (422, [field], 0)


@pytest.mark.parametrize(
    "gift", [{"hours": "NaN"}, {"hours": "Infinity"}, {"people": -1}, {"money": "0.001"}, {"persons": 3}]
)
def test_absurd_figures_are_refused(pair: Pair, partnership: Partnership, gift: dict[str, Any]) -> None:
    sent = {**SAT, "gifts": {"repair-cafe": gift}}
    answer = Program(pair.ada).send("post", at(partnership, "/activities"), sent, key=uuid.uuid4())
    assert (answer.status_code, Activity.objects.count()) == (422, 0)


ODD: tuple[dict[str, Any], ...] = (
    {"title": "\ud800"}, {"host": "\x00"}, {"kind": "\ud800"}, {"goals": [10**30]},
    {"gifts": []}, {"gifts": {"": {}}}, {"gifts": {"repair-cafe": None}}, {"gifts": {"\ud800": {}}},
    {"starts_at": "0001-01-01T00:00:00+14:00"}, {"starts_at": 10**25}, {"starts_at": "2026-03-01T18:00:00"},
    {"ends_at": "9999-12-31T23:59:59-14:00"}, {"place": "x" * 30_000}, {"is_put_to_use": "perhaps"},
    {"made_by": "zoe"}, {"gifts": {"repair-cafe": {"hours": "1e400"}}}, {"topic": None},
)  # fmt: skip


@pytest.mark.parametrize("odd", ODD, ids=map(str, range(len(ODD))))
def test_odd_things_are_refused_in_a_sentence(
    pair: Pair, partnership: Partnership, odd: dict[str, Any]
) -> None:
    answer = Program(pair.ada).send("post", at(partnership, "/activities"), {**SAT, **odd}, key=uuid.uuid4())
    assert (answer.status_code in {400, 422}, Activity.objects.count()) == (True, 0), answer.content
    assert answer.json()["message"]


def test_a_side_that_has_left_reads_on_and_writes_nothing(pair: Pair, partnership: Partnership) -> None:
    partnership.sides.filter(community=pair.a).update(left_at=timezone.now(), left_reason="No time.")
    program = Program(pair.ada)
    assert program.read(at(partnership))["may_write"] is False
    assert program.send("post", at(partnership, "/activities"), SAT, key=uuid.uuid4()).status_code == 403


def test_health_is_the_same_for_both_sides(pair: Pair, partnership: Partnership) -> None:
    here, there = (Program(one).read(at(partnership, "/health")) for one in (pair.ada, pair.mo))
    assert here == there
    assert len(here["signals"]) == 10
    assert {one["word"] for one in here["signals"]} <= {"alive", "watch", "silent", "unknown"}


def test_of_an_open_check_nothing_is_told(pair: Pair, partnership: Partnership) -> None:
    now, sides = timezone.now(), list(partnership.sides.order_by("number"))
    result = result_of(
        [[[0] * QUESTION_COUNT] * 3 for _side in sides], sides=[one.pk for one in sides], records={}, least=3,
        now=now,
    )  # fmt: skip
    moments = {"partnership": partnership, "opened_at": now, "closes_at": now + dt.timedelta(days=9)}
    EyeLevelCheck.objects.create(number=1, state=CheckState.CLOSED, closed_at=now, result=result, **moments)
    EyeLevelCheck.objects.create(number=2, state=CheckState.TOO_FEW, closed_at=now, **moments)
    before = [Program(pair.ada).get(at(partnership, below)).content for below in BELOW]
    opened = EyeLevelCheck.objects.create(number=3, **moments)
    for side in sides:
        CheckSheet.objects.create(check_round=opened, side=side, answers=[2] * QUESTION_COUNT)
    assert [Program(pair.ada).get(at(partnership, below)).content for below in BELOW] == before
    (closed,) = Program(pair.mo).read(at(partnership, "/checks"))["items"]
    assert closed["number"] == 1
    assert [one["people"] for one in closed["result"]["sides"]] == [3, 3]


def test_many_activities_take_as_many_questions_as_one(
    pair: Pair, partnership: Partnership, django_assert_max_num_queries: Any
) -> None:
    write(pair, partnership)
    program = Program(pair.ada)
    program.read(at(partnership, "/activities"))
    with django_assert_max_num_queries(14) as few:
        program.read(at(partnership, "/activities"))
    for number in range(4):
        write(pair, partnership, title=f"Evening {number}")
    with django_assert_max_num_queries(14) as many:
        program.read(at(partnership, "/activities"))
    assert len(few) == len(many)
