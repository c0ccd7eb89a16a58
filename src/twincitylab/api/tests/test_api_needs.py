"""Needs and offers over the API: the newest, writing one down, changing it, taking it, taking it out."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.utils import timezone

from twincitylab.api.tests.calling import Program, fields
from twincitylab.community.choices import Direction, Topic
from twincitylab.community.models import NeedOffer
from twincitylab.community.tests.world import NOW, make_community, make_need, make_person

pytestmark = pytest.mark.usefixtures("atlas", "unlimited")
NEED: dict[str, Any] = {
    "direction": "need", "text": "How do you plant at night?", "topic": "trees", "kind": "knowledge",
    "language": "en", "urgency": "year",
}  # fmt: skip
NEXT_YEAR = (timezone.now() + dt.timedelta(days=300)).date()


@pytest.fixture
def program() -> Program:
    steward = make_person()
    make_community("Choir", steward=steward)
    return Program(steward)


def test_newest_come_first_with_whose_they_are() -> None:
    choir = make_community("Choir")
    for number in range(4):
        make_need(choir, text=f"Need {number}", now=NOW + dt.timedelta(hours=number))
    found = Program().read("needs?limit=2&offset=1")
    assert [line["need"]["text"] for line in found["items"]] == ["Need 2", "Need 1"]
    assert (found["items"][0]["community"]["slug"], found["is_last"]) == ("choir", False)
    assert Program().read("needs?limit=2&offset=2")["is_last"] is True


def test_newest_are_narrowed_to_a_direction_and_a_topic() -> None:
    choir = make_community("Choir")
    make_need(choir, text="Trees", topic=Topic.TREES)
    make_need(choir, text="Offer", topic=Topic.TREES, direction=Direction.OFFER)
    make_need(choir, text="Food", topic=Topic.FOOD)
    found = Program().read("needs?direction=need&topic=trees")
    assert [line["need"]["text"] for line in found["items"]] == ["Trees"]


@pytest.mark.parametrize(
    ("query", "field"), [("direction=x", "direction"), ("topic=x", "topic"), ("offset=1001", "offset")]
)
def test_newest_of_what_there_is_not_name_the_field(query: str, field: str) -> None:
    response = Program().get(f"needs?{query}")
    assert (response.status_code, fields(response)) == (422, [field])


def test_written_down_once_for_one_key(program: Program) -> None:
    key = uuid.uuid4()
    first, again = (program.create("communities/choir/needs", NEED, key=key) for _turn in range(2))
    assert (first["need"]["id"], NeedOffer.objects.count()) == (again["need"]["id"], 1)
    assert (first["revision"], first["state"], first["urgency"]) == (1, "open", "year")
    assert Program().read("communities/choir")["needs"][0]["text"] == NEED["text"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"text": ""}, "text"), ({"text": "x" * 601}, "text"), ({"text": "\u202e\x00"}, "text"),
        ({"text": 5}, "text"), ({"topic": "gardens"}, "topic"), ({"kind": "gold"}, "kind"),
        ({"language": "xx"}, "language"), ({"urgency": ""}, "urgency"), ({"direction": "both"}, "direction"),
        ({"direction": "offer", "valid_until": "2020-01-01"}, "valid_until"),
        ({"direction": "offer", "valid_until": "9999-12-31"}, "valid_until"),
        ({"valid_until": "soon"}, "valid_until"),
        ({"state": "taken"}, "state"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_down_names_the_field(
    program: Program, given: dict[str, Any], field: str
) -> None:
    response = program.send("post", "communities/choir/needs", {**NEED, **given}, key=uuid.uuid4())
    assert (response.status_code, fields(response), NeedOffer.objects.count()) == (422, [field], 0)


def test_changed_in_part_the_rest_stays(program: Program) -> None:
    number = program.create("communities/choir/needs", NEED)["need"]["id"]
    changed = program.send("patch", f"needs/{number}", {"revision": 1, "text": "Who plants at night?"}).json()
    assert (changed["need"]["text"], changed["need"]["topic"], changed["revision"]) == (
        "Who plants at night?", "trees", 2,
    )  # fmt: skip


def test_second_of_two_changes_reads_both_versions(program: Program) -> None:
    number = program.create("communities/choir/needs", NEED)["need"]["id"]
    program.send("patch", f"needs/{number}", {"revision": 1, "text": "First"})
    for given in ({"text": "Second"}, {"state": "taken"}):
        late = program.send("patch", f"needs/{number}", {"revision": 1, **given})
        answer = late.json()
        assert (late.status_code, answer["current"]["text"], answer["current"]["revision"]) == (
            409,
            "First",
            2,
        )
        assert {name: answer["yours"][name] for name in given} == given
    assert NeedOffer.objects.get().state == "open"


def test_taken_and_opened_again(program: Program) -> None:
    number = program.create("communities/choir/needs", NEED)["need"]["id"]
    taken = program.send(
        "patch", f"needs/{number}", {"revision": 1, "state": "taken", "text": "Found!"}
    ).json()
    assert (taken["state"], taken["need"]["text"], Program().read("needs")["items"]) == (
        "taken",
        "Found!",
        [],
    )
    opened = program.send("patch", f"needs/{number}", {"revision": taken["revision"], "state": "open"}).json()
    assert (opened["state"], opened["need"]["is_open"]) == ("open", True)


def test_neither_words_nor_state_change_when_one_is_refused(program: Program) -> None:
    number = program.create("communities/choir/needs", {**NEED, "direction": "offer"})["need"]["id"]
    NeedOffer.objects.update(state="taken", valid_until=dt.date(2020, 1, 1))
    response = program.send("patch", f"needs/{number}", {"revision": 1, "state": "open", "text": "Changed"})
    assert (response.status_code, fields(response)) == (422, ["valid_until"])
    assert NeedOffer.objects.get().text == NEED["text"]
    given = {"revision": 1, "state": "open", "valid_until": str(NEXT_YEAR)}
    assert program.send("patch", f"needs/{number}", given).json()["state"] == "open"


def test_taken_out_it_is_gone(program: Program) -> None:
    number = program.create("communities/choir/needs", NEED)["need"]["id"]
    statuses = [program.send("delete", f"needs/{number}").status_code for _turn in range(2)]
    assert (statuses, NeedOffer.objects.count()) == ([204, 404], 0)


@pytest.mark.parametrize("number", ["0", "-1", "9" * 30, str(2**63), "x", "1.5", "%00"])
def test_number_that_cannot_be_is_no_error_of_ours(number: str) -> None:
    assert Program().get(f"needs/{number}").status_code in {404, 422}


def test_stranger_changes_and_takes_out_nothing(program: Program) -> None:
    number = program.create("communities/choir/needs", NEED)["need"]["id"]
    stranger = Program(make_person())
    answers = [
        stranger.send("patch", f"needs/{number}", {"revision": 1, "state": "taken"}),
        stranger.send("delete", f"needs/{number}"),
        stranger.send("post", "communities/choir/needs", NEED, key=uuid.uuid4()),
    ]
    assert ([answer.status_code for answer in answers], NeedOffer.objects.get().state) == ([403] * 3, "open")


def test_every_topic_has_its_targets() -> None:
    items = Program().read("topics")["items"]
    trees = next(line for line in items if line["topic"] == "trees")
    assert (len(items), trees["label"]) == (46, "Trees and tree cover")
    assert trees["sdg_targets"] == ["15.2", "13.1", "11.7"]


def test_topic_is_suggested_from_the_words() -> None:
    found = Program().read("topics/suggest?text=Unser%20Chor%20sucht%20einen%20Chor&language=de")
    assert found["items"][0]["topic"] == "culture"


@pytest.mark.parametrize("query", ["", "text=", "text=" + "x" * 601])
def test_suggestion_of_no_text_names_the_field(query: str) -> None:
    response = Program().get(f"topics/suggest?{query}")
    assert (response.status_code, fields(response)) == (422, ["text"])
