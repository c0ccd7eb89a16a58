"""Whoever has not met a community finds nothing of what it is now by what it was before."""

import io
import json
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from twincitylab.api.tests.calling import Program
from twincitylab.community.choices import Visibility
from twincitylab.community.models import Community, Disclosure, Notice, Person
from twincitylab.community.operations.blocks import block_community
from twincitylab.community.operations.communities import edit_community
from twincitylab.community.operations.export import export_chunks
from twincitylab.community.queries.blocks import blocks_of
from twincitylab.community.queries.notices import notice_lines, notices_of
from twincitylab.community.queries.visible import reachable_by
from twincitylab.community.rules.facts import facts_of
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.tests.world import make_community, make_person, sign_in
from twincitylab.matching.operations.communities import set_aside
from twincitylab.matching.queries.communities import known_of
from twincitylab.matching.queries.pair_states import state_between
from twincitylab.partnerships.choices import IntroductionState
from twincitylab.partnerships.models import Interest, Introduction
from twincitylab.partnerships.operations.answering import accept, decline, withdraw
from twincitylab.partnerships.operations.interest import mark_interest
from twincitylab.partnerships.operations.proposing import facilitate, propose
from twincitylab.partnerships.queries.introductions import meeting
from twincitylab.partnerships.queries.veils import no_longer_shown
from twincitylab.partnerships.tests.pair import Pair, facilitated, make_pair, partnered, proposed

pytestmark = pytest.mark.usefixtures("atlas")

NEW_WORDS = ("Numbat", "numbat", "Quiet work at night", "Lantern", "lantern")
HIDDEN: dict[str, Any] = {"visibility": Visibility.HIDDEN, "name": "Numbat Secret"}
SAFE: dict[str, Any] = {"is_safe_mode": True, "pseudonym": "Blue Lantern", "hides_city": True}
CHANGES = pytest.mark.parametrize("change", [HIDDEN, SAFE])


def become(community: Community, by: Person, change: dict[str, Any]) -> Community:
    """Hidden or in safety mode, with words that nobody has read before."""
    current = Community.objects.get(pk=community.pk)
    facts = replace(facts_of(current), purpose="Quiet work at night.", **change)
    return edit_community(
        community=current, facts=facts, revision=current.revision, by=by, now=timezone.now()
    )


def seen_by(person: Person, pk: int) -> str:
    """All that the person reads about introductions: pages, API, inbox, export."""
    client, program = sign_in(Client(), person), Program(person)
    pages = [f"/introductions/{pk}/", "/introductions/", "/introductions/?show=over", "/inbox/", "/me/"]
    if person.is_facilitator:
        pages.append("/facilitate/")
    texts = [client.get(page).content.decode() for page in pages]
    texts += [
        json.dumps(program.get(path).json()) for path in (f"introductions/{pk}", "introductions", "inbox")
    ]
    with zipfile.ZipFile(io.BytesIO(b"".join(export_chunks(by=person, now=timezone.now())))) as archive:
        texts += [archive.read(name).decode() for name in archive.namelist()]
    return "\n".join(texts)


def by_the_other_side(pair: Pair) -> Introduction:
    return proposed(pair, back=True, now=timezone.now())


def by_itself(pair: Pair) -> Introduction:
    return proposed(pair, now=timezone.now())


def declined(pair: Pair) -> Introduction:
    return decline(
        introduction=by_the_other_side(pair), side=pair.a, reason="not-now", by=pair.ada, now=timezone.now()
    )


def by_a_facilitator(pair: Pair) -> Introduction:
    return facilitated(pair, now=timezone.now())


@CHANGES
@pytest.mark.parametrize("before", [by_the_other_side, by_itself, declined, by_a_facilitator])
def test_nobody_who_has_not_met_it_reads_what_it_is_now(
    before: Callable[[Pair], Introduction], change: dict[str, Any]
) -> None:
    pair = make_pair()
    made = before(pair)
    now = become(pair.a, pair.ada, change)
    others = [pair.bo, pair.bea] + ([pair.fay] if made.facilitator_id else [])
    for person in others:
        text = seen_by(person, made.pk)
        assert [word for word in (*NEW_WORDS, now.slug) if word in text] == [], person.name
        assert no_longer_shown() in text
    assert now.shown_name in seen_by(pair.ada, made.pk)


@CHANGES
def test_what_is_open_ends_and_tells_no_name(change: dict[str, Any]) -> None:
    pair = make_pair()
    theirs, stranger = by_the_other_side(pair), make_community(city="nancy-fr", steward=make_person())
    mine = propose(
        community=pair.a, other=stranger, message="Hello.", language="en", form_key=uuid.uuid4(), by=pair.ada,
        now=timezone.now(),
    )  # fmt: skip
    become(pair.a, pair.ada, change)
    for one, state in ((theirs, IntroductionState.EXPIRED), (mine, IntroductionState.WITHDRAWN)):
        one.refresh_from_db()
        assert one.state == state
    lines = notice_lines(notices_of(pair.bo), reader=pair.bo)
    assert "a community" in lines[0].sentence
    assert not Notice.objects.filter(person=pair.bo, words__other_id=pair.a.pk).exists()
    assert not Disclosure.objects.filter(community=pair.a).exists()


@CHANGES
def test_those_who_have_met_still_see_each_other_and_a_facilitator_does_not(change: dict[str, Any]) -> None:
    pair = make_pair()
    made = by_a_facilitator(pair)
    for side, person in ((pair.a, pair.ada), (pair.b, pair.bo)):
        accept(introduction=made, side=side, by=person, now=timezone.now())
    now = become(pair.a, pair.ada, change)
    assert now.shown_name in seen_by(pair.bo, made.pk)
    assert reachable_by(pair.bo).filter(pk=pair.a.pk).exists()
    text = seen_by(pair.fay, made.pk)
    assert [word for word in (*NEW_WORDS, now.slug) if word in text] == []


def test_a_partner_still_sees_who_hides() -> None:
    pair = make_pair()
    partnered(pair)
    become(pair.a, pair.ada, HIDDEN)
    assert reachable_by(pair.bo).filter(pk=pair.a.pk).exists()


def test_members_of_the_platform_alone_changes_nothing() -> None:
    pair = make_pair()
    made = by_the_other_side(pair)
    become(pair.a, pair.ada, {"visibility": Visibility.MEMBERS})
    made.refresh_from_db()
    assert (made.state, made.is_a_veiled, made.is_b_veiled) == (IntroductionState.PROPOSED, False, False)


def test_no_refusal_state_or_list_tells_the_other_side_that_it_is_the_same() -> None:
    pair = make_pair()
    key, now = uuid.uuid4(), timezone.now()
    made = proposed(pair, back=True, now=now, key=key)
    withdraw(introduction=made, side=pair.b, by=pair.bo, now=now)
    set_aside(community=pair.b, other=pair.a, reason="too-far", by=pair.bo, now=now)
    mark_interest(community=pair.b, other=pair.a, by=pair.bo, now=now)
    become(pair.a, pair.ada, SAFE)
    assert not Interest.objects.exists()
    assert state_between(pair.b.pk, pair.a.pk, now=now) is None
    assert pair.a.pk not in known_of(pair.b.pk, now=now).apart
    with pytest.raises(Refused, match="sent already"):
        proposed(pair, back=True, now=now, key=key)
    assert proposed(pair, back=True, now=timezone.now()).pk != made.pk


def test_a_facilitator_may_introduce_it_anew() -> None:
    pair = make_pair()
    declined(pair)
    become(pair.a, pair.ada, SAFE)
    seen = make_community(city="nancy-fr", steward=pair.fay)
    assert facilitate(
        first=pair.a, second=pair.b, message="Meet.", language="en", form_key=uuid.uuid4(), by=pair.fay,
        now=timezone.now(),
    ).pk  # fmt: skip
    assert seen.pk


@CHANGES
def test_hiding_is_no_way_round_its_own_limits(change: dict[str, Any]) -> None:
    pair = make_pair()
    made = by_itself(pair)
    decline(introduction=made, side=pair.b, reason="not-now", by=pair.bo, now=timezone.now())
    become(pair.a, pair.ada, change)
    become(pair.a, pair.ada, {"visibility": Visibility.PUBLIC, "is_safe_mode": False, "pseudonym": ""})
    with pytest.raises(Refused, match="was declined"):
        proposed(pair, now=timezone.now())


def test_a_list_of_blocks_does_not_follow_who_hides() -> None:
    pair = make_pair()
    block_community(community=pair.b, blocked=pair.a, by=pair.bo, now=timezone.now())
    become(pair.a, pair.ada, HIDDEN)
    assert blocks_of(pair.b) == ()


def test_who_has_left_learns_nothing_from_the_own_export() -> None:
    pair = make_pair()
    made = by_itself(pair)
    pair.a.memberships.filter(person=pair.ada).delete()
    become(pair.a, pair.al, SAFE)
    chunks = export_chunks(by=pair.ada, now=timezone.now())
    with zipfile.ZipFile(io.BytesIO(b"".join(chunks))) as archive:
        text = archive.read("introductions.json").decode()
    assert "Lantern" not in text
    assert made.message in text


def test_an_export_of_notices_holds_no_number_of_a_community() -> None:
    pair = make_pair()
    by_the_other_side(pair)
    with zipfile.ZipFile(io.BytesIO(b"".join(export_chunks(by=pair.ada, now=timezone.now())))) as archive:
        notices = json.loads(archive.read("notices.json"))
    assert [(notice["kind"], notice["words"]) for notice in notices] == [("introduction-proposed", {})]


def test_each_side_is_veiled_for_the_other() -> None:
    pair = make_pair()
    made = by_the_other_side(pair)
    become(pair.a, pair.ada, SAFE)
    become(pair.b, pair.bo, HIDDEN)
    for person in (pair.ada, pair.bo):
        found = meeting(made.pk, reader=person, now=timezone.now())
        assert found is not None
        assert found.them.name == no_longer_shown()
