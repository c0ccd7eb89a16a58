"""Two at once: exactly one result, and whoever comes second is told what has happened."""

import uuid
from dataclasses import replace
from functools import partial

import pytest

from twincitylab.community.models import Notice, Person
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.tests.world import NOW, at_once, make_community
from twincitylab.matching.models import KnownPair
from twincitylab.partnerships.choices import IntroductionState
from twincitylab.partnerships.models import Interest, Introduction, IntroductionNote
from twincitylab.partnerships.operations.answering import (
    accept,
    decline,
    end_introductions,
    withdraw,
    write_note,
)
from twincitylab.partnerships.operations.interest import mark_interest
from twincitylab.partnerships.operations.pairs import Overtaken
from twincitylab.partnerships.rules.limits import OPEN_FOR, most_sent
from twincitylab.partnerships.tests.pair import Pair, make_pair, proposed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("lasting_atlas")]

ROUNDS = 3


def yes(made: Introduction, pair: Pair, by: Person) -> str:
    try:
        return accept(introduction=made, side=pair.b, by=by, now=NOW).state
    except Overtaken as overtaken:
        return overtaken.message


def no(made: Introduction, pair: Pair, by: Person) -> str:
    try:
        return decline(introduction=made, side=pair.b, reason="not-now", by=by, now=NOW).state
    except Overtaken as overtaken:
        return overtaken.message


def back(made: Introduction, pair: Pair) -> str:
    try:
        return withdraw(introduction=made, side=pair.a, by=pair.ada, now=NOW).state
    except Overtaken as overtaken:
        return overtaken.message


def interest(pair: Pair, *, is_back: bool) -> str:
    made = (
        mark_interest(community=pair.b, other=pair.a, by=pair.bo, now=NOW)
        if is_back
        else mark_interest(community=pair.a, other=pair.b, by=pair.ada, now=NOW)
    )
    return "met" if made else "kept"


def propose_once(pair: Pair, *, is_back: bool, key: uuid.UUID) -> str:
    try:
        return f"made {proposed(pair, back=is_back, key=key).pk}"
    except Refused as refused:
        return refused.message


def test_interest_from_both_sides_at_once_makes_one_introduction() -> None:
    for _round in range(ROUNDS):
        pair = make_pair(a={"slug": f"a{_round}"}, b={"slug": f"b{_round}"})
        outcomes = at_once(partial(interest, pair, is_back=False), partial(interest, pair, is_back=True))
        assert sorted(outcomes) == ["kept", "met"]
        made = Introduction.objects.get(a=pair.a, b=pair.b)
        assert made.state == IntroductionState.ACCEPTED
        assert KnownPair.objects.filter(a=pair.a, b=pair.b).count() == 1
        assert not Interest.objects.exists()
        assert Notice.objects.filter(person=pair.ada).count() == 1


def test_one_steward_accepts_and_one_declines() -> None:
    for _round in range(ROUNDS):
        pair = make_pair(a={"slug": f"a{_round}"}, b={"slug": f"b{_round}"})
        made = proposed(pair)
        outcomes = at_once(partial(yes, made, pair, pair.bo), partial(no, made, pair, pair.bea))
        made.refresh_from_db()
        assert made.state in {"accepted", "declined"}
        sentence = {
            "accepted": "Both sides have said yes meanwhile: you have met.",
            "declined": "This introduction has been declined meanwhile.",
        }[made.state]
        assert sorted(outcomes) == sorted([made.state, sentence])
        assert KnownPair.objects.filter(a=pair.a, b=pair.b).count() == (made.state == "accepted")


def test_one_accepts_while_the_other_side_withdraws() -> None:
    for _round in range(ROUNDS):
        pair = make_pair(a={"slug": f"a{_round}"}, b={"slug": f"b{_round}"})
        made = proposed(pair)
        outcomes = at_once(partial(yes, made, pair, pair.bo), partial(back, made, pair))
        made.refresh_from_db()
        sentence = {
            "accepted": "Both sides have said yes meanwhile: you have met.",
            "withdrawn": "This introduction has been withdrawn meanwhile.",
        }[made.state]
        assert sorted(outcomes) == sorted([made.state, sentence])


def test_the_same_form_at_once_makes_one_proposal() -> None:
    pair, key = make_pair(), uuid.uuid4()
    outcomes = at_once(*[partial(propose_once, pair, is_back=False, key=key)] * 3)
    assert set(outcomes) == {f"made {Introduction.objects.get().pk}"}


def test_proposals_that_cross_are_one() -> None:
    pair = make_pair()
    outcomes = at_once(
        partial(propose_once, pair, is_back=False, key=uuid.uuid4()),
        partial(propose_once, pair, is_back=True, key=uuid.uuid4()),
    )
    made = Introduction.objects.get()
    assert sorted(outcome.startswith("made") for outcome in outcomes) == [False, True]
    assert f"made {made.pk}" in outcomes


def test_the_same_note_at_once_is_one() -> None:
    pair, key = make_pair(), uuid.uuid4()
    made = proposed(pair)

    def write() -> str:
        written = write_note(
            introduction=made,
            side=pair.b,
            text="?",
            language="en",
            form_key=key,
            by=pair.bo,
            now=NOW,
        )
        return str(written.pk)

    assert len(set(at_once(write, write))) == 1
    assert IntroductionNote.objects.count() == 1


def test_nobody_slips_past_the_limit_by_hurrying() -> None:
    pair = make_pair(a={"capacity": 0})
    others = [make_community(city="nancy-fr") for _number in range(most_sent(0) + 2)]
    at_once(
        *(partial(propose_once, replace(pair, b=other), is_back=False, key=uuid.uuid4()) for other in others)
    )
    assert Introduction.objects.count() == most_sent(0)


def test_two_workers_end_it_once() -> None:
    pair = make_pair()
    proposed(pair)

    def end() -> str:
        return str(end_introductions(now=NOW + OPEN_FOR))

    assert sorted(at_once(end, end)) == ["0", "1"]
    assert Notice.objects.filter(person=pair.ada).count() == 1
