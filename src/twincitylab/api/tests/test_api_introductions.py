"""Introductions over the API: two programs meet by mutual consent, and neither learns more than it may."""

import uuid
from typing import Any

import pytest
from django.utils import timezone

from twincitylab.api.tests.calling import Program, fields
from twincitylab.community.models import Notice
from twincitylab.partnerships.models import Interest, Introduction
from twincitylab.partnerships.tests.pair import Pair, facilitated, make_pair

pytestmark = pytest.mark.usefixtures("atlas", "unlimited")
HELLO = {"other": "fixers-of-leeds", "message": "Hello, shall we meet?", "language": "en"}


@pytest.fixture
def pair() -> Pair:
    return make_pair()


def propose(pair: Pair, *, key: uuid.UUID | None = None) -> dict[str, Any]:
    return Program(pair.ada).create("communities/repair-cafe/introductions", HELLO, key=key)


def addresses(answer: dict[str, Any]) -> list[str]:
    return [contact["email"] for contact in answer["contacts"]]


def test_two_meet_and_see_their_addresses_only_then(pair: Pair) -> None:
    made, bo = propose(pair), Program(pair.bo)
    assert (made["state"], made["step"], made["us"]["slug"], made["contacts"]) == (
        "proposed", "wait", "repair-cafe", [],
    )  # fmt: skip
    received = bo.read(f"introductions/{made['id']}")
    assert (received["step"], received["message"], received["contacts"]) == ("answer", HELLO["message"], [])
    accepted = bo.send("post", f"introductions/{made['id']}/accept").json()
    assert (accepted["state"], addresses(accepted)) == ("accepted", [pair.ada.email, pair.al.email])
    seen = Program(pair.ada).read(f"introductions/{made['id']}")
    assert addresses(seen) == [pair.bo.email, pair.bea.email]


def test_same_key_proposes_once(pair: Pair) -> None:
    key = uuid.uuid4()
    assert (propose(pair, key=key)["id"], Introduction.objects.count()) == (propose(pair, key=key)["id"], 1)


def test_proposing_again_leads_to_what_there_is(pair: Pair) -> None:
    made = propose(pair)
    again = Program(pair.al).send("post", "communities/repair-cafe/introductions", HELLO, key=uuid.uuid4())
    assert (again.status_code, again.json()["current"]) == (409, {"introduction": made["id"]})


@pytest.mark.parametrize(
    ("given", "field"),
    [({"message": ""}, "message"), ({"message": "x" * 1300}, "message"), ({"language": "xx"}, "language")],
)
def test_proposal_that_cannot_be_names_the_field(pair: Pair, given: dict[str, str], field: str) -> None:
    sent = {**HELLO, **given}
    response = Program(pair.ada).send("post", "communities/repair-cafe/introductions", sent, key=uuid.uuid4())
    assert (response.status_code, fields(response), Introduction.objects.count()) == (422, [field], 0)


@pytest.mark.parametrize(
    ("other", "status"), [("repair-cafe", 422), ("nobody", 404), ("", 404), ("\x00", 422), ("\ud800", 422)]
)
def test_proposal_to_oneself_or_to_nobody_is_refused(pair: Pair, other: str, status: int) -> None:
    sent = {**HELLO, "other": other}
    response = Program(pair.ada).send("post", "communities/repair-cafe/introductions", sent, key=uuid.uuid4())
    assert (response.status_code, Introduction.objects.count()) == (status, 0)
    assert response.json()["message"]


def test_question_its_answer_and_a_kind_no(pair: Pair) -> None:
    number, key = propose(pair)["id"], uuid.uuid4()
    ada, bo = Program(pair.ada), Program(pair.bo)
    question = {"text": "When would you like to meet?", "language": "en"}
    for _turn in range(2):
        asked = bo.create(f"introductions/{number}/note", question, key=key)
    assert (asked["state"], [note["text"] for note in asked["notes"]]) == ("asked", [question["text"]])
    answered = ada.create(f"introductions/{number}/note", {"text": "In May.", "language": "en"})
    assert [(note["text"], note["is_ours"]) for note in answered["notes"]] == [
        (question["text"], False), ("In May.", True),
    ]  # fmt: skip
    declined = bo.send("post", f"introductions/{number}/decline", {"reason": "not-now", "note": "Next year?"})
    assert (declined.json()["state"], declined.json()["is_declined_by_us"]) == ("declined", True)
    read = ada.read(f"introductions/{number}")
    assert (read["decline_reason_label"], read["decline_note"]) == (
        "Not now: our hands are full.",
        "Next year?",
    )


def test_decline_without_a_reason_names_the_field(pair: Pair) -> None:
    number = propose(pair)["id"]
    answers = [
        Program(pair.bo).send("post", f"introductions/{number}/decline", sent)
        for sent in ({"reason": "bored"}, {}, {"reason": "not-now", "note": "x" * 400})
    ]
    named = [(answer.status_code, fields(answer)) for answer in answers]
    assert named == [(422, ["reason"]), (422, ["reason"]), (422, ["note"])]


def test_answer_that_comes_too_late_reads_how_it_stands(pair: Pair) -> None:
    number = propose(pair)["id"]
    withdrawn = Program(pair.ada).send("post", f"introductions/{number}/withdraw")
    late = Program(pair.bo).send("post", f"introductions/{number}/accept")
    assert (withdrawn.json()["state"], late.status_code) == ("withdrawn", 409)
    assert late.json()["message"] == "This introduction has been withdrawn meanwhile."
    assert late.json()["current"]["state"] == "withdrawn"


def test_nobody_else_learns_that_there_is_an_introduction(pair: Pair) -> None:
    number = propose(pair)["id"]
    for person in (pair.mo, pair.zoe, pair.fay):
        program = Program(person)
        answers = [
            program.get(f"introductions/{number}"),
            program.send("post", f"introductions/{number}/accept"),
            program.send("post", f"introductions/{number}/decline", {"reason": "not-now"}),
            program.send("post", f"introductions/{number}/withdraw"),
        ]
        assert [answer.status_code for answer in answers] == [404] * 4
        assert program.get(f"introductions/{number}").content == program.get("introductions/999999").content
        assert program.read("introductions")["items"] == []


def test_facilitator_reads_and_writes_but_answers_for_nobody(pair: Pair) -> None:
    number = facilitated(pair, now=timezone.now()).pk
    fay = Program(pair.fay)
    read = fay.read(f"introductions/{number}")
    assert (read["us"], read["step"], read["contacts"]) == (None, "sit-in", [])
    assert fay.send("post", f"introductions/{number}/accept").status_code == 403
    noted = fay.create(f"introductions/{number}/note", {"text": "You two!", "language": "en"})
    assert noted["notes"][0]["name"] == ""
    assert fay.send("post", f"introductions/{number}/withdraw").json()["state"] == "withdrawn"


def test_what_one_side_said_to_a_facilitator_is_not_told_before_the_other_has(pair: Pair) -> None:
    number = facilitated(pair, now=timezone.now()).pk
    before = {name: Program(getattr(pair, name)).read(f"introductions/{number}") for name in ("bo", "fay")}
    Program(pair.ada).send("post", f"introductions/{number}/accept")
    after = {name: Program(getattr(pair, name)).read(f"introductions/{number}") for name in ("bo", "fay")}
    assert before == after


def test_interest_is_told_to_nobody_until_it_is_mutual(pair: Pair) -> None:
    ada, bo = Program(pair.ada), Program(pair.bo)
    ours, theirs = (
        "communities/repair-cafe/interest/fixers-of-leeds",
        "communities/fixers-of-leeds/interest/repair-cafe",
    )
    before = bo.read("inbox")
    for _turn in range(2):
        said = ada.send("put", ours)
        assert (said.status_code, said.json()) == (200, {"introduction": None})
    assert (bo.read("inbox"), bo.read("introductions")["items"]) == (before, [])
    assert ada.read("inbox")["said"][0]["them"]["slug"] == "fixers-of-leeds"
    mutual = bo.send("put", theirs).json()["introduction"]
    assert addresses(ada.read(f"introductions/{mutual}")) == [pair.bo.email, pair.bea.email]
    assert ada.send("put", ours).status_code == 409


def test_interest_is_taken_back(pair: Pair) -> None:
    ada, ours = Program(pair.ada), "communities/repair-cafe/interest/fixers-of-leeds"
    ada.send("put", ours)
    assert [ada.send("delete", ours).status_code for _turn in range(2)] == [204, 204]
    assert Interest.objects.count() == 0
    assert Program(pair.mo).send("put", "communities/fixers-of-leeds/interest/repair-cafe").status_code == 403


def test_inbox_tells_what_waits_and_is_marked_as_read(pair: Pair) -> None:
    number, bo = propose(pair)["id"], Program(pair.bo)
    inbox = bo.read("inbox?unread=true")
    assert ([line["id"] for line in inbox["waiting"]], inbox["unread"], inbox["count"]) == ([number], 1, 1)
    notice = inbox["items"][0]
    assert notice["address"] == f"/introductions/{number}/"
    assert "Repair Café" in notice["sentence"]
    read = [bo.send("post", f"inbox/{notice['id']}/read") for _turn in range(2)]
    assert [(answer.status_code, answer.json()) for answer in read] == [(200, {"unread": 0})] * 2
    assert bo.read("inbox?unread=true")["items"] == []


def test_notice_of_somebody_else_is_not_there(pair: Pair) -> None:
    propose(pair)
    theirs = Notice.objects.filter(person=pair.bo).first()
    assert theirs is not None
    assert Program(pair.ada).send("post", f"inbox/{theirs.pk}/read").status_code == 404
    theirs.refresh_from_db()
    assert theirs.read_at is None


def test_me_tells_who_and_which_communities(pair: Pair) -> None:
    me = Program(pair.mo).read("me")
    assert (me["name"], me["email"], me["is_facilitator"]) == ("Mo", pair.mo.email, False)
    assert [(seat["community"]["slug"], seat["role"]) for seat in me["communities"]] == [
        ("fixers-of-leeds", "member")
    ]
