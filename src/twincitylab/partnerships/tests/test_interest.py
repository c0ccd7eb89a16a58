"""What is said in private stays private until it is mutual."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from twincitylab.base.models import AuditEntry
from twincitylab.community.models import Community, CommunityBlock, Notice
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.tests.world import NOW, make_community
from twincitylab.matching.models import KnownPair
from twincitylab.partnerships.choices import IntroductionState, IntroductionWay
from twincitylab.partnerships.models import Interest, Introduction
from twincitylab.partnerships.operations.answering import decline
from twincitylab.partnerships.operations.interest import (
    drop_interest,
    forget_old_interest,
    introduce_mutual,
    mark_interest,
)
from twincitylab.partnerships.queries.introductions import interest_lines, open_lines
from twincitylab.partnerships.rules.limits import MOST_INTERESTS
from twincitylab.partnerships.rules.proposing import HaveMet
from twincitylab.partnerships.tests.pair import LATER, Pair, make_pair, proposed, told

pytestmark = pytest.mark.usefixtures("atlas")


def say(pair: Pair, *, back: bool = False, now: dt.datetime = NOW) -> Introduction | None:
    if back:
        return mark_interest(community=pair.b, other=pair.a, by=pair.bo, now=now)
    return mark_interest(community=pair.a, other=pair.b, by=pair.ada, now=now)


def test_one_sided_interest_is_seen_by_its_own_stewards_only() -> None:
    pair = make_pair()
    assert say(pair) is None
    assert say(pair) is None
    assert Interest.objects.count() == 1
    assert not Introduction.objects.exists()
    assert not Notice.objects.exists()
    assert [line.them.pk for line in interest_lines([pair.a.pk])] == [pair.b.pk]
    assert interest_lines([pair.b.pk]) == ()
    assert open_lines([pair.b.pk], now=NOW) == ()


def test_the_audit_trail_does_not_tell_about_whom() -> None:
    pair = make_pair()
    say(pair)
    entry = AuditEntry.objects.get(action="say interest in private")
    assert (entry.actor, entry.subject, entry.detail) == (
        f"person {pair.ada.pk}",
        f"community {pair.a.pk}",
        {},
    )


def test_mutual_interest_introduces_the_two_and_tells_both() -> None:
    pair = make_pair()
    say(pair)
    made = say(pair, back=True, now=LATER)
    assert made is not None
    assert (made.state, made.way, made.proposer) == (
        IntroductionState.ACCEPTED,
        IntroductionWay.MUTUAL,
        None,
    )
    assert {name: told(person) for name, person in pair.everybody.items() if told(person)} == {
        name: ["introduction-mutual"] for name in ("ada", "al", "bo", "bea")
    }
    assert not Interest.objects.exists()
    assert KnownPair.objects.count() == 1


def test_taken_back_it_never_becomes_mutual() -> None:
    pair = make_pair()
    say(pair)
    assert drop_interest(community=pair.a, other=pair.b, by=pair.al, now=NOW)
    assert not drop_interest(community=pair.a, other=pair.b, by=pair.al, now=NOW)
    assert say(pair, back=True) is None


@pytest.mark.parametrize("name", ["bo", "mo", "zoe", "fay"])
def test_only_stewards_say_it_or_take_it_back(name: str) -> None:
    pair = make_pair()
    say(pair)
    person = pair.everybody[name]
    with pytest.raises(PermissionDenied):
        say(replace(pair, ada=person))
    with pytest.raises(PermissionDenied):
        drop_interest(community=pair.a, other=pair.b, by=person, now=NOW)


def _nothing(pair: Pair) -> None:
    del pair


def _interest(pair: Pair) -> None:
    say(pair, back=True)


def _block(pair: Pair) -> None:
    CommunityBlock.objects.create(community=pair.b, blocked=pair.a, made_at=NOW)


def _full(pair: Pair) -> None:
    Community.objects.filter(pk=pair.b.pk).update(capacity=0)


def _no(pair: Pair) -> None:
    decline(introduction=proposed(pair), side=pair.b, reason="not-now", by=pair.bo, now=NOW)


@pytest.mark.parametrize("other_side", [_block, _full, _no])
def test_saying_it_answers_the_same_whatever_the_other_side_keeps_to_itself(
    other_side: Callable[[Pair], None],
) -> None:
    pair = make_pair()
    other_side(pair)
    with CaptureQueriesContext(connection) as here:
        assert say(pair) is None
    elsewhere = replace(pair, b=make_community(city="leeds-gb"))
    with CaptureQueriesContext(connection) as plain:
        assert say(elsewhere) is None
    assert len(here) == len(plain)


@pytest.mark.parametrize("prepare", [_nothing, _interest])
def test_proposals_are_refused_with_the_same_words_whether_wanted_in_private_or_not(
    prepare: Callable[[Pair], None],
) -> None:
    pair = make_pair(b={"capacity": 0})
    prepare(pair)
    with pytest.raises(Refused, match="no room for a new partnership"):
        proposed(pair)


def test_a_blocked_interest_waits_for_the_block_to_be_lifted() -> None:
    pair = make_pair()
    say(pair, back=True)
    block = CommunityBlock.objects.create(community=pair.b, blocked=pair.a, made_at=NOW)
    assert say(pair) is None
    assert introduce_mutual(now=LATER) == 0
    block.delete()
    assert introduce_mutual(now=LATER) == 1
    assert introduce_mutual(now=LATER) == 0
    assert Introduction.objects.get().way == IntroductionWay.MUTUAL
    assert AuditEntry.objects.get(action="introduce by mutual interest").actor == "background worker"


def test_an_open_proposal_is_answered_instead() -> None:
    pair = make_pair()
    made = proposed(pair)
    with pytest.raises(HaveMet) as met:
        say(pair, back=True)
    assert met.value.introduction_pk == made.pk


def test_after_a_no_both_may_change_their_minds() -> None:
    pair = make_pair()
    _no(pair)
    say(pair)
    made = say(pair, back=True, now=LATER)
    assert made is not None
    assert made.state == IntroductionState.ACCEPTED


def test_what_is_said_to_everybody_means_little() -> None:
    pair = make_pair()
    for _number in range(MOST_INTERESTS):
        say(replace(pair, b=make_community(city="nancy-fr")))
    with pytest.raises(Refused, match="20 communities"):
        say(pair)
    drop_interest(community=pair.a, other=Interest.objects.order_by("pk")[0].other, by=pair.ada, now=NOW)
    assert say(pair) is None


def test_interest_fades() -> None:
    pair = make_pair()
    say(pair)
    assert forget_old_interest(now=NOW + dt.timedelta(days=365)) == 0
    assert forget_old_interest(now=NOW + dt.timedelta(days=366)) == 1


@pytest.mark.parametrize("case", ["hidden", "itself", "same city"])
def test_who_cannot_be_met_is_refused(case: str) -> None:
    pair = make_pair(
        b={"is_hidden": case == "hidden", "city": "karlsruhe-de" if case == "same city" else "leeds-gb"}
    )
    if case == "itself":
        pair = replace(pair, b=pair.a)
    with pytest.raises(Community.DoesNotExist if case == "hidden" else Refused):
        say(pair)
