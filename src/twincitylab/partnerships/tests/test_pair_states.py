"""The pages of matches know where two communities stand with each other; only stewards read it."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from twincitylab.community.models import Community, CommunityBlock, Person
from twincitylab.community.tests.world import make_person, sign_in
from twincitylab.matching.choices import PairState
from twincitylab.matching.queries.communities import known_of
from twincitylab.matching.queries.pair_states import state_between
from twincitylab.matching.tests.test_community_lists import brings_ovens, seeks_ovens
from twincitylab.partnerships.models import Interest, Introduction, IntroductionNote

pytestmark = pytest.mark.usefixtures("atlas")
NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
FORM_KEY = "00000000-0000-4000-8000-000000000001"


def two() -> tuple[Community, Community, Person]:
    steward = make_person()
    a = seeks_ovens("Bakers", city="karlsruhe-de", steward=steward)
    return a, brings_ovens("Singers", city="nottingham-gb"), steward


def proposed(by: Community, to: Community, **more: object) -> Introduction:
    first, second = sorted((by, to), key=lambda one: one.pk)
    facts: dict[str, object] = {
        "a": first,
        "b": second,
        "proposer": by,
        "answer_a": "yes" if first == by else "",
        "answer_b": "yes" if second == by else "",
        "made_at": NOW,
        "expires_at": dt.datetime(2099, 1, 1, tzinfo=dt.UTC),
        "form_key": FORM_KEY,
        **more,
    }
    return Introduction.objects.create(**facts)


def states(a: Community, b: Community) -> tuple[str, str]:
    both = state_between(a.pk, b.pk, now=NOW), state_between(b.pk, a.pk, now=NOW)
    return tuple(said.state.value if said else "" for said in both)  # type: ignore[return-value]


def test_each_side_reads_its_own_state() -> None:
    a, b, _steward = two()
    before = states(a, b)
    introduction = proposed(b, a)
    assert (before, states(a, b)) == (("", ""), ("answer", "sent"))
    introduction.state = "asked"
    introduction.save()
    IntroductionNote.objects.create(
        introduction=introduction,
        side=a,
        text="When?",
        written_at=NOW,
        form_key="00000000-0000-4000-8000-000000000002",
    )
    assert states(a, b) == ("asked", "reply")
    introduction.state, introduction.answer_a, introduction.answer_b = "accepted", "yes", "yes"
    introduction.save()
    assert states(a, b) == ("met", "met")


def test_interest_is_told_to_the_own_side_alone() -> None:
    a, b, _steward = two()
    Interest.objects.create(community=a, other=b, made_at=NOW)
    assert states(a, b) == ("private", "")


def test_what_waits_for_an_answer_comes_before_the_own_interest_and_what_is_over_is_not_told() -> None:
    a, b, _steward = two()
    Interest.objects.create(community=a, other=b, made_at=NOW)
    introduction = proposed(b, a)
    assert states(a, b)[0] == "answer"
    introduction.expires_at = NOW
    introduction.save()
    assert states(a, b) == ("private", "")


def test_proposal_of_whom_one_has_blocked_is_not_told() -> None:
    a, b, _steward = two()
    proposed(b, a)
    CommunityBlock.objects.create(community=a, blocked=b, made_at=NOW)
    assert states(a, b) == ("", "sent")


def test_list_asks_for_states_in_the_same_question_as_for_whom_is_kept_apart() -> None:
    a, b, _steward = two()
    proposed(b, a)
    with CaptureQueriesContext(connection) as asked:
        known = known_of(a.pk, now=NOW)
    assert (len(asked), known.states[b.pk].state) == (1, PairState.ANSWER)


def test_list_and_pair_show_stewards_the_state_with_its_link_instead_of_the_proposal() -> None:
    a, b, steward = two()
    introduction = proposed(b, a)
    member = make_person()
    a.memberships.create(person=member, since=NOW)
    for address in (f"/communities/{a.slug}/matches/", f"/communities/{a.slug}/matches/{b.slug}/"):
        page = sign_in(Client(), steward).get(address).content.decode()
        assert "wait for your answer" in page
        assert f"/introductions/{introduction.pk}/?as={a.slug}" in page
        assert f"/communities/{a.slug}/introduce/{b.slug}/" not in page
        assert "wait for your answer" not in sign_in(Client(), member).get(address).content.decode()
