"""Hidden communities and those in safety mode leak nowhere, whoever asks at whichever address."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from twincitylab.api.tests.calling import Program
from twincitylab.community.choices import Direction, Role, Topic, Visibility
from twincitylab.community.models import Community, NeedOffer, Person
from twincitylab.community.operations.seeing import let_see
from twincitylab.community.tests.world import NOW, make_community, make_need, make_person, seat

pytestmark = pytest.mark.usefixtures("atlas", "unlimited")

LISTS = [
    "communities", "communities?q=moonlight", "communities?q=harbour", "communities?city=kyoto-jp",
    "communities?country=JP", "communities?topic=trees", "communities?direction=need", "needs",
    "needs?topic=trees", "needs?direction=need",
]  # fmt: skip
PLACES = [
    "communities/{}",
    "communities/{}/matches",
    "communities/{}/matches/open",
    "communities/{}/contacts",
]
SECRET_NAMES = ("Moonlight Printers", "Harbour Walk", "Former Choir", "Guests only")


@dataclass(frozen=True)
class World:
    """One community of each visibility, all of Kyoto except ``open``, which everybody sees."""

    open: Community
    members: Community
    hidden: Community
    safe: Community
    closed: Community
    needs: dict[str, NeedOffer]
    people: dict[str, Person | None]

    def program(self, role: str) -> Program:
        return Program(self.people[role])


@pytest.fixture
def world() -> World:
    member, steward, other = make_person("Mo"), make_person("Stu"), make_person("Olu")
    shared: dict[str, Any] = {
        "steward": steward,
        "members": [member],
        "city": "kyoto-jp",
        "topics": [Topic.TREES],
    }
    found = {
        "open": make_community("Open", steward=other, city="leeds-gb", topics=[Topic.TREES], slug="open"),
        "members": make_community("Guests only", slug="guests", visibility=Visibility.MEMBERS, **shared),
        "hidden": make_community("Harbour Walk", slug="harbour-walk", is_hidden=True, **shared),
        "safe": make_community(
            "Moonlight Printers", slug="lanterns", pseudonym="Lanterns", hides_city=True,
            website="https://moonlight.example.org", **shared,
        ),
        "closed": make_community("Former Choir", slug="former-choir", closed_at=NOW, **shared),
    }  # fmt: skip
    needs = {
        name: make_need(one, topic=Topic.TREES, direction=Direction.NEED, text=f"Trees for {one.shown_name}")
        for name, one in found.items()
    }
    people = {
        "visitor": None,
        "stranger": make_person("Sam"),
        "other steward": other,
        "facilitator": make_person("Fay", is_facilitator=True),
        "member": member,
        "steward": steward,
    }
    return World(**found, needs=needs, people=people)


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("role", ["visitor", "stranger", "other steward", "facilitator", "member", "steward"])
def test_lists_and_counts_tell_only_of_what_may_be_listed(world: World, role: str, address: str) -> None:
    text = world.program(role).get(address).content.decode()
    told = [
        word for word in ("harbour-walk", "lanterns", "former-choir", "Moonlight", "Lanterns") if word in text
    ]
    assert told == []
    assert ("Guests only" in text) == (
        role != "visitor" and not any(word in address for word in ("moonlight", "harbour"))
    )


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("visitor", {"open"}),
        ("stranger", {"open", "members"}),
        ("facilitator", {"open", "members"}),
        ("other steward", {"open", "members", "safe"}),
        ("member", {"open", "members", "hidden", "safe", "closed"}),
        ("steward", {"open", "members", "hidden", "safe", "closed"}),
    ],
)
def test_who_reaches_which_community_and_its_needs(world: World, role: str, seen: set[str]) -> None:
    program = world.program(role)
    names = ("open", "members", "hidden", "safe", "closed")
    statuses = {name: program.get(f"communities/{getattr(world, name).slug}").status_code for name in names}
    assert statuses == {name: 200 if name in seen else 404 for name in names}
    statuses = {name: program.get(f"needs/{world.needs[name].pk}").status_code for name in names}
    # The numbers of needs can be counted through: none is a way to somebody else's in safety mode.
    counted = seen - {"safe"} if role == "other steward" else seen
    assert statuses == {name: 200 if name in counted else 404 for name in names}


@pytest.mark.parametrize("name", ["hidden", "safe", "closed"])
@pytest.mark.parametrize(
    ("role", "statuses"),
    [
        ("visitor", [404, 401, 401, 401]),
        ("stranger", [404, 404, 404, 404]),
        ("facilitator", [404, 404, 404, 404]),
        ("member", [200, 200, 200, 403]),
        ("steward", [200, 200, 200, 200]),
    ],
)
def test_what_is_below_a_community_answers_its_own(
    world: World, role: str, statuses: list[int], name: str
) -> None:
    program, slug = world.program(role), getattr(world, name).slug
    assert [program.get(place.format(slug)).status_code for place in PLACES] == statuses


@pytest.mark.parametrize("role", ["visitor", "stranger", "facilitator", "other steward"])
def test_no_refusal_tells_whether_there_is_such_a_community(world: World, role: str) -> None:
    program = world.program(role)
    for place in PLACES:
        there, nowhere = program.get(place.format("harbour-walk")), program.get(place.format("no-such"))
        assert (there.status_code, there.content) == (nowhere.status_code, nowhere.content)


def test_one_in_safety_mode_is_met_only_under_its_other_name(world: World) -> None:
    text = world.program("other steward").get("communities/lanterns").content.decode()
    assert ("Lanterns" in text, "Moonlight" in text, "moonlight" in text, "yoto" in text) == (
        True, False, False, False,
    )  # fmt: skip
    make_need(world.open, topic=Topic.TREES, direction=Direction.OFFER, text="Young trees to plant")
    partners = world.program("other steward").read("communities/open/matches")
    names = {line["community"]["name"] for line in partners["matches"]}
    assert names == {"Lanterns", "Guests only"}
    (theirs,) = [line for line in partners["matches"] if line["community"]["name"] == "Lanterns"]
    assert [word for word in ("Moonlight", "moonlight", "yoto") if word in json.dumps(theirs)] == []
    narrowed = world.program("other steward").read("communities/open/matches?country=JP")
    assert "Lanterns" not in json.dumps(narrowed)


def test_members_read_no_facts_and_stewards_do(world: World) -> None:
    assert world.program("member").read("communities/lanterns")["facts"] is None
    facts = world.program("steward").read("communities/lanterns")["facts"]
    assert (facts["name"], facts["city"]) == ("Moonlight Printers", 1857910)


def test_hidden_one_is_seen_by_whom_it_lets_see(world: World) -> None:
    let_see(world.hidden, to=world.open, now=NOW)
    program = world.program("other steward")
    assert program.read("communities/harbour-walk")["standing"] == "person"
    assert program.get("communities/open/matches/harbour-walk").status_code == 200
    assert "harbour-walk" not in program.get("communities").content.decode()


@pytest.mark.parametrize("role", ["stranger", "facilitator", "other steward"])
def test_nobody_writes_to_what_is_not_reached(world: World, role: str) -> None:
    program = world.program(role)
    need = world.needs["hidden"].pk
    answers = [
        program.send("patch", "communities/harbour-walk", {"revision": 1, "name": "X"}),
        program.send("post", "communities/harbour-walk/close"),
        program.send("patch", f"needs/{need}", {"revision": 1, "text": "X"}),
        program.send("delete", f"needs/{need}"),
        program.send("put", "communities/open/interest/harbour-walk"),
    ]
    expected = 404 if role == "other steward" else 403
    assert [answer.status_code for answer in answers] == [404, 404, 404, 404, expected]


def test_member_writes_nothing_in_the_name_of_its_community(world: World) -> None:
    program = world.program("member")
    need = world.needs["hidden"]
    answers = [
        program.send("patch", "communities/harbour-walk", {"revision": 1, "name": "X"}),
        program.send("post", "communities/harbour-walk/close"),
        program.send("patch", f"needs/{need.pk}", {"revision": 1, "state": "taken"}),
        program.send("delete", f"needs/{need.pk}"),
        program.send("put", "communities/harbour-walk/interest/open"),
        program.send("delete", "communities/harbour-walk/interest/open"),
    ]
    assert [answer.status_code for answer in answers] == [403] * 6
    seat(world.open, world.people["member"] or make_person(), role=Role.MEMBER)
    assert program.get("communities/open/contacts").status_code == 403
