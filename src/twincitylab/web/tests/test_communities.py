"""Communities on the pages of cities and in lists of matches: those that may be listed, and no other."""

import re
import struct

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from twincitylab.community.choices import Topic
from twincitylab.community.operations.search import index_words
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
    sign_in(client, make_person())
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


class TestMap:
    """The world map of communities holds what anybody may find, as a file, a picture and a list."""

    @pytest.fixture(autouse=True)
    def _communities(self, atlas: None) -> None:
        for _again in range(2):
            make_community(city="kyoto-jp")
        make_community(city="nairobi-ke")
        make_community(city="cairo-eg", is_hidden=True)
        make_community(city="leeds-gb", pseudonym="The Lanterns")
        make_community(city="krakow-pl", visibility="members")

    def version(self, client: Client) -> str:
        found = re.search(r"communities\.bin\?v=(\w+)", client.get("/map/communities/").content.decode())
        assert found
        return found[1]

    def test_the_list_names_the_cities_with_most_first(self, client: Client) -> None:
        page = text(sign_in(client, make_person()), "/map/communities/")
        assert "4 communities" in page
        assert "Communities of the whole world" in page
        assert page.index("Kyoto Japan 2") < page.index("Nairobi Kenya 1")
        for name in ("Cairo", "Leeds", "Egypt"):
            assert name not in page
        assert "Kraków" in page

    def test_who_has_no_account_finds_as_many_as_in_the_directory(self, client: Client) -> None:
        page = text(client, "/map/communities/")
        assert "3 communities" in page
        assert "Kraków" not in page
        assert client.get("/map/communities.bin").content[4:8] == struct.pack("<I", 2)

    def test_the_filters_of_the_directory_narrow_map_list_file_and_picture(self, client: Client) -> None:
        menders = make_community("Kiln", city="munich-de", topics=(Topic.WASTE,))
        make_community("Other", city="munich-de")
        index_words([menders.pk])
        for query in ("topic=waste", "q=kiln", "topic=waste&order=name&city=munich-de"):
            directory = client.get(f"/communities/?{query}").content.decode()
            assert f'href="/map/communities/?{query.replace("&", "&amp;")}"' in directory or "city" in query
            page = client.get(f"/map/communities/?{query}").content.decode()
            assert "1 community" in page
            assert "Kyoto" not in page
            found = re.search(r'data-cities="([^"]+)" data-place="([^"]+)"', page)
            assert found
            file, place = (address.replace("&amp;", "&") for address in found.groups())
            assert client.get(file).content[4:8] == struct.pack("<I", 1)
            url = client.get(f"{place}&row=0").json()["url"]
            assert "city=munich-de" in url
            assert "1 community" in text(client, url)
            assert f'<a href="{url.replace("&", "&amp;")}">Munich' in page
        assert client.get("/map/communities.svg?topic=waste").content.count(b"h0") == 1
        assert client.get("/map/communities.svg?topic=world-peace").status_code == 404

    def test_from_the_map_back_to_the_same_list(self, client: Client) -> None:
        page = client.get("/map/communities/?topic=circular-economy&country=JP&page=1").content.decode()
        assert 'href="/communities/?topic=circular-economy&amp;country=JP"' in page

    def test_words_and_every_filter_ask_few_queries(self, client: Client) -> None:
        sign_in(client, make_person())
        address = "/map/communities/?q=menders&topic=circular-economy&country=JP&language=en&verified=on"
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        assert len(queries) <= 12

    def test_a_country_narrows_list_and_picture(self, client: Client) -> None:
        page = text(client, "/map/communities/?country=KE")
        assert "1 community · Kenya" in page
        assert "Kyoto" not in page
        assert client.get("/map/communities.svg").content.count(b"h0") == 2
        assert client.get("/map/communities.svg?country=KE").content.count(b"h0") == 1
        assert client.get("/map/communities/?country=Kenya").status_code == 422

    def test_the_file_is_read_as_the_one_of_all_cities(self, client: Client) -> None:
        data = client.get("/map/communities.bin").content
        assert struct.unpack_from("<II", data, 4) == (2, 2)
        assert (data[:4], data[12:14], data[18:20], len(data)) == (b"TCL1", b"JP", b"KE", 12 + 6 * 2 + 5 * 2)

    def test_a_dot_tells_its_city_until_the_map_changes(self, client: Client) -> None:
        asked = {"row": "0", "v": self.version(client)}
        assert client.get("/map/communities.json", asked).json() == {
            "label": "Kyoto, Japan · 2 communities",
            "url": "/communities/?city=kyoto-jp",
        }
        assert client.get("/map/communities.json", {**asked, "row": "2"}).status_code == 404
        make_community(city="munich-de")
        assert client.get("/map/communities.json", asked).status_code == 404


def test_an_empty_map_of_communities_invites(client: Client) -> None:
    assert 'href="/communities/new/"' in client.get("/map/communities/").content.decode()
    assert client.get("/map/communities.bin").content == b"TCL1" + bytes(8)
    assert client.get("/map/communities.svg").status_code == 200
