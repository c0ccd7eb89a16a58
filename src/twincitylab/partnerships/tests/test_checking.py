"""A round of the eye-level check: once each, closed once, and nothing left but what all may know."""

import datetime as dt
import json

import pytest
from django.core.exceptions import PermissionDenied

from twincitylab.base.models import AuditEntry
from twincitylab.community.models import Notice
from twincitylab.community.operations.erase import erase_person
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.tests.world import NOW, make_community, make_person
from twincitylab.partnerships.choices import CheckState, Stage
from twincitylab.partnerships.models import CheckSheet, CheckTaken, EyeLevelCheck, Partnership, Side
from twincitylab.partnerships.operations.checking import (
    NotAsked,
    RoundOver,
    answer_check,
    ask_to_close,
    close_due,
    look_after_checks,
    open_check,
)
from twincitylab.partnerships.operations.leaving import leave
from twincitylab.partnerships.rules.questions import KEYS
from twincitylab.partnerships.tests.checked import BOTH, THEM, US, answered, make_sides, opened, people_of
from twincitylab.partnerships.tests.pair import LATER, Pair, make_pair, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("atlas")]

END = NOW + dt.timedelta(weeks=3)


@pytest.fixture
def pair() -> Pair:
    return make_pair()


@pytest.fixture
def sides(pair: Pair) -> tuple[Partnership, Side, Side]:
    return make_sides(pair)


Sides = tuple[Partnership, Side, Side]


def test_a_steward_opens_a_round_and_everybody_is_told(pair: Pair, sides: Sides) -> None:
    partnership, a, b = sides
    check = opened(pair, partnership, a)
    assert (check.number, check.least, check.closes_at) == (1, 3, END)
    assert [told(person).count("check-opened") for person in (pair.ada, pair.al, pair.bo, pair.mo)] == [
        0,
        1,
        1,
        1,
    ]
    again = open_check(partnership=partnership, side=b, by=pair.bo, now=NOW)
    assert again == check
    assert Notice.objects.filter(kind="check-opened").count() == 7


@pytest.mark.parametrize("weeks", [0, 7])
def test_a_round_lasts_one_to_six_weeks(pair: Pair, sides: Sides, weeks: int) -> None:
    with pytest.raises(Refused):
        open_check(partnership=sides[0], side=sides[1], weeks=weeks, by=pair.ada, now=NOW)


def test_members_and_strangers_open_none(pair: Pair, sides: Sides) -> None:
    for person in (pair.mo, pair.zoe, pair.fay):
        with pytest.raises(PermissionDenied):
            open_check(partnership=sides[0], side=sides[2], by=person, now=NOW)


def test_nobody_answers_for_another_side_or_twice(pair: Pair, sides: Sides) -> None:
    partnership, a, b = sides
    check = opened(pair, partnership, a)
    with pytest.raises(PermissionDenied):
        answer_check(check=check, side=b, answers=US, by=pair.ada, now=NOW)
    for answers in (US, BOTH):
        answer_check(check=check, side=a, answers=answers, by=pair.ada, now=NOW)
    assert [(sheet.side, sheet.answers) for sheet in CheckSheet.objects.all()] == [(a, US)]


@pytest.mark.parametrize("answers", [US[:-1], [*US, 0], [3] * 20, [True] * 20, ["2"] * 20, [1.5] * 20])
def test_what_is_no_answer_is_not_kept(pair: Pair, sides: Sides, answers: list[int | None]) -> None:
    check = opened(pair, sides[0], sides[1])
    with pytest.raises(ValueError, match="no answers"):
        answer_check(check=check, side=sides[1], answers=answers, by=pair.ada, now=NOW)
    assert not CheckTaken.objects.exists()


def test_answering_leaves_no_trace_but_that_somebody_has(pair: Pair, sides: Sides) -> None:
    partnership, a, _b = sides
    check = opened(pair, partnership, a)
    before = AuditEntry.objects.count(), Notice.objects.count(), Partnership.objects.values().get()
    answered(check, a, US, US, US, US)
    after = AuditEntry.objects.count(), Notice.objects.count(), Partnership.objects.values().get()
    assert before == after
    columns = {field.attname for model in (CheckSheet, CheckTaken) for field in model._meta.fields}
    assert columns == {"id", "check_round_id", "side_id", "answers", "person_id"}
    assert "side_id" not in {field.attname for field in CheckTaken._meta.fields}


def test_the_end_computes_once_and_forgets_the_sheets(pair: Pair, sides: Sides) -> None:
    partnership, a, b = sides
    check = opened(pair, partnership, a)
    answered(check, a, US, US, BOTH)
    answered(check, b, BOTH, BOTH, BOTH, US)
    assert not close_due(partnership, now=END - dt.timedelta(seconds=1))
    assert close_due(partnership, now=END)
    assert not close_due(partnership, now=END)
    check.refresh_from_db()
    assert check.state == CheckState.CLOSED
    assert not CheckSheet.objects.exists()
    assert not CheckTaken.objects.exists()
    assert told(pair.ada).count("check-closed") == 1
    text = json.dumps(check.result, allow_nan=False)
    assert [one["people"] for one in check.result["sides"]] == [3, 4]  # type: ignore[index]
    assert [one["key"] for one in json.loads(text)["dimensions"]] == list(KEYS)


def test_nobody_answers_after_the_end(pair: Pair, sides: Sides) -> None:
    partnership, a, _b = sides
    check = opened(pair, partnership, a)
    with pytest.raises(RoundOver):
        answer_check(check=check, side=a, answers=US, by=pair.ada, now=END)
    close_due(partnership, now=END)
    with pytest.raises(RoundOver):
        answer_check(check=check, side=a, answers=US, by=pair.ada, now=NOW)
    assert not CheckSheet.objects.exists()


def test_too_few_of_one_side_is_no_result_and_nothing_is_kept(pair: Pair, sides: Sides) -> None:
    partnership, a, b = sides
    check = opened(pair, partnership, a)
    answered(check, a, US, US, US, US)
    answered(check, b, US, US)
    close_due(partnership, now=END)
    check.refresh_from_db()
    assert (check.state, check.result) == (CheckState.TOO_FEW, None)
    assert not CheckSheet.objects.exists()
    assert told(pair.mo).count("check-too-few") == 1
    assert open_check(partnership=partnership, side=b, by=pair.bo, now=END).number == 2


def test_it_closes_early_when_every_side_asks_and_has_enough(pair: Pair, sides: Sides) -> None:
    partnership, a, b = sides
    check = opened(pair, partnership, a)
    answered(check, a, US, US, US)
    answered(check, b, US, US)
    assert ask_to_close(check=check, side=a, by=pair.al, now=NOW).state == CheckState.OPEN
    assert ask_to_close(check=check, side=b, by=pair.bo, now=NOW).state == CheckState.OPEN
    third = people_of(b)[2]
    answer_check(check=check, side=b, answers=US, by=third, now=NOW)
    check.refresh_from_db()
    assert check.state == CheckState.CLOSED


def test_one_side_alone_closes_nothing(pair: Pair, sides: Sides) -> None:
    partnership, a, b = sides
    check = opened(pair, partnership, a)
    answered(check, a, US, US, US)
    answered(check, b, US, US, US)
    with pytest.raises(PermissionDenied):
        ask_to_close(check=check, side=b, by=pair.mo, now=NOW)
    ask_to_close(check=check, side=a, by=pair.ada, now=NOW)
    assert ask_to_close(check=check, side=a, by=pair.ada, now=NOW).state == CheckState.OPEN
    assert ask_to_close(check=check, side=b, by=pair.bo, now=NOW).state == CheckState.CLOSED


def test_the_agreed_least_number_holds_for_the_round(pair: Pair, sides: Sides) -> None:
    partnership, a, b = sides
    Partnership.objects.update(least_answers=4)
    check = opened(pair, partnership, a)
    Partnership.objects.update(least_answers=3)
    answered(check, a, US, US, US)
    answered(check, b, US, US, US)
    close_due(partnership, now=END)
    check.refresh_from_db()
    assert check.state == CheckState.TOO_FEW


def test_a_dimension_few_answered_says_nothing_of_any_side(pair: Pair, sides: Sides) -> None:
    partnership, a, b = sides
    check = opened(pair, partnership, a)
    some: list[int | None] = [None, None, *US[2:]]
    answered(check, a, US, US, US)
    answered(check, b, US, US, some)
    close_due(partnership, now=END)
    check.refresh_from_db()
    dimensions = check.result["dimensions"]  # type: ignore[index]
    assert dimensions[0]["felt"] == {"missing": "too_few"}
    assert dimensions[1]["felt"]["missing"] is None
    assert KEYS[0] not in check.result["talk_first"]  # type: ignore[index]


def test_a_side_all_of_whose_people_say_the_same_gives_no_answer_away(pair: Pair, sides: Sides) -> None:
    partnership, a, b = sides
    results = []
    mixed = [2, 2, 2, 2]
    for answers in ([US, US, US], [[*mixed, *US[4:]], US, [1, 1, 1, 1, *US[4:]]]):
        check = open_check(partnership=partnership, side=a, by=pair.ada, now=NOW)
        answered(check, a, *answers)
        answered(check, b, THEM, THEM, THEM)
        close_due(partnership, now=END)
        check.refresh_from_db()
        results.append(check.result["dimensions"][0]["felt"]["views"])  # type: ignore[index]
    assert results[0] == results[1] == [1.5, -1.5]


def test_erasing_somebody_reveals_nothing_and_their_answers_still_count(pair: Pair, sides: Sides) -> None:
    partnership, a, b = sides
    check = opened(pair, partnership, a)
    answered(check, a, US, US, US)
    answered(check, b, US, US, US)
    gone = people_of(b)[2]
    erase_person(by=gone, now=NOW)
    assert (CheckSheet.objects.count(), CheckTaken.objects.count()) == (6, 5)
    close_due(partnership, now=END)
    check.refresh_from_db()
    assert check.state == CheckState.CLOSED


def test_sheets_lie_in_the_order_of_their_random_keys(pair: Pair, sides: Sides) -> None:
    from django.db import connection

    partnership, a, b = sides
    check = opened(pair, partnership, a)
    answered(check, a, US, BOTH, THEM)
    answered(check, b, US, BOTH, THEM)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, answers FROM {CheckSheet._meta.db_table}")  # noqa: S608 - no input
        keys = [str(row[0]).replace("-", "") for row in cursor.fetchall()]
    assert keys == sorted(keys)


def test_three_days_before_the_end_only_who_has_not_answered_is_reminded(pair: Pair, sides: Sides) -> None:
    partnership, a, _b = sides
    check = opened(pair, partnership, a)
    answered(check, a, US)  # ada
    assert look_after_checks(now=END - dt.timedelta(days=3, seconds=1)) == 0
    assert look_after_checks(now=END - dt.timedelta(days=3)) == 1
    assert look_after_checks(now=END - dt.timedelta(days=2)) == 0
    assert [told(person).count("check-ends-soon") for person in (pair.ada, pair.al, pair.mo)] == [0, 1, 1]
    assert look_after_checks(now=END) == 1
    assert EyeLevelCheck.objects.get().state == CheckState.TOO_FEW


def test_a_side_that_leaves_is_not_asked_any_more(pair: Pair, sides: Sides) -> None:
    partnership, a, b = sides
    check = opened(pair, partnership, a)
    answered(check, a, US, US, US)
    answered(check, b, US, US, US)
    Side.objects.filter(pk=b.pk).update(left_at=NOW)
    close_due(partnership, now=END)
    check.refresh_from_db()
    assert check.state == CheckState.TOO_FEW


def test_an_ended_partnership_opens_none_and_takes_no_answers(pair: Pair, sides: Sides) -> None:
    partnership, a, _b = sides
    check = opened(pair, partnership, a)
    Partnership.objects.update(stage=Stage.ENDED, stage_reason="Done.")
    with pytest.raises(Refused):
        answer_check(check=check, side=a, answers=US, by=pair.ada, now=NOW)
    with pytest.raises(Refused):
        open_check(partnership=partnership, side=a, by=pair.ada, now=NOW)


def test_audit_tells_no_answer_and_no_count(pair: Pair, sides: Sides) -> None:
    partnership, a, b = sides
    check = opened(pair, partnership, a)
    answered(check, a, US, US, US)
    answered(check, b, US, US, US)
    close_due(partnership, now=END)
    rows = AuditEntry.objects.filter(action__contains="check").order_by("pk")
    assert [row.action for row in rows] == ["open check", "close check"]
    assert set(rows[1].detail) == {"number", "state"}
    assert rows[1].actor == "background worker"


def third(partnership: Partnership, *, joined_at: dt.datetime) -> Side:
    people = [make_person(f"Third {number}") for number in range(3)]
    menders = make_community("Menders", city="nancy-fr", steward=people[0], members=people[1:])
    return Side.objects.create(partnership=partnership, community=menders, number=2, joined_at=joined_at)


def test_a_side_that_joins_meanwhile_is_not_asked_and_takes_no_result_away(pair: Pair, sides: Sides) -> None:
    partnership, a, b = sides
    check = opened(pair, partnership, a)
    answered(check, a, US, US, US)
    answered(check, b, US, US, US)
    c = third(partnership, joined_at=NOW + dt.timedelta(hours=1))
    (first, *_more) = people_of(c)
    with pytest.raises(NotAsked):
        answer_check(check=check, side=c, answers=US, by=first, now=END - dt.timedelta(days=1))
    with pytest.raises(NotAsked):
        ask_to_close(check=check, side=c, by=first, now=END - dt.timedelta(days=1))
    look_after_checks(now=END - dt.timedelta(days=1))
    assert "check-ends-soon" not in told(first)
    close_due(partnership, now=END)
    check.refresh_from_db()
    assert check.state == CheckState.CLOSED
    assert [one["side"] for one in check.result["sides"]] == [a.pk, b.pk]  # type: ignore[index]
    assert "check-closed" in told(first)


def test_the_sides_of_a_round_close_it_early_without_one_that_came_later(pair: Pair, sides: Sides) -> None:
    partnership, a, b = sides
    check = opened(pair, partnership, a)
    answered(check, a, US, US, US)
    answered(check, b, US, US, US)
    third(partnership, joined_at=NOW + dt.timedelta(hours=1))
    ask_to_close(check=check, side=a, by=pair.ada, now=LATER)
    assert ask_to_close(check=check, side=b, by=pair.bo, now=LATER).state == CheckState.CLOSED


def test_of_three_the_two_that_stay_have_their_result(pair: Pair, sides: Sides) -> None:
    partnership, a, b = sides
    c = third(partnership, joined_at=NOW)
    check = opened(pair, partnership, a)
    for side in (a, b, c):
        answered(check, side, US, US, US)
    leave(partnership=partnership, side=c, reason="We move.", by=people_of(c)[0], now=LATER)
    close_due(partnership, now=END)
    check.refresh_from_db()
    assert [one["side"] for one in check.result["sides"]] == [a.pk, b.pk]  # type: ignore[index]
    assert not CheckSheet.objects.exists()


def test_a_round_ends_with_its_partnership_and_keeps_no_sheet(pair: Pair, sides: Sides) -> None:
    partnership, a, b = sides
    check = opened(pair, partnership, a)
    answered(check, a, US, US, US)
    answered(check, b, US, US, US)
    left = leave(partnership=partnership, side=b, reason="We move.", by=pair.bo, now=LATER)
    assert look_after_checks(now=LATER) == 1
    assert not close_due(left, now=LATER)
    check.refresh_from_db()
    assert (check.state, check.closed_at) == (CheckState.TOO_FEW, LATER)
    assert not CheckSheet.objects.exists()
