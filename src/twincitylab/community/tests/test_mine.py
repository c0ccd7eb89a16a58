"""Whose communities are whose, who acts for them, and who may see them after all."""

import datetime as dt
import re

import pytest
from django.test import Client

from twincitylab.community.choices import Role
from twincitylab.community.models import Disclosure
from twincitylab.community.operations.changes import touch
from twincitylab.community.operations.seeing import let_see
from twincitylab.community.queries.mine import my_communities, seats, stewards
from twincitylab.community.queries.visible import reachable_by
from twincitylab.community.tests.world import NOW, make_community, make_person, seat, sign_in

pytestmark = pytest.mark.usefixtures("atlas")


def test_seats_are_those_in_living_communities() -> None:
    ada = make_person()
    first, second = make_community(steward=ada), make_community(members=[ada])
    make_community(steward=ada, closed_at=NOW)
    assert [held.community for held in seats(ada)] == [first, second]
    assert [(mine.card.pk, mine.is_steward) for mine in my_communities(ada)] == [
        (first.pk, True),
        (second.pk, False),
    ]


def test_those_given_up_stay_on_my_page_with_a_link(client: Client) -> None:
    ada = make_person()
    make_community("Choir", steward=make_person(), members=[ada], closed_at=NOW)
    make_community("Band", closed_at=NOW)
    page = sign_in(client, ada).get("/me/").content.decode()
    assert re.search(r'Given up.*<a href="/communities/choir/"', page, re.DOTALL)
    assert "/communities/band/" not in page


def test_stewards_are_those_of_this_community_the_longest_serving_first() -> None:
    ada, bo, member = make_person(), make_person(), make_person()
    community = make_community(steward=ada, members=[member])
    seat(make_community(), ada, now=NOW + dt.timedelta(days=9))
    seat(community, bo, role=Role.STEWARD, now=NOW - dt.timedelta(days=1))
    assert list(stewards(community)) == [bo, ada]


def test_let_see_opens_a_hidden_page_once() -> None:
    ada = make_person()
    hidden, other = make_community(is_hidden=True), make_community(steward=ada)
    assert hidden not in reachable_by(ada)
    let_see(hidden, to=other, now=NOW)
    let_see(hidden, to=other, now=NOW)
    assert hidden in reachable_by(ada)
    assert Disclosure.objects.count() == 1


def test_touch_says_when_matching_should_look_again() -> None:
    community = make_community()
    later = NOW + dt.timedelta(minutes=5)
    touch(community, now=later)
    community.refresh_from_db()
    assert (community.matched_at, community.changed_at, community.revision) == (later, NOW, 1)
