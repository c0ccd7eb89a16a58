"""The directory: who stands in it, how it is narrowed and searched, and what it says when it is empty."""

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from twincitylab.community.choices import CommunityKind, Direction, ExchangeKind, NeedState, Topic
from twincitylab.community.models import Community
from twincitylab.community.operations.search import index_words
from twincitylab.community.queries.directory import Wanted, found_in_directory, relaxations
from twincitylab.community.queries.directory_places import (
    cities_with_communities,
    city_dots,
    communities_in,
    community_counts,
)
from twincitylab.community.queries.visible import listed_for
from twincitylab.community.tests.world import NOW, make_community, make_need, make_person, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("atlas")]

TODAY = NOW.date()


def found(**wanted: object) -> list[str]:
    index_words(Community.objects.values_list("pk", flat=True))
    communities = found_in_directory(None, Wanted(**wanted), today=TODAY)  # type: ignore[arg-type]
    return [community.name for community in communities]


class TestNarrowing:
    def test_without_wishes_the_newest_come_first(self) -> None:
        make_community("Older")
        make_community("Newer")
        assert found() == ["Newer", "Older"]

    def test_place(self) -> None:
        make_community("Badeners")
        make_community("Lorrainers", city="nancy-fr")
        make_community("Kyoto", city="kyoto-jp")
        assert found(city=2990999) == ["Lorrainers"]
        assert found(country="DE") == ["Badeners"]
        assert found(continent="EU") == ["Lorrainers", "Badeners"]

    def test_kind_language_and_badge(self) -> None:
        make_community("Choir", kind=CommunityKind.CLUB, languages=("fr",))
        make_community("Hall", kind=CommunityKind.TOWN_HALL, verified_at=NOW, verified_reason="Known")
        assert found(kind="club") == found(language="fr") == ["Choir"]
        assert found(verified=True) == ["Hall"]

    def test_a_topic_is_that_of_the_community_or_of_what_it_seeks_or_brings(self) -> None:
        make_community("Foresters", topics=(Topic.TREES,))
        make_need(make_community("Planters"), topic=Topic.TREES)
        make_need(make_community("Done"), topic=Topic.TREES, state=NeedState.TAKEN)
        assert found(topic="trees") == ["Planters", "Foresters"]

    def test_seeks_and_brings_go_together_with_topic_and_kind(self) -> None:
        seeker, giver = make_community("Seeker"), make_community("Giver")
        make_need(seeker, topic=Topic.TREES, kind=ExchangeKind.SPACE)
        make_need(seeker, topic=Topic.FOOD, kind=ExchangeKind.MONEY)
        make_need(giver, direction=Direction.OFFER, topic=Topic.TREES, kind=ExchangeKind.SPACE)
        assert found(topic="trees", direction="need") == ["Seeker"]
        assert found(topic="trees", direction="offer") == ["Giver"]
        assert found(topic="trees", exchange="space") == ["Giver", "Seeker"]
        assert found(topic="trees", exchange="money") == []


class TestSearch:
    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("cafe", "Café der Dinge"), ("DING", "Café der Dinge"), ("karlsruhe cafés", "Café der Dinge"),
            ("fahrrad", "Räder"), ("räder", "Räder"), ("rader", "Räder"),
            ("自行车", "共享自行车"), ("车", "共享自行车"),
            ("مدرسة", "المدرسة الخضراء"), ("المدرسه", "المدرسة الخضراء"),
            ("сад", "Сады"), ("lantern", "Menders"),
        ],
    )  # fmt: skip
    def test_any_script_and_any_spelling(self, text: str, name: str) -> None:
        make_community("Café der Dinge", slug="a")
        make_community("Räder", purpose="Fahrräder für alle", slug="b")
        make_community("共享自行车", city="kyoto-jp", slug="c")
        make_community("المدرسة الخضراء", city="cairo-eg", slug="d")
        make_community("Сады", city="nairobi-ke", slug="e")
        make_need(make_community("Menders", city="leeds-gb", about="We mend."), text="Old lanterns")
        assert found(text=text) == [name]

    def test_every_word_has_to_be_there(self) -> None:
        make_community("Red House")
        make_community("Red Tent")
        assert found(text="red house") == ["Red House"]
        assert found(text="house tent") == []
        assert found(text="?!") == []

    def test_the_name_counts_more_than_the_text(self) -> None:
        make_community("Choir of the North")
        make_community("Singers", about="A choir.")
        assert found(text="choir") == ["Choir of the North", "Singers"]


class TestLeaks:
    """Nobody who is not listed shows anywhere, not even as a number."""

    @pytest.fixture(autouse=True)
    def _nobody_to_see(self, atlas: None) -> None:
        for community in (
            make_community("Cellar Secret", is_hidden=True),
            make_community("Night Secret", pseudonym="The Lanterns", hides_city=True),
            make_community("Gone Secret", closed_at=NOW),
        ):
            make_need(community, text="Secret words")
        index_words(Community.objects.values_list("pk", flat=True))

    @pytest.mark.parametrize("query", ["", "q=secret", "q=lanterns", "country=DE", "topic=circular-economy"])
    @pytest.mark.parametrize("place", ["", "export.csv", "needs.atom"])
    def test_pages_files_and_feeds(self, client: Client, query: str, place: str) -> None:
        text = body(client, f"/communities/{place}?{query}")
        assert "ecret w" not in text
        assert "Secret" not in text
        assert "anterns" not in text.replace("lanterns", "")

    def test_counts_and_countries(self, client: Client) -> None:
        text = sign_in(client, make_person()).get("/communities/").content.decode()
        assert "0 communities" in text
        assert "Germany" not in text

    def test_maps_and_cities(self) -> None:
        assert city_dots(listed_for(None)) == []
        assert communities_in(2892794, make_person(), limit=5).count == 0
        assert cities_with_communities() == frozenset()
        assert community_counts([2892794]) == {}

    def test_what_would_be_without_a_filter(self, client: Client) -> None:
        make_community("Seen")
        text = client.get("/communities/?country=DE&language=ja").content.decode()
        assert "Without the filter “Works in” there would be 1 community." in text


def test_members_see_what_is_for_members(client: Client) -> None:
    make_community("Among us", visibility="members")
    assert "Among us" not in client.get("/communities/").content.decode()
    assert "Among us" in sign_in(client, make_person()).get("/communities/").content.decode()
    assert "Among us" not in client.get("/communities/needs.atom").content.decode()


def test_relaxations_promise_what_is_found() -> None:
    make_community("Badeners", languages=("de",))
    make_need(make_community("Lorrainers", city="nancy-fr"), topic=Topic.FOOD)
    wanted = Wanted(country="FR", language="de", topic="food")
    assert found_in_directory(None, wanted, today=TODAY).count() == 0
    hints = relaxations(None, wanted, today=TODAY)
    assert [(hint.name, hint.count) for hint in hints] == [("language", 1)]


def test_an_impossible_filter_says_which_to_relax(client: Client) -> None:
    make_community("Badeners", languages=("de",))
    page = client.get("/communities/?country=FR&language=de").content.decode()
    assert (
        '<a href="/communities/?language=de">Without the filter “Country” there would be 1 community.' in page
    )
    assert "they do so together" in client.get("/communities/?country=FR&language=ja").content.decode()


def test_an_empty_directory_says_what_to_do_first(client: Client) -> None:
    assert 'href="/communities/new/"' in client.get("/communities/").content.decode()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("topic=stars", "Choose one of the entries."),
        ("city=Atlantis", "There is no city “Atlantis” in this atlas."),
        ("city=Springfield", "There are several cities named “Springfield”."),
        ("country=Utopia", "Choose one of the entries."),
        ("q=" + "x" * 300, "Ensure this value has at most 200 characters"),
        ("page=-1", "greater than or equal to 1"),
        ("q=a%00b", "Null characters are not allowed."),
    ],
)
def test_what_cannot_be_asked_is_said(client: Client, query: str, sentence: str) -> None:
    make_community()
    answer = client.get(f"/communities/?{query}")
    assert answer.status_code == 422
    assert sentence in answer.content.decode() or query == "page=-1"
    assert client.get(f"/communities/export.csv?{query}").status_code == 422


def test_a_city_may_be_named_or_given_by_its_address(client: Client) -> None:
    make_community("Badeners")
    make_community("Lorrainers", city="nancy-fr")
    for name in ("Nancy", "nancy-fr"):
        page = client.get(f"/communities/?city={name}").content.decode()
        assert "Lorrainers" in page
        assert "Badeners" not in page


def test_the_file_holds_what_the_page_lists(client: Client) -> None:
    community = make_community("=Sum", website="https://example.org", topics=(Topic.FOOD, Topic.TREES))
    make_need(community, text="A kitchen")
    make_community("Lorrainers", city="nancy-fr")
    rows = list(csv.DictReader(io.StringIO(body(client, "/communities/export.csv?country=DE"))))
    assert [(row["name"], row["city"], row["topics"], row["seeks"]) for row in rows] == [
        ("'=Sum", "Karlsruhe", "food; trees", "circular-economy (knowledge): A kitchen")
    ]


def test_the_feed_tells_what_is_new(client: Client) -> None:
    make_need(make_community("Menders"), text="A <b>kitchen</b> & more")
    answer = client.get("/communities/needs.atom?direction=need")
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("application/atom+xml")
    assert "Menders, Karlsruhe: seeks · Repair, reuse and circular business" in text
    assert "A &lt;b&gt;kitchen&lt;/b&gt; &amp; more" in text
    assert "kitchen" not in client.get("/communities/needs.atom?direction=offer").content.decode()
    assert client.get("/communities/needs.atom?direction=both").status_code == 422


@pytest.mark.parametrize(
    "query", ["", "?q=menders&topic=circular-economy&city=karlsruhe-de&country=DE&language=en"]
)
def test_thirty_ask_no_more_than_one_and_no_more_than_twelve(client: Client, query: str) -> None:
    sign_in(client, make_person())
    client.get("/communities/")  # the first page of a session remembers the session
    counts = []
    for number in (1, 30):
        for _again in range(number):
            make_need(make_community("Menders", slug=f"menders-{Community.objects.count()}"))
        index_words(Community.objects.values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/communities/{query}").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12, [query["sql"] for query in queries]


def body(client: Client, address: str) -> str:
    answer = client.get(address)
    return (answer.getvalue() if answer.streaming else answer.content).decode()


def test_the_order_is_said_and_may_be_that_of_names(client: Client) -> None:
    for name in ("Übermorgen", "Zebra", "apple"):
        make_community(name)
    page = client.get("/communities/").content.decode()
    assert "The newest first." in page
    assert [page.index(name) for name in ("apple", "Zebra", "Übermorgen")] == sorted(
        page.index(name) for name in ("apple", "Zebra", "Übermorgen")
    )
    page = client.get("/communities/?country=DE&order=name").content.decode()
    assert page.index("apple") < page.index("Übermorgen") < page.index("Zebra")
    assert 'href="/communities/?country=DE"' in page
    assert 'href="/communities/export.csv?country=DE&amp;order=name"' in page
    rows = csv.DictReader(io.StringIO(body(client, "/communities/export.csv?order=name")))
    assert [row["name"] for row in rows] == ["apple", "Übermorgen", "Zebra"]
    assert client.get("/communities/?order=fame").status_code == 422


def test_the_page_draws_those_it_lists_on_a_map(client: Client) -> None:
    make_community("Gardeners", topics=(Topic.TREES,))
    page = client.get("/communities/?topic=trees").content.decode()
    assert 'src="/map/communities.svg?topic=trees"' in page
    assert "communities.svg" not in client.get("/communities/?topic=waste").content.decode()
