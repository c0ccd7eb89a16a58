"""Two answers in the same second: one after the other, and one result."""

import uuid
from collections.abc import Callable
from functools import partial

import pytest

from twincitylab.community.models import Community
from twincitylab.community.operations.communities import close_community
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.tests.world import NOW, at_once
from twincitylab.partnerships.choices import ProposalState
from twincitylab.partnerships.models import Consent, Decision, Partnership, Proposal
from twincitylab.partnerships.operations.agreeing import WrittenMeanwhile, save_agreement
from twincitylab.partnerships.operations.leaving import leave
from twincitylab.partnerships.tests.consents import (
    edits,
    newest,
    objects,
    proposes,
    says_yes,
    side,
    withdraws,
)
from twincitylab.partnerships.tests.pair import Pair, make_pair, partnered

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("lasting_atlas")]

ROUNDS = 3


def begun(number: int) -> tuple[Pair, Partnership]:
    pair = make_pair(a={"slug": f"a{number}"}, b={"slug": f"b{number}"})
    return pair, partnered(pair)


def answer(act: Callable[[], Proposal]) -> str:
    try:
        return act().state
    except Refused as refused:
        return type(refused).__name__


def test_two_stewards_of_a_side_say_yes_and_it_takes_effect_once() -> None:
    for number in range(ROUNDS):
        pair, partnership = begun(number)
        made = proposes(partnership, pair.ada)
        outcomes = at_once(
            partial(answer, partial(says_yes, made, pair.bo)),
            partial(answer, partial(says_yes, made, pair.bea)),
        )
        assert outcomes == ["effective", "effective"]
        assert Consent.objects.filter(version=newest(made)).count() == 2
        assert Decision.objects.filter(partnership=partnership).count() == 1
        partnership.refresh_from_db()
        assert partnership.least_answers == 5


def test_both_sides_propose_the_same_kind_and_one_is_open() -> None:
    for number in range(ROUNDS):
        pair, partnership = begun(number)
        outcomes = at_once(
            partial(answer, partial(proposes, partnership, pair.ada)),
            partial(answer, partial(proposes, partnership, pair.bo, number=1)),
        )
        assert sorted(outcomes) == ["OneIsOpen", "open"]
        assert Proposal.objects.filter(partnership=partnership).count() == 1


def test_the_same_form_at_once_is_one_proposal() -> None:
    pair, partnership = begun(0)
    key = uuid.uuid4()
    act = partial(answer, partial(proposes, partnership, pair.ada, key=key))
    assert at_once(act, act, act) == ["open", "open", "open"]
    assert Proposal.objects.count() == 1


def test_a_yes_against_a_change_never_binds_to_what_nobody_read() -> None:
    for number in range(ROUNDS):
        pair, partnership = begun(number)
        made = proposes(partnership, pair.ada)
        first = newest(made)
        outcomes = at_once(
            partial(answer, partial(says_yes, made, pair.bo, version=first)),
            partial(answer, partial(edits, made, pair.al, {"least_answers": 9}, number=0, base=1)),
        )
        partnership.refresh_from_db()
        if partnership.least_answers == 5:
            assert sorted(outcomes) == ["Overtaken", "effective"]
        else:
            assert partnership.least_answers == 3
            assert sorted(outcomes) == ["VersionChanged", "open"]
            assert [yes.side.number for yes in Consent.objects.filter(version=newest(made))] == [0]


def test_a_yes_against_a_withdrawal_ends_in_one_of_both() -> None:
    for number in range(ROUNDS):
        pair, partnership = begun(number)
        made = proposes(partnership, pair.ada)
        outcomes = at_once(
            partial(answer, partial(says_yes, made, pair.bo)),
            partial(answer, partial(withdraws, made, pair.al)),
        )
        made.refresh_from_db()
        partnership.refresh_from_db()
        assert sorted(outcomes) == sorted(["Overtaken", made.state])
        assert (partnership.least_answers == 5) == (made.state == ProposalState.EFFECTIVE)


def test_two_of_a_side_say_yes_and_no() -> None:
    pair, partnership = begun(0)
    made = proposes(partnership, pair.ada)
    outcomes = at_once(
        partial(answer, partial(says_yes, made, pair.bo)), partial(answer, partial(objects, made, pair.bea))
    )
    made.refresh_from_db()
    assert made.state == ProposalState.EFFECTIVE
    # Whoever objects first is heard first; the yes that follows lifts it.
    assert sorted(outcomes) in (["Overtaken", "effective"], ["effective", "objected"])


def test_a_yes_while_the_side_leaves() -> None:
    pair, partnership = begun(0)
    made = proposes(partnership, pair.ada)

    def go() -> str:
        return leave(
            partnership=partnership, side=side(partnership, 1), reason="We move on.", by=pair.bea, now=NOW
        ).stage

    outcomes = at_once(partial(answer, partial(says_yes, made, pair.bo)), go)
    made.refresh_from_db()
    partnership.refresh_from_db()
    assert partnership.stage == "ended"
    assert "ended" in outcomes
    assert (partnership.least_answers == 5) == (made.state == ProposalState.EFFECTIVE)


def test_a_community_closes_while_the_other_side_answers() -> None:
    for number in range(ROUNDS):
        pair, partnership = begun(number)
        made = proposes(partnership, pair.bo, number=1)

        def close(community: Community = pair.b, pair: Pair = pair) -> str:
            close_community(community=community, by=pair.bea, now=NOW)
            return "closed"

        outcomes = at_once(partial(answer, partial(says_yes, made, pair.ada, number=0)), close)
        made.refresh_from_db()
        assert sorted(outcomes) in (["closed", "effective"], ["Overtaken", "closed"])
        assert made.state in {ProposalState.EFFECTIVE, ProposalState.WITHDRAWN}


def test_both_communities_close_at_once() -> None:
    pair, _partnership = begun(0)

    def close(community: Community, who: str) -> str:
        close_community(community=community, by=getattr(pair, who), now=NOW)
        return "closed"

    assert at_once(partial(close, pair.a, "ada"), partial(close, pair.b, "bo")) == ["closed", "closed"]


def test_two_who_save_the_agreement_at_once_are_one_after_the_other() -> None:
    for number in range(ROUNDS):
        pair, partnership = begun(number)

        def save(
            by: str, at: int, text: str, pair: Pair = pair, partnership: Partnership = partnership
        ) -> str:
            try:
                made = save_agreement(
                    partnership=partnership,
                    side=side(partnership, at),
                    articles={"purpose": {"en": text}},
                    review_on=None,
                    runs_until=None,
                    base=0,
                    form_key=uuid.uuid4(),
                    by=getattr(pair, by),
                    now=NOW,
                )
            except WrittenMeanwhile as told:
                return f"told of {told.current.number}"
            return f"version {made.number}"

        outcomes = at_once(partial(save, "ada", 0, "We learn."), partial(save, "bo", 1, "We work."))
        assert sorted(outcomes) == ["told of 1", "version 1"]
