"""Partners of communities and the actor map over the API, and how many queries every answer takes."""

from typing import Any

import pytest

from twincitylab.api.tests.calling import Program, fields
from twincitylab.community.choices import Direction, Topic
from twincitylab.community.models import Community, Contact
from twincitylab.community.tests.world import NOW, make_community, make_need, make_person
from twincitylab.matching.engine.communities import store

pytestmark = pytest.mark.usefixtures("atlas", "unlimited")
MOST_QUERIES = 12


def seeks_and_brings(name: str, *, seeks: Topic, brings: Topic, **more: Any) -> Community:
    found = make_community(name, topics=[seeks], **more)
    make_need(found, topic=seeks, text=f"How do you care for {seeks.label}?")
    make_need(found, topic=brings, direction=Direction.OFFER, text=f"We know how to care for {brings.label}")
    return found


@pytest.fixture
def program() -> Program:
    steward = make_person()
    seeks_and_brings("Bakers", seeks=Topic.FOOD, brings=Topic.CULTURE, steward=steward)
    seeks_and_brings("Singers", seeks=Topic.CULTURE, brings=Topic.FOOD, city="nottingham-gb")
    return Program(steward)


def test_partners_tell_what_one_gets_and_gives(program: Program) -> None:
    found = program.read("communities/bakers/matches")
    assert (found["community"]["slug"], found["origin"], found["is_silent"]) == ("bakers", "live", False)
    (match,) = found["matches"]
    assert (match["community"]["slug"], match["rank"]) == ("singers", 1)
    assert match["gets"][0]["offer"]["text"] == "We know how to care for Local food, diets and food waste"
    assert match["gives"][0]["need"]["text"] == "How do you care for Cultural life and creative spaces?"
    assert 0 < match["score"] <= 1


@pytest.mark.parametrize(("query", "count"), [("country=GB", 1), ("country=JP", 0), ("topic=trees", 0)])
def test_partners_are_narrowed(program: Program, query: str, count: int) -> None:
    assert len(program.read(f"communities/bakers/matches?{query}")["matches"]) == count


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("topic=x", "topic"), ("kind=x", "kind"), ("language=xx", "language"), ("country=XX", "country"),
        ("top=99", "top"),
    ],
)  # fmt: skip
def test_partners_narrowed_to_what_there_is_not_name_the_field(
    program: Program, query: str, field: str
) -> None:
    response = program.get(f"communities/bakers/matches?{query}")
    assert (response.status_code, fields(response)) == (422, [field])


def test_two_side_by_side(program: Program) -> None:
    found = program.read("communities/bakers/matches/singers")
    assert (found["here"]["slug"], found["match"]["community"]["slug"]) == ("bakers", "singers")
    assert (found["hours"]["shared_hours"], found["is_same_city"]) == (7.0, False)
    assert program.get("communities/bakers/matches/bakers").status_code == 404
    assert program.get("communities/singers/matches/bakers").status_code == 403


def test_while_communities_are_read_it_says_when_to_ask_again(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gathering(**_more: object) -> None:
        raise store.StillGathering

    monkeypatch.setattr(store, "memory", gathering)
    answers = [program.get(f"communities/bakers/matches{rest}") for rest in ("", "/singers")]
    assert [(answer.status_code, answer["Retry-After"]) for answer in answers] == [(503, "3")] * 2


def test_actor_map_is_for_stewards(program: Program) -> None:
    bakers = Community.objects.get(slug="bakers")
    for number in range(3):
        Contact.objects.create(
            community=bakers, kind="person", name=f"Actor {number}", created_at=NOW, changed_at=NOW
        )
    found = program.read("communities/bakers/contacts?limit=2&offset=1")
    assert (found["count"], [row["name"] for row in found["items"]]) == (3, ["Actor 1", "Actor 2"])
    assert found["items"][0]["consent"] == "not-asked"
    stranger = Program(make_person())
    assert stranger.get("communities/bakers/contacts").status_code == 403


READ = [
    "communities", "communities?q=bakers&topic=food&country=DE", "communities?kind=school",
    "communities/bakers", "needs", "topics", "topics/suggest?text=trees", "communities/bakers/matches",
    "communities/bakers/matches/singers", "communities/bakers/contacts", "introductions", "inbox", "me",
]  # fmt: skip


@pytest.mark.parametrize("address", READ)
def test_query_count_does_not_grow(
    program: Program, address: str, django_assert_max_num_queries: Any
) -> None:
    program.get(address)
    with django_assert_max_num_queries(MOST_QUERIES) as few:
        program.read(address)
    person = Community.objects.get(slug="bakers").memberships.get().person
    for number in range(15):
        seeks_and_brings(
            f"More {number}", seeks=Topic.FOOD, brings=Topic.CULTURE, steward=person, city="leeds-gb"
        )
    program.get(address)
    with django_assert_max_num_queries(MOST_QUERIES) as many:
        program.read(address)
    assert len(many) <= len(few) + 1
