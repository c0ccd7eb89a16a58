"""Yes, a question, a kind no, taking it back: what each does, who may, and what others are told."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied

from twincitylab.base.models import AuditEntry
from twincitylab.community.models import CommunityBlock, Disclosure, Notice, Person
from twincitylab.community.operations.blocks import block_community
from twincitylab.community.operations.communities import close_community
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.tests.world import NOW, make_person
from twincitylab.matching.models import Feedback, KnownPair
from twincitylab.partnerships.choices import IntroductionState
from twincitylab.partnerships.models import Introduction, IntroductionNote
from twincitylab.partnerships.operations.answering import (
    accept,
    decline,
    end_introductions,
    withdraw,
    write_note,
)
from twincitylab.partnerships.operations.pairs import Overtaken
from twincitylab.partnerships.queries.introductions import Step, meeting
from twincitylab.partnerships.tests.pair import LATER, Pair, facilitated, make_pair, proposed, told

pytestmark = pytest.mark.usefixtures("atlas")


def note(pair: Pair, introduction: Introduction, *, by: Person, text: str = "How?") -> IntroductionNote:
    side = None if by == pair.fay else pair.a if by in (pair.ada, pair.al) else pair.b
    return write_note(
        introduction=introduction,
        side=side,
        text=text,
        language="en",
        form_key=uuid.uuid4(),
        by=by,
        now=LATER,
    )


def test_accepting_brings_the_two_together() -> None:
    pair = make_pair()
    made = proposed(pair)
    accept(introduction=made, side=pair.b, by=pair.bo, now=LATER)
    made.refresh_from_db()
    assert (made.state, made.answered_at) == (IntroductionState.ACCEPTED, LATER)
    assert KnownPair.objects.filter(a=made.a, b=made.b).count() == 1
    assert Disclosure.objects.filter(community__in=[pair.a, pair.b]).count() == 2
    assert told(pair.ada) == ["introduction-accepted"]
    assert told(pair.bea) == ["introduction-proposed", "introduction-accepted"]
    assert told(pair.bo) == ["introduction-proposed", "introduction-accepted"]
    assert not Notice.objects.filter(person=pair.bo, read_at=None).exists()
    assert AuditEntry.objects.get(action="accept introduction").detail["for"] == pair.b.pk


def test_contacts_are_shown_only_after_both_said_yes() -> None:
    pair = make_pair()
    made = proposed(pair)
    for reader in (pair.ada, pair.bo):
        seen = meeting(made.pk, reader=reader, now=NOW)
        assert seen is not None
        assert seen.contacts == ()
    accept(introduction=made, side=pair.b, by=pair.bo, now=NOW)
    for reader, others in ((pair.ada, [pair.bo, pair.bea]), (pair.bo, [pair.ada, pair.al])):
        seen = meeting(made.pk, reader=reader, now=NOW)
        assert seen is not None
        assert [(one.name, one.email) for one in seen.contacts] == [(one.name, one.email) for one in others]


def test_contacts_go_when_one_side_blocks_the_other() -> None:
    pair = make_pair()
    made = proposed(pair)
    accept(introduction=made, side=pair.b, by=pair.bo, now=NOW)
    CommunityBlock.objects.create(community=pair.a, blocked=pair.b, made_at=NOW)
    for reader in (pair.ada, pair.bo):
        seen = meeting(made.pk, reader=reader, now=NOW)
        assert seen is not None
        assert (seen.contacts, seen.step) == ((), Step.MET)


def test_while_a_proposal_is_open_only_the_side_that_blocks_is_told() -> None:
    pair = make_pair()
    made = proposed(pair)
    CommunityBlock.objects.create(community=pair.b, blocked=pair.a, made_at=NOW)
    seen = [meeting(made.pk, reader=reader, now=NOW) for reader in (pair.ada, pair.bo)]
    assert [one.is_paused for one in seen if one is not None] == [False, True]


@pytest.mark.parametrize("name", ["mo", "zoe", "fay"])
def test_an_introduction_is_nobody_elses(name: str) -> None:
    pair = make_pair()
    made, person = proposed(pair), pair.everybody[name]
    assert meeting(made.pk, reader=person, now=NOW) is None
    for side in (pair.a, pair.b):
        with pytest.raises(PermissionDenied):
            accept(introduction=made, side=side, by=person, now=NOW)
        with pytest.raises(PermissionDenied):
            decline(introduction=made, side=side, reason="not-now", by=person, now=NOW)
        with pytest.raises(PermissionDenied):
            withdraw(introduction=made, side=side, by=person, now=NOW)
    with pytest.raises(PermissionDenied):
        note(pair, made, by=person)
    made.refresh_from_db()
    assert made.state == IntroductionState.PROPOSED


def test_nobody_says_yes_for_the_other_side() -> None:
    pair = make_pair()
    made = proposed(pair)
    with pytest.raises(PermissionDenied):
        accept(introduction=made, side=pair.b, by=pair.ada, now=NOW)
    accept(introduction=made, side=pair.a, by=pair.ada, now=NOW)
    made.refresh_from_db()
    assert (made.state, made.answer_of(pair.b.pk)) == (IntroductionState.PROPOSED, "")


def test_declining_says_why_and_teaches_the_list() -> None:
    pair = make_pair()
    made = proposed(pair)
    decline(
        introduction=made, side=pair.b, reason="not-our-topic", note="All the\nbest", by=pair.bo, now=LATER
    )
    made.refresh_from_db()
    assert (made.state, made.decline_reason, made.decline_note) == (
        "declined",
        "not-our-topic",
        "All the best",
    )
    assert list(Feedback.objects.values_list("community", "other", "reason")) == [
        (pair.b.pk, pair.a.pk, "not-our-topic")
    ]
    assert (told(pair.ada), told(pair.bea)[1:]) == (["introduction-declined"], ["introduction-declined-here"])
    assert "All the best" not in str(AuditEntry.objects.values_list("detail", flat=True))


def test_whoever_proposed_withdraws_and_the_other_declines() -> None:
    pair = make_pair()
    made = proposed(pair)
    with pytest.raises(Refused, match="withdraw"):
        decline(introduction=made, side=pair.a, reason="not-now", by=pair.ada, now=NOW)
    with pytest.raises(PermissionDenied):
        withdraw(introduction=made, side=pair.b, by=pair.bo, now=NOW)
    withdraw(introduction=made, side=pair.a, by=pair.al, now=NOW)
    made.refresh_from_db()
    assert (made.state, told(pair.bo)[1:]) == (IntroductionState.WITHDRAWN, ["introduction-withdrawn"])


@pytest.mark.parametrize("reason", ["", "because", "not-now "])
def test_a_no_needs_one_of_the_reasons(reason: str) -> None:
    pair = make_pair()
    with pytest.raises(Refused) as refused:
        decline(introduction=proposed(pair), side=pair.b, reason=reason, by=pair.bo, now=NOW)
    assert refused.value.field == "reason"


def test_questions_and_answers_take_turns() -> None:
    pair = make_pair()
    made = proposed(pair)
    with pytest.raises(Refused, match="up to Fixers of Leeds"):
        note(pair, made, by=pair.ada)
    note(pair, made, by=pair.bo)
    made.refresh_from_db()
    assert (made.state, told(pair.ada)) == (IntroductionState.ASKED, ["introduction-asked"])
    note(pair, made, by=pair.al)
    made.refresh_from_db()
    assert (made.state, told(pair.bo)[1:]) == (IntroductionState.PROPOSED, ["introduction-answered"])
    seen = meeting(made.pk, reader=pair.bo, now=LATER)
    assert seen is not None
    assert [line.is_ours for line in seen.notes] == [True, False]
    assert (seen.step, seen.may_write) == (Step.ANSWER, True)


def test_nobody_is_flooded_with_notes() -> None:
    pair = make_pair()
    made = proposed(pair)
    for _number in range(3):
        note(pair, made, by=pair.bo)
    with pytest.raises(Refused, match="some time"):
        note(pair, made, by=pair.bea)


def test_the_same_note_twice_is_one() -> None:
    pair, key = make_pair(), uuid.uuid4()
    made = proposed(pair)
    for _time in range(2):
        write_note(
            introduction=made, side=pair.b, text="?", language="en", form_key=key, by=pair.bo, now=LATER
        )
    assert (IntroductionNote.objects.count(), told(pair.ada)) == (1, ["introduction-asked"])


def test_a_facilitator_sits_in() -> None:
    pair = make_pair()
    made = facilitated(pair)
    note(pair, made, by=pair.ada, text="Do they speak English?")
    note(pair, made, by=pair.fay, text="They do.")
    seen = meeting(made.pk, reader=pair.fay, now=LATER)
    assert seen is not None
    assert [line.text for line in seen.notes] == ["Do they speak English?", "They do."]
    assert (seen.us, seen.step, seen.contacts) == (None, Step.SIT_IN, ())
    accept(introduction=made, side=pair.a, by=pair.ada, now=LATER)
    accept(introduction=made, side=pair.b, by=pair.bo, now=LATER)
    seen = meeting(made.pk, reader=pair.fay, now=LATER)
    assert seen is not None
    assert seen.contacts == ()


def test_a_facilitator_no_more_sits_in_nowhere() -> None:
    pair = make_pair()
    made = facilitated(pair)
    Person.objects.filter(pk=pair.fay.pk).update(is_facilitator=False)
    assert meeting(made.pk, reader=Person.objects.get(pk=pair.fay.pk), now=LATER) is None


def test_a_side_may_decline_what_a_facilitator_proposed_after_its_own_yes() -> None:
    pair = make_pair()
    made = facilitated(pair)
    accept(introduction=made, side=pair.a, by=pair.ada, now=NOW)
    decline(introduction=made, side=pair.a, reason="found-somebody", by=pair.al, now=LATER)
    made.refresh_from_db()
    assert (made.state, told(pair.fay)) == (IntroductionState.DECLINED, ["facilitated-declined"])


@pytest.mark.parametrize("end", ["accepted", "declined", "withdrawn", "expired"])
def test_what_is_over_stays_as_it_is_and_says_so(end: str) -> None:
    pair = make_pair()
    made, now = proposed(pair), LATER
    if end == "accepted":
        accept(introduction=made, side=pair.b, by=pair.bo, now=now)
    elif end == "declined":
        decline(introduction=made, side=pair.b, reason="too-far", by=pair.bo, now=now)
    elif end == "withdrawn":
        withdraw(introduction=made, side=pair.a, by=pair.ada, now=now)
    else:
        now = NOW + dt.timedelta(days=60)
    if end not in ("accepted",):
        with pytest.raises(Overtaken):
            accept(introduction=made, side=pair.b, by=pair.bea, now=now)
    with pytest.raises(Overtaken):
        write_note(
            introduction=made,
            side=pair.b,
            text="?",
            language="en",
            form_key=uuid.uuid4(),
            by=pair.bea,
            now=now,
        )
    if end in ("accepted", "withdrawn", "expired"):
        with pytest.raises(Overtaken):
            decline(introduction=made, side=pair.b, reason="not-now", by=pair.bea, now=now)


def test_the_time_ends_for_both() -> None:
    pair = make_pair()
    made = proposed(pair)
    assert end_introductions(now=NOW + dt.timedelta(days=59)) == 0
    assert end_introductions(now=NOW + dt.timedelta(days=60)) == 1
    assert end_introductions(now=NOW + dt.timedelta(days=60)) == 0
    made.refresh_from_db()
    assert (made.state, told(pair.ada)) == (IntroductionState.EXPIRED, ["introduction-expired"])
    assert AuditEntry.objects.get(action="expire introduction").actor == "background worker"


def test_a_block_takes_back_ones_own_and_says_nothing_of_the_others() -> None:
    pair = make_pair()
    made = proposed(pair)
    block_community(community=pair.b, blocked=pair.a, by=pair.bo, now=NOW)
    made.refresh_from_db()
    assert (made.state, told(pair.ada)) == (IntroductionState.PROPOSED, [])
    with pytest.raises(Refused, match="Lift the block"):
        accept(introduction=made, side=pair.b, by=pair.bo, now=NOW)
    block_community(community=pair.a, blocked=pair.b, by=pair.ada, now=NOW)
    made.refresh_from_db()
    assert made.state == IntroductionState.WITHDRAWN


def test_a_community_given_up_leaves_nobody_waiting() -> None:
    pair = make_pair()
    made = proposed(pair)
    close_community(community=pair.b, by=pair.bo, now=LATER)
    made.refresh_from_db()
    assert (made.state, told(pair.ada)) == (IntroductionState.EXPIRED, ["introduction-expired"])


def test_somebody_new_among_the_stewards_sees_it_and_who_left_does_not() -> None:
    pair = make_pair()
    made = proposed(pair)
    newcomer = make_person()
    pair.b.memberships.create(person=newcomer, role="steward", since=NOW)
    pair.b.memberships.filter(person=pair.bo).delete()
    assert meeting(made.pk, reader=newcomer, now=NOW) is not None
    assert meeting(made.pk, reader=pair.bo, now=NOW) is None
