"""Communities over the API: found, read, changed by two at once, given up."""

import uuid
from typing import Any

import pytest

from twincitylab.api.tests.calling import Program, fields
from twincitylab.base.models import AuditEntry
from twincitylab.community.choices import CommunityKind, Direction, ExchangeKind, Topic
from twincitylab.community.models import Community
from twincitylab.community.operations.search import index_words
from twincitylab.community.tests.world import make_community, make_need, make_person

pytestmark = pytest.mark.usefixtures("atlas", "unlimited")
FOUNDING: dict[str, Any] = {
    "name": "Night Gardeners", "city": "Kyoto", "kind": "initiative", "purpose": "Plant at night, together.",
    "topics": ["trees", "food"], "languages": ["ja", "en"], "modes": ["visit", "online"], "capacity": 2,
}  # fmt: skip


def test_directory_comes_in_pages_with_what_is_open() -> None:
    for number in range(3):
        make_need(make_community(f"Choir {number}"), direction=Direction.OFFER, text=f"Songs {number}")
    found = Program().read("communities?limit=2&offset=1")
    assert (found["count"], [line["community"]["name"] for line in found["items"]]) == (
        3,
        ["Choir 1", "Choir 0"],
    )
    assert [line["text"] for line in found["items"][0]["offers"]] == ["Songs 1"]
    assert found["sources"][0]["licence"] == "CC BY 4.0"


@pytest.mark.parametrize(
    "query",
    [
        "q=school", "city=kyoto-jp", "city=1857910", "country=jp", "continent=AS", "topic=trees",
        "direction=need&topic=trees", "exchange=space", "kind=school", "language=ja", "verified=true",
    ],
)  # fmt: skip
def test_every_filter_of_the_directory_narrows(query: str) -> None:
    make_community("Choir", city="leeds-gb")
    found = make_community(
        "Repair School", city="kyoto-jp", kind=CommunityKind.SCHOOL, topics=[Topic.TREES], languages=["ja"],
        verified_at="2026-01-01T00:00Z", verified_reason="met",
    )  # fmt: skip
    make_need(found, topic=Topic.TREES, kind=ExchangeKind.SPACE)
    index_words(Community.objects.values_list("pk", flat=True))
    items = Program().read(f"communities?{query}")["items"]
    assert [line["community"]["name"] for line in items] == ["Repair School"]


def test_empty_list_says_what_to_leave_out() -> None:
    make_community("Choir", city="leeds-gb")
    found = Program().read("communities?country=GB&kind=school")
    assert (found["items"], [(hint["filter"], hint["count"]) for hint in found["advice"]]) == (
        [],
        [("kind", 1)],
    )


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("topic=gardens", "topic"), ("direction=both", "direction"), ("exchange=x", "exchange"),
        ("kind=firm", "kind"), ("language=xx", "language"), ("country=XX", "country"),
        ("continent=QQ", "continent"),
        ("limit=0", "limit"), ("offset=-1", "offset"), ("verified=perhaps", "verified"), ("name=x", "name"),
        ("q=%00", "q"), ("q=" + "x" * 300, "q"),
    ],
)  # fmt: skip
def test_filter_that_cannot_be_names_the_field(query: str, field: str) -> None:
    response = Program().get(f"communities?{query}")
    assert (response.status_code, fields(response)) == (422, [field])


def test_founded_community_is_there_with_its_steward() -> None:
    founder = make_person()
    made = Program(founder).create("communities", FOUNDING)
    assert (made["community"]["slug"], made["standing"], made["revision"]) == (
        "night-gardeners-kyoto", "steward", 1,
    )  # fmt: skip
    assert made["community"]["modes"] == ["online", "visit"]
    assert made["facts"]["city"] == 1857910
    entry = AuditEntry.objects.get(action="found community")
    assert entry.actor == f"person {founder.pk}"


def test_same_key_founds_one_and_another_key_another() -> None:
    program, key = Program(make_person()), uuid.uuid4()
    first, again = (program.create("communities", FOUNDING, key=key) for _turn in range(2))
    other = program.create("communities", FOUNDING)
    assert (first["community"]["slug"], Community.objects.count()) == (again["community"]["slug"], 2)
    assert other["community"]["slug"] != first["community"]["slug"]


def test_the_key_of_somebody_else_is_not_met() -> None:
    key = uuid.uuid4()
    slugs = {
        Program(make_person()).create("communities", FOUNDING, key=key)["community"]["slug"]
        for _turn in range(2)
    }
    assert len(slugs) == 2


@pytest.mark.parametrize("key", [None, "1", "x" * 400])
def test_founding_without_a_key_says_so(key: str | None) -> None:
    response = Program(make_person()).send("post", "communities", FOUNDING, key=key)
    assert (response.status_code, fields(response)) == (422, ["Idempotency-Key"])
    assert Community.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": ""}, "name"), ({"name": "x" * 121}, "name"), ({"name": "x" * 30_000}, "name"),
        ({"name": None}, "name"), ({"name": "\ud800"}, "name"), ({"name": "\x00"}, "name"),
        ({"name": "\u202e"}, "name"), ({"purpose": "short"}, "purpose"), ({"kind": "firm"}, "kind"),
        ({"topics": []}, "topics"), ({"topics": ["gardens"]}, "topics"), ({"topics": "trees"}, "topics"),
        ({"topics": [1]}, "topics"), ({"languages": ["xx"]}, "languages"),
        ({"website": "javascript:alert(1)"}, "website"), ({"website": "http://[::1"}, "website"),
        ({"since": 1}, "since"), ({"since": 10**30}, "since"), ({"since": float("nan")}, "since"),
        ({"capacity": 10}, "capacity"), ({"capacity": -1}, "capacity"), ({"capacity": "many"}, "capacity"),
        ({"modes": []}, "modes"), ({"visibility": "all"}, "visibility"), ({"size": "big"}, "size"),
        ({"is_safe_mode": True}, "pseudonym"), ({"is_safe_mode": "perhaps"}, "is_safe_mode"),
        ({"about_language": "xx"}, "about_language"), ({"nmae": "x"}, "nmae"), ({"city": ""}, "city"),
        ({"city": 10**30}, "city"), ({"city": True}, "city"), ({"city": "\x00"}, "city"),
        ({"city": "\ud800"}, "city"),
        ({"city": {"a": 1}}, "city"),
    ],
)  # fmt: skip
def test_what_cannot_be_founded_names_the_field(given: dict[str, Any], field: str) -> None:
    response = Program(make_person()).send("post", "communities", {**FOUNDING, **given}, key=uuid.uuid4())
    assert (response.status_code, fields(response)) == (422, [field])
    assert response.json()["message"].startswith(f"{field}: ")
    assert Community.objects.count() == 0


@pytest.mark.parametrize(
    ("city", "slug"), [("Springfield", "springfield-il-us"), ("Karlsru", "karlsruhe-de")]
)
def test_unclear_city_offers_those_it_may_be(city: str, slug: str) -> None:
    response = Program(make_person()).send(
        "post", "communities", {**FOUNDING, "city": city}, key=uuid.uuid4()
    )
    assert (response.status_code, fields(response)) == (422, ["city"])
    assert slug in [choice["slug"] for choice in response.json()["choices"]]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"1", b"null", b"\xff", b'"x"', b"[" * 100_000])
def test_body_that_is_none_is_refused(body: bytes) -> None:
    program = Program(make_person())
    response = program.client.post(
        "/api/v1/communities",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {program.token}", "Idempotency-Key": str(uuid.uuid4())},
    )
    assert (response.status_code in {400, 422}, Community.objects.count()) == (True, 0)
    assert response.json()["message"]


def test_change_of_some_facts_keeps_the_others() -> None:
    steward = make_person()
    make_community("Choir", steward=steward, topics=[Topic.CULTURE], languages=["fr"])
    program = Program(steward)
    changed = program.send("patch", "communities/choir", {"revision": 1, "capacity": 3, "city": 1857910})
    assert changed.status_code == 200, changed.content
    facts = changed.json()["facts"]
    assert (facts["capacity"], facts["city"], facts["topics"], facts["languages"], facts["name"]) == (
        3, 1857910, ["culture"], ["fr"], "Choir",
    )  # fmt: skip
    assert changed.json()["revision"] == 2


def test_second_of_two_changes_reads_both_versions() -> None:
    steward = make_person()
    choir = make_community("Choir", steward=steward)
    program = Program(steward)
    program.send("patch", "communities/choir", {"revision": 1, "about": "We sing."})
    late = program.send("patch", "communities/choir", {"revision": 1, "about": "We hum."})
    answer = late.json()
    assert (late.status_code, answer["current"]["about"], answer["yours"]["about"]) == (
        409,
        "We sing.",
        "We hum.",
    )
    again = {"revision": answer["current"]["revision"], "about": "We sing and hum."}
    assert program.send("patch", "communities/choir", again).status_code == 200
    choir.refresh_from_db()
    assert (choir.about, choir.revision) == ("We sing and hum.", 3)


@pytest.mark.parametrize(
    "given", [{"name": ""}, {"topics": []}, {"city": ""}, {"revision": None}, {"form_key": "x"}]
)
def test_change_that_cannot_be_names_the_field(given: dict[str, Any]) -> None:
    steward = make_person()
    make_community("Choir", steward=steward)
    response = Program(steward).send("patch", "communities/choir", {"revision": 1, **given})
    assert (response.status_code, fields(response)) == (422, list(given))


def test_giving_up_hides_it_from_all_but_its_own() -> None:
    steward = make_person()
    make_community("Choir", steward=steward)
    program = Program(steward)
    answers = [program.send("post", "communities/choir/close") for _turn in range(2)]
    assert [(answer.status_code, answer.json()["is_closed"]) for answer in answers] == [(200, True)] * 2
    assert (Program().get("communities/choir").status_code, Program().read("communities")["count"]) == (
        404,
        0,
    )


def test_stranger_changes_nothing() -> None:
    make_community("Choir")
    program = Program(make_person())
    answers = [
        program.send("patch", "communities/choir", {"revision": 1, "name": "Mine"}),
        program.send("post", "communities/choir/close"),
    ]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert answers[0].json()["message"] == (
        "You may not do this here: it is for those who have a seat in it, or who act for it."
    )
