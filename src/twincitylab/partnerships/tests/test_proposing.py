"""Who may propose to whom, what a proposal does, and that every no says why without telling too much."""

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied

from twincitylab.base.models import AuditEntry
from twincitylab.community.choices import Visibility
from twincitylab.community.models import Community, CommunityBlock, Disclosure
from twincitylab.community.queries.visible import reachable_by
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.tests.world import NOW, make_community, make_person
from twincitylab.partnerships.choices import Answer, IntroductionState, IntroductionWay
from twincitylab.partnerships.models import Introduction
from twincitylab.partnerships.operations.answering import accept, decline, end_introductions, withdraw
from twincitylab.partnerships.operations.interest import mark_interest
from twincitylab.partnerships.operations.proposing import propose
from twincitylab.partnerships.queries.introductions import between
from twincitylab.partnerships.rules.limits import most_received, most_sent
from twincitylab.partnerships.rules.proposing import HaveMet
from twincitylab.partnerships.tests.pair import Pair, facilitated, make_pair, proposed, told

pytestmark = pytest.mark.usefixtures("atlas")


def refusal(pair: Pair, *, back: bool = False, now: dt.datetime = NOW) -> str:
    with pytest.raises(Refused) as refused:
        proposed(pair, back=back, now=now)
    return refused.value.message


def test_a_proposal_says_yes_for_one_side_and_waits_for_the_other() -> None:
    pair = make_pair()
    made = proposed(pair)
    assert (made.state, made.way, made.proposer) == ("proposed", IntroductionWay.PROPOSAL, pair.a)
    assert (made.answer_of(pair.a.pk), made.answer_of(pair.b.pk)) == (Answer.YES, Answer.NONE)
    assert made.expires_at == NOW + dt.timedelta(days=60)
    assert between(pair.b, pair.a) == made
    kinds = {name: told(person) for name, person in pair.everybody.items() if told(person)}
    assert kinds == {
        "al": ["introduction-sent"],
        "bo": ["introduction-proposed"],
        "bea": ["introduction-proposed"],
    }
    entry = AuditEntry.objects.get(action="propose introduction")
    assert (entry.actor, entry.detail["for"]) == (f"person {pair.ada.pk}", pair.a.pk)


def test_the_same_form_twice_makes_one_proposal() -> None:
    pair, key = make_pair(), uuid.uuid4()
    assert proposed(pair, key=key) == proposed(pair, key=key)
    assert (Introduction.objects.count(), told(pair.bo)) == (1, ["introduction-proposed"])


def test_a_form_of_another_pair_is_refused() -> None:
    pair, key = make_pair(), uuid.uuid4()
    proposed(pair, key=key)
    other = replace(pair, b=make_community(city="nancy-fr"))
    with pytest.raises(Refused, match="sent already"):
        proposed(other, key=key)


@pytest.mark.parametrize("name", ["bo", "mo", "zoe", "fay"])
def test_only_stewards_propose(name: str) -> None:
    pair = make_pair()
    with pytest.raises(PermissionDenied):
        proposed(replace(pair, ada=pair.everybody[name]))
    assert not Introduction.objects.exists()


def test_whom_one_may_not_see_does_not_exist() -> None:
    pair = make_pair(b={"is_hidden": True})
    with pytest.raises(Community.DoesNotExist):
        proposed(pair)


def test_not_to_oneself() -> None:
    pair = make_pair()
    assert "your own community" in refusal(replace(pair, b=pair.a))


def test_not_within_one_city() -> None:
    assert "your own city" in refusal(make_pair(b={"city": "karlsruhe-de"}))


def test_a_hidden_city_is_not_told_by_a_refusal() -> None:
    pair = make_pair(b={"city": "karlsruhe-de", "pseudonym": "Quiet Hands", "hides_city": True})
    assert proposed(pair).state == IntroductionState.PROPOSED


def test_not_to_a_full_one() -> None:
    assert "no room for a new partnership" in refusal(make_pair(b={"capacity": 0}))


def test_a_block_and_a_full_desk_sound_the_same() -> None:
    blocking = make_pair()
    CommunityBlock.objects.create(community=blocking.b, blocked=blocking.a, made_at=NOW)
    flooded = replace(blocking, b=make_community("Fixers of Leeds", slug="fixers-too", city="leeds-gb"))
    for _number in range(most_received(flooded.b.capacity)):
        ada = make_person()
        community = make_community(steward=ada)
        proposed(replace(flooded, a=community, ada=ada))
    sentence = refusal(blocking)
    assert sentence == refusal(flooded)
    assert "does not take proposals from you at the moment" in sentence
    assert "in private" not in sentence
    assert "block" not in sentence


def test_whoever_blocks_is_told_to_lift_the_block() -> None:
    pair = make_pair()
    CommunityBlock.objects.create(community=pair.a, blocked=pair.b, made_at=NOW)
    assert "Lift the block" in refusal(pair)


def test_nobody_sends_more_than_its_capacity_allows() -> None:
    pair = make_pair(a={"capacity": 1})
    for _number in range(most_sent(1)):
        proposed(replace(pair, b=make_community(city="nancy-fr")))
    assert "4 of your proposals are waiting" in refusal(pair)
    withdraw(introduction=Introduction.objects.order_by("pk")[0], side=pair.a, by=pair.al, now=NOW)
    assert proposed(pair).pk


def test_one_that_is_open_leads_to_it() -> None:
    pair = make_pair()
    made = proposed(pair)
    with pytest.raises(HaveMet) as met:
        proposed(pair, back=True)
    assert (met.value.introduction_pk, "only need to answer" in met.value.message) == (made.pk, True)


def test_a_declined_pair_rests_for_180_days() -> None:
    pair = make_pair()
    decline(introduction=proposed(pair), side=pair.b, reason="not-now", by=pair.bo, now=NOW)
    for back in (False, True):
        assert "was declined on" in refusal(pair, back=back, now=NOW + dt.timedelta(days=179))
    assert proposed(pair, now=NOW + dt.timedelta(days=180)).state == IntroductionState.PROPOSED


def test_a_withdrawn_proposal_does_not_come_back_at_once() -> None:
    pair = make_pair()
    withdraw(introduction=proposed(pair), side=pair.a, by=pair.ada, now=NOW)
    assert "withdrew" in refusal(pair)
    assert proposed(pair, back=True).proposer == pair.b


def test_an_overdue_one_does_not_stand_in_the_way() -> None:
    pair = make_pair()
    first = proposed(pair)
    second = proposed(pair, now=NOW + dt.timedelta(days=60))
    first.refresh_from_db()
    assert (first.state, second.state) == (IntroductionState.EXPIRED, IntroductionState.PROPOSED)
    assert end_introductions(now=NOW + dt.timedelta(days=61)) == 0


def test_those_who_have_met_do_not_meet_again() -> None:
    pair = make_pair()
    accept(introduction=proposed(pair), side=pair.b, by=pair.bo, now=NOW)
    assert "met" in refusal(pair)


def test_not_to_a_closed_one() -> None:
    pair = make_pair(b={"closed_at": NOW})
    with pytest.raises(Community.DoesNotExist):
        proposed(pair)


def test_a_hidden_community_is_seen_by_whom_it_proposes_to() -> None:
    pair = make_pair(a={"is_hidden": True})
    assert pair.a not in reachable_by(pair.bo)
    proposed(pair)
    assert pair.a in reachable_by(pair.bo)
    assert pair.a not in reachable_by(pair.zoe)
    assert list(Disclosure.objects.values_list("community", "to")) == [(pair.a.pk, pair.b.pk)]


def test_safety_mode_is_not_told_by_a_message() -> None:
    pair = make_pair(a={"pseudonym": "Quiet Hands", "name": "Rainbow House", "slug": "quiet-hands"})
    with pytest.raises(Refused, match="tell who you are") as refused:
        propose(
            community=pair.a,
            other=pair.b,
            message="We are the RAINBOW HOUSE of the river town.",
            language="en",
            form_key=uuid.uuid4(),
            by=pair.ada,
            now=NOW,
        )
    assert refused.value.field == "message"


@pytest.mark.parametrize(
    ("message", "language", "field"),
    [
        ("", "en", "message"),
        ("\u202e \x00", "en", "message"),
        ("x" * 1201, "en", "message"),
        ("Hello", "xx", "language"),
    ],
)
def test_a_text_that_cannot_be_taken_names_its_field(message: str, language: str, field: str) -> None:
    pair = make_pair()
    with pytest.raises(Refused) as refused:
        propose(
            community=pair.a,
            other=pair.b,
            message=message,
            language=language,
            form_key=uuid.uuid4(),
            by=pair.ada,
            now=NOW,
        )
    assert refused.value.field == field


def test_a_text_loses_what_turns_it_around() -> None:
    pair = make_pair()
    made = propose(
        community=pair.a,
        other=pair.b,
        message="A\u202eB\x07\r\nC",
        language="de",
        form_key=uuid.uuid4(),
        by=pair.ada,
        now=NOW,
    )
    assert (made.message, made.message_language) == ("AB\nC", "de")


def test_whoever_was_wanted_in_private_meets_at_once() -> None:
    pair = make_pair()
    mark_interest(community=pair.b, other=pair.a, by=pair.bo, now=NOW)
    made = proposed(pair)
    assert (made.state, told(pair.bo)) == (IntroductionState.ACCEPTED, ["introduction-mutual"])


def test_a_facilitator_asks_both_and_tells_nobody_the_first_yes() -> None:
    pair = make_pair()
    made = facilitated(pair)
    assert (made.proposer, made.answer_a, made.answer_b) == (None, "", "")
    assert told(pair.ada) == told(pair.bo) == ["introduction-facilitated"]
    accept(introduction=made, side=pair.a, by=pair.ada, now=NOW)
    made.refresh_from_db()
    assert (made.state, told(pair.bo), told(pair.fay)) == ("proposed", ["introduction-facilitated"], [])
    accept(introduction=made, side=pair.b, by=pair.bo, now=NOW)
    made.refresh_from_db()
    assert (made.state, told(pair.fay)) == ("accepted", ["facilitated-accepted"])


@pytest.mark.parametrize("name", ["ada", "mo", "zoe"])
def test_only_facilitators_introduce_others(name: str) -> None:
    pair = make_pair()
    with pytest.raises(PermissionDenied):
        facilitated(replace(pair, fay=pair.everybody[name]))


def test_a_facilitator_introduces_nobody_who_hides() -> None:
    pair = make_pair()
    Community.objects.filter(pk=pair.b.pk).update(visibility=Visibility.HIDDEN)
    with pytest.raises(Community.DoesNotExist):
        facilitated(pair)
    make_community(steward=pair.fay, city="nancy-fr")
    Disclosure.objects.create(community=pair.b, to=Community.objects.order_by("-pk")[0], since=NOW)
    with pytest.raises(Refused, match="hidden"):
        facilitated(pair)


def test_a_facilitator_learns_of_no_block() -> None:
    pair = make_pair()
    CommunityBlock.objects.create(community=pair.a, blocked=pair.b, made_at=NOW)
    with pytest.raises(Refused) as refused:
        facilitated(pair)
    assert "block" not in refused.value.message
