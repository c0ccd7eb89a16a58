"""Communities on the pages of cities and in lists of matches: those that may be listed, and no other."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from twincitylab.community.tests.world import NOW, make_community, make_person, sign_in

pytestmark = pytest.mark.usefixtures("atlas")


def text(client: Client, address: str) -> str:
    page = client.get(address).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_city_without_communities_invites_to_found_one(client: Client) -> None:
    page = client.get("/cities/kyoto-jp/").content.decode()
    assert "No community of Kyoto is here yet." in page
    assert 'href="/communities/new/?city=kyoto-jp"' in page


def test_a_city_lists_its_communities_and_no_hidden_ones(client: Client) -> None:
    make_community("Kamo Menders", city="kyoto-jp")
    make_community("Members Only", city="kyoto-jp", visibility="members")
    make_community("Very Hidden", city="kyoto-jp", is_hidden=True)
    make_community("Real Name", city="kyoto-jp", pseudonym="The Lanterns")
    make_community("Gone", city="kyoto-jp", closed_at=NOW)
    page = text(client, "/cities/kyoto-jp/")
    assert "1 community here" in page
    assert "Kamo Menders" in page
    for name in ("Members Only", "Very Hidden", "Real Name", "The Lanterns", "Gone"):
        assert name not in page
    page = text(sign_in(client, make_person()), "/cities/kyoto-jp/")
    assert "2 communities here" in page
    assert "Members Only" in page


def test_many_communities_ask_no_more_than_one_and_lead_to_all(client: Client) -> None:
    counts = []
    for number in (1, 20):
        for _again in range(number):
            make_community(city="kyoto-jp")
        client.get("/cities/kyoto-jp/")
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/cities/kyoto-jp/").content.decode()
        counts.append(len(queries))
    assert 'href="/communities/?city=kyoto-jp"' in page
    assert counts[0] == counts[1] <= 12


def test_the_cards_of_a_list_say_how_many_communities_there_are(client: Client) -> None:
    make_community(city="kyoto-jp")
    make_community(city="kyoto-jp")
    make_community(city="nairobi-ke", is_hidden=True)
    page = text(client, "/cities/karlsruhe-de/matches/?has_communities=on")
    assert "2 communities here" in page
    assert "Kyoto" in page
    assert "Nairobi" not in page
