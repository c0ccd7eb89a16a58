"""Founding, changing and giving up a community."""

import datetime as dt
import uuid
from dataclasses import replace
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from twincitylab.base.models import AuditEntry
from twincitylab.community.choices import Role
from twincitylab.community.models import Community, CommunityWord, Person
from twincitylab.community.operations.communities import (
    MOST_FOUNDED_A_DAY,
    ChangedMeanwhile,
    close_community,
    edit_community,
    found_community,
)
from twincitylab.community.queries.visible import listed_for, reachable_by
from twincitylab.community.rules.facts import CommunityFacts, facts_of
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.tests.test_facts import GOOD
from twincitylab.community.tests.world import NOW, at_once, make_community, make_need, make_person, seat

LATER = NOW + dt.timedelta(hours=1)


def found(by: Person, facts: CommunityFacts = GOOD) -> Community:
    return found_community(facts=facts, form_key=uuid.uuid4(), by=by, now=NOW)


@pytest.mark.usefixtures("atlas")
def test_found_community_seats_its_founder_as_steward() -> None:
    ada = make_person()
    community = found(ada)
    assert (community.slug, facts_of(community)) == ("repair-cafe-oststadt-karlsruhe", GOOD)
    assert [(held.person, held.role) for held in community.memberships.all()] == [(ada, Role.STEWARD)]
    assert CommunityWord.objects.filter(community=community, key="cafe").exists()
    entry = AuditEntry.objects.get(action="found community")
    assert (entry.actor, entry.subject) == (f"person {ada.pk}", f"community {community.pk}")


@pytest.mark.usefixtures("atlas")
def test_found_community_twice_with_one_form_makes_one() -> None:
    ada, key = make_person(), uuid.uuid4()
    first = found_community(facts=GOOD, form_key=key, by=ada, now=NOW)
    assert found_community(facts=GOOD, form_key=key, by=ada, now=LATER) == first
    with pytest.raises(Refused):
        found_community(facts=GOOD, form_key=key, by=make_person(), now=LATER)
    assert Community.objects.count() == 1


@pytest.mark.usefixtures("atlas")
def test_namesakes_get_addresses_of_their_own() -> None:
    ada = make_person()
    assert [found(ada).slug[-11:] for _ in range(3)] == ["t-karlsruhe", "karlsruhe-2", "karlsruhe-3"]


@pytest.mark.usefixtures("atlas")
def test_nobody_founds_without_end() -> None:
    ada = make_person()
    for _ in range(MOST_FOUNDED_A_DAY):
        make_community(steward=ada)
    with pytest.raises(Refused, match="tomorrow"):
        found(ada)


@pytest.mark.usefixtures("atlas")
def test_an_unknown_city_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        found(make_person(), replace(GOOD, city=1))
    assert refused.value.field == "city"


@pytest.mark.usefixtures("atlas")
def test_edit_community_changes_facts_and_lines() -> None:
    ada = make_person()
    community = found(ada)
    facts = replace(
        GOOD, purpose="We sing, and mend things too.", topics=("culture", "heritage"), languages=("fr",)
    )
    edited = edit_community(community=community, facts=facts, revision=1, by=ada, now=LATER)
    assert (facts_of(Community.objects.get()), edited.revision) == (facts, 2)
    assert (edited.changed_at, edited.matched_at, edited.slug) == (LATER, LATER, community.slug)
    assert AuditEntry.objects.get(action="edit community").detail["fields"] == [
        "purpose",
        "topics",
        "languages",
    ]


@pytest.mark.usefixtures("atlas")
def test_edit_community_that_changed_meanwhile_is_told() -> None:
    ada = make_person()
    community = found(ada)
    edit_community(community=community, facts=replace(GOOD, capacity=3), revision=1, by=ada, now=LATER)
    with pytest.raises(ChangedMeanwhile) as told:
        edit_community(community=community, facts=replace(GOOD, capacity=5), revision=1, by=ada, now=LATER)
    assert (told.value.community.capacity, Community.objects.get().capacity) == (3, 3)


@pytest.mark.usefixtures("atlas")
@pytest.mark.parametrize("role", [None, Role.MEMBER])
def test_edit_and_close_are_for_stewards(role: Role | None) -> None:
    community, other = make_community(), make_person()
    if role:
        seat(community, other, role=role)
    with pytest.raises(PermissionDenied):
        edit_community(community=community, facts=GOOD, revision=1, by=other, now=NOW)
    with pytest.raises(PermissionDenied):
        close_community(community=community, by=other, now=NOW)


@pytest.mark.usefixtures("atlas")
def test_safety_mode_gives_a_new_address_and_the_old_one_leads_nowhere() -> None:
    ada, bo = make_person(), make_person()
    make_community(steward=bo)
    community = found(ada)
    safe = replace(GOOD, is_safe_mode=True, pseudonym="Blue Lantern", hides_city=True)
    edited = edit_community(community=community, facts=safe, revision=1, by=ada, now=LATER)
    assert edited.slug.startswith("blue-lantern-")
    assert not {"repair", "oststadt", "karlsruhe"} & set(edited.slug.split("-"))
    assert not CommunityWord.objects.filter(community=community).exists()
    for who in (None, ada, bo):
        with pytest.raises(Http404):
            get_object_or_404(reachable_by(who), slug=community.slug)
    assert get_object_or_404(reachable_by(bo), slug=edited.slug).shown_name == "Blue Lantern"
    again = edit_community(community=edited, facts=GOOD, revision=2, by=ada, now=LATER)
    assert again.slug == community.slug


@pytest.mark.usefixtures("atlas")
def test_another_pseudonym_gives_another_address() -> None:
    ada = make_person()
    safe = replace(GOOD, is_safe_mode=True, pseudonym="Blue Lantern")
    community = found(ada, safe)
    facts = replace(safe, pseudonym="Green Lantern")
    edited = edit_community(community=community, facts=facts, revision=1, by=ada, now=LATER)
    assert edited.slug.startswith("green-lantern-")


@pytest.mark.usefixtures("atlas")
def test_safety_mode_waits_until_the_needs_tell_nothing() -> None:
    ada = make_person()
    community = found(ada)
    make_need(community, text="Who comes to the Repair Café Oststadt?")
    safe = replace(GOOD, is_safe_mode=True, pseudonym="Blue Lantern")
    with pytest.raises(Refused, match="Change it first") as refused:
        edit_community(community=community, facts=safe, revision=1, by=ada, now=LATER)
    assert refused.value.field == "is_safe_mode"


@pytest.mark.usefixtures("atlas")
def test_another_name_takes_the_badge_away_and_another_purpose_does_not() -> None:
    ada = make_person()
    community = found(ada)
    Community.objects.update(verified_at=NOW, verified_reason="Met them at their evening.")
    facts = replace(GOOD, purpose="We mend, and we sing in between.")
    assert edit_community(community=community, facts=facts, revision=1, by=ada, now=LATER).verified_at
    facts = replace(facts, name="Town Hall of Karlsruhe")
    assert not edit_community(community=community, facts=facts, revision=2, by=ada, now=LATER).verified_at


@pytest.mark.usefixtures("atlas")
def test_a_closed_community_is_seen_by_its_members_only() -> None:
    ada = make_person()
    community = found(ada)
    close_community(community=community, by=ada, now=LATER)
    assert close_community(community=community, by=ada, now=LATER).revision == 2
    with pytest.raises(Refused, match="closed"):
        edit_community(community=community, facts=GOOD, revision=2, by=ada, now=LATER)
    assert not listed_for(None).exists()
    assert not reachable_by(make_person()).exists()
    assert list(reachable_by(ada)) == [community]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("lasting_atlas")
class TestAtOnce:
    def test_one_form_sent_twice_in_the_same_moment_founds_one(self) -> None:
        ada, key = make_person(), uuid.uuid4()

        def send() -> str:
            return found_community(facts=GOOD, form_key=key, by=ada, now=NOW).slug

        assert at_once(send, send, send) == ["repair-cafe-oststadt-karlsruhe"] * 3
        assert Community.objects.count() == 1

    def test_namesakes_founded_in_the_same_moment_have_two_addresses(self) -> None:
        slugs = at_once(*(partial(_slug_of_new, make_person()) for _ in range(3)))
        assert sorted(slugs) == [f"repair-cafe-oststadt-karlsruhe{end}" for end in ("", "-2", "-3")]

    def test_of_two_who_save_in_the_same_moment_the_second_is_told(self) -> None:
        ada = make_person()
        community = found(ada)

        def save(capacity: int) -> str:
            facts = replace(GOOD, capacity=capacity)
            edit_community(community=community, facts=facts, revision=1, by=ada, now=LATER)
            return "saved"

        assert sorted(at_once(partial(save, 3), partial(save, 4))) == ["ChangedMeanwhile", "saved"]
        assert Community.objects.get().revision == 2


def _slug_of_new(by: Person) -> str:
    return found(by).slug
