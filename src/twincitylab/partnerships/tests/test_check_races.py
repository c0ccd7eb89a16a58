"""Two at once in a round: everybody counts once, and it closes once with everything that was sent in time."""

import datetime as dt
from functools import partial

import pytest

from twincitylab.community.models import Notice, Person
from twincitylab.community.tests.world import NOW, at_once
from twincitylab.partnerships.choices import CheckState
from twincitylab.partnerships.models import CheckSheet, CheckTaken, EyeLevelCheck, Side
from twincitylab.partnerships.operations.checking import (
    RoundOver,
    answer_check,
    ask_to_close,
    close_due,
    look_after_checks,
    open_check,
)
from twincitylab.partnerships.tests.checked import BOTH, US, answered, make_sides, opened, people_of
from twincitylab.partnerships.tests.pair import make_pair

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("lasting_atlas")]

ROUNDS = 3
END = NOW + dt.timedelta(weeks=3)


def send(check: EyeLevelCheck, side: Side, person: Person, answers: list[int]) -> str:
    try:
        answer_check(check=check, side=side, answers=answers, by=person, now=NOW)
    except RoundOver:
        return "over"
    return "sent"


def test_the_same_answers_at_once_count_once() -> None:
    pair = make_pair()
    partnership, a, _b = make_sides(pair)
    check = opened(pair, partnership, a)
    outcomes = at_once(*[partial(send, check, a, pair.ada, answers) for answers in (US, US, BOTH)])
    assert outcomes == ["sent"] * 3
    assert (CheckSheet.objects.count(), CheckTaken.objects.count()) == (1, 1)


def test_two_stewards_open_one_round() -> None:
    pair = make_pair()
    partnership, a, b = make_sides(pair)

    def begin(side: Side, person: Person) -> str:
        return str(open_check(partnership=partnership, side=side, by=person, now=NOW).pk)

    outcomes = at_once(partial(begin, a, pair.ada), partial(begin, b, pair.bo))
    assert set(outcomes) == {str(EyeLevelCheck.objects.get().pk)}
    assert Notice.objects.filter(kind="check-opened").count() == 7


def test_everybody_at_once_is_counted() -> None:
    pair = make_pair()
    partnership, a, b = make_sides(pair)
    check = opened(pair, partnership, a)
    acts = [partial(send, check, side, person, US) for side in (a, b) for person in people_of(side)]
    assert at_once(*acts) == ["sent"] * len(acts)
    assert CheckSheet.objects.count() == len(acts)


def test_closing_while_somebody_sends_counts_it_or_says_that_it_is_over() -> None:
    for number in range(ROUNDS):
        pair = make_pair(a={"slug": f"a{number}"}, b={"slug": f"b{number}"})
        partnership, a, b = make_sides(pair)
        check = opened(pair, partnership, a)
        answered(check, a, US, US, US)
        answered(check, b, US, US, US)
        last = people_of(b)[3]
        outcomes = at_once(
            partial(send, check, b, last, US),
            lambda made=partnership: str(close_due(made, now=END)),  # type: ignore[misc]
        )
        check.refresh_from_db()
        assert check.state == CheckState.CLOSED
        assert check.result is not None
        counted = check.result["sides"][1]["people"]
        assert sorted(outcomes) in (["True", "over"], ["True", "sent"])
        assert counted == (4 if "sent" in outcomes else 3)
        assert not CheckSheet.objects.filter(check_round=check).exists()


def test_workers_and_readers_close_it_once() -> None:
    pair = make_pair()
    partnership, a, _b = make_sides(pair)
    opened(pair, partnership, a)
    outcomes = at_once(
        lambda: str(close_due(partnership, now=END)),
        lambda: str(close_due(partnership, now=END)),
        lambda: str(look_after_checks(now=END) == 1),
    )
    assert sorted(outcomes) == ["False", "False", "True"]
    assert Notice.objects.filter(kind="check-too-few").count() == 8


def test_both_sides_ask_in_the_same_second() -> None:
    for number in range(ROUNDS):
        pair = make_pair(a={"slug": f"a{number}"}, b={"slug": f"b{number}"})
        partnership, a, b = make_sides(pair)
        check = opened(pair, partnership, a)
        answered(check, a, US, US, US)
        answered(check, b, US, US, US)

        def ask(side: Side, person: Person, made: EyeLevelCheck = check) -> str:
            return ask_to_close(check=made, side=side, by=person, now=NOW).state

        outcomes = at_once(partial(ask, a, pair.ada), partial(ask, b, pair.bo))
        assert sorted(outcomes) == ["closed", "open"]
        assert Notice.objects.filter(kind="check-closed", community__in=[pair.a, pair.b]).count() == 8
