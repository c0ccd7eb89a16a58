"""Nothing that others could see of a community under one name leads to the other, and no address proves that
somebody is there who is not to be seen."""

import datetime as dt
import re
import uuid
from dataclasses import replace

import pytest

from twincitylab.community.choices import Role, Visibility
from twincitylab.community.models import Community, NeedOffer, Person
from twincitylab.community.operations.communities import close_community, edit_community, found_community
from twincitylab.community.operations.invitations import invite
from twincitylab.community.operations.needs import NeedFacts, add_need
from twincitylab.community.rules.facts import CommunityFacts
from twincitylab.community.tests.test_facts import GOOD
from twincitylab.community.tests.world import NOW, make_need, make_person

pytestmark = pytest.mark.usefixtures("atlas")

LATER = NOW + dt.timedelta(days=3, hours=5)
DAY = LATER.replace(hour=0, minute=0, second=0, microsecond=0)
SAFE = replace(GOOD, is_safe_mode=True, pseudonym="Blue Lantern", hides_city=True)
DRAWN = re.compile(r"-[0-9a-f]{8}$")
PLAIN = "repair-cafe-oststadt-karlsruhe"


def found(by: Person, facts: CommunityFacts = GOOD) -> Community:
    return found_community(facts=facts, form_key=uuid.uuid4(), by=by, now=NOW)


def edited(community: Community, facts: CommunityFacts, *, by: Person) -> Community:
    current = Community.objects.get(pk=community.pk)
    return edit_community(community=current, facts=facts, revision=current.revision, by=by, now=LATER)


@pytest.mark.parametrize(
    ("before", "after"),
    [(GOOD, SAFE), (SAFE, GOOD), (SAFE, replace(SAFE, pseudonym="Green Lantern"))],
)
def test_needs_and_offers_begin_anew_with_the_name(before: CommunityFacts, after: CommunityFacts) -> None:
    ada = make_person()
    community = found(ada, before)
    texts = ["A hall?", "A projector?"]
    old = [make_need(community, text=text, revision=4) for text in texts]
    edited(community, after, by=ada)
    now = list(community.needs_offers.order_by("pk"))
    assert [(need.text, need.revision, need.created_at, need.changed_at) for need in now] == [
        (text, 1, DAY, DAY) for text in texts
    ]
    assert not {need.pk for need in now} & {need.pk for need in old}
    assert [need.form_key for need in now] == [need.form_key for need in old]


def test_needs_stay_when_the_name_does() -> None:
    ada = make_person()
    community = found(ada)
    need = make_need(community)
    edited(community, replace(GOOD, capacity=4), by=ada)
    assert NeedOffer.objects.get() == need


def test_the_form_of_a_need_sent_again_still_finds_it() -> None:
    ada, key = make_person(), uuid.uuid4()
    community = found(ada)
    facts = NeedFacts("A hall?", "trees", "space", "en", urgency="year")
    for _ in range(2):
        add_need(community, direction="need", facts=facts, form_key=key, by=ada, now=NOW)
        community = edited(community, SAFE, by=ada)
    assert NeedOffer.objects.count() == 1


def test_invitations_and_the_day_of_verification_do_not_lead_to_the_other_name() -> None:
    ada = make_person()
    community = found(ada)
    Community.objects.filter(pk=community.pk).update(verified_at=NOW, verified_reason="Known to us.")
    invitation = invite(community=community, role=Role.MEMBER, form_key=uuid.uuid4(), by=ada, now=NOW)
    changed = edited(community, SAFE, by=ada)
    invitation.refresh_from_db()
    assert (invitation.revoked_at, changed.verified_at) == (LATER, DAY)


@pytest.mark.parametrize(
    "unseen",
    [
        replace(GOOD, visibility=Visibility.HIDDEN),
        replace(GOOD, visibility=Visibility.MEMBERS),
        replace(SAFE, pseudonym="Blue Lantern"),
    ],
)
def test_a_namesake_learns_nothing_from_its_address(unseen: CommunityFacts) -> None:
    founded = found(make_person(), unseen)
    ada = make_person()
    became = edited(found(ada), replace(unseen, pseudonym=unseen.pseudonym), by=ada)
    assert DRAWN.search(founded.slug)
    assert DRAWN.search(became.slug)
    assert [found(make_person()).slug for _ in range(2)] == [PLAIN, f"{PLAIN}-2"]


def test_whoever_was_given_up_moves_for_a_namesake() -> None:
    ada = make_person()
    community = found(ada)
    close_community(community=community, by=ada, now=NOW)
    community.refresh_from_db()
    assert community.slug == PLAIN
    assert found(make_person()).slug == PLAIN
    community.refresh_from_db()
    assert DRAWN.search(community.slug)


def test_a_visible_community_keeps_its_address() -> None:
    ada = make_person()
    community = found(ada)
    assert found(make_person()).slug == f"{PLAIN}-2"
    assert edited(community, replace(GOOD, name="Other Name"), by=ada).slug == PLAIN
