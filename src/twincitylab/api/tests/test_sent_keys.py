"""A key creates one thing, with one content, once and for all."""

import uuid
from typing import Any

import pytest
from django.db import transaction

from twincitylab.api.tests.calling import Program
from twincitylab.community.models import Community, NeedOffer, SentKey
from twincitylab.community.operations.sent_keys import SentSomethingElse, remember_key
from twincitylab.community.tests.world import NOW, at_once, make_community, make_person
from twincitylab.partnerships.models import Introduction, IntroductionNote

pytestmark = pytest.mark.usefixtures("atlas", "unlimited")
NEED: dict[str, Any] = {
    "direction": "need", "text": "How do you plant at night?", "topic": "trees", "kind": "knowledge",
    "language": "en", "urgency": "year",
}  # fmt: skip
NEW: dict[str, Any] = {
    "name": "Night Gardeners", "city": "karlsruhe-de", "kind": "initiative",
    "purpose": "We plant at night, together.", "topics": ["trees"], "languages": ["en"],
}  # fmt: skip
HELLO = {"other": "fixers", "message": "Hello, shall we meet?", "language": "en"}


@pytest.fixture
def program() -> Program:
    steward = make_person()
    make_community("Choir", steward=steward)
    make_community("Fixers", city="leeds-gb")
    return Program(steward)


@pytest.mark.parametrize(
    ("address", "body", "change"),
    [
        ("communities", NEW, {"name": "Other Gardeners"}),
        ("communities/choir/needs", NEED, {"text": "Something else?"}),
        ("communities/choir/introductions", HELLO, {"message": "Good evening."}),
    ],
)
def test_another_content_under_the_same_key_is_refused(
    program: Program, address: str, body: dict[str, Any], change: dict[str, Any]
) -> None:
    key = uuid.uuid4()
    program.create(address, body, key=key)
    program.create(address, body, key=key)
    response = program.send("post", address, body | change, key=key)
    assert (response.status_code, "Idempotency-Key" in response.json()["message"]) == (409, True)
    counts = Community.objects.count(), NeedOffer.objects.count(), Introduction.objects.count()
    assert sum(counts) == 3


def test_a_note_with_another_text_under_the_same_key_is_refused() -> None:
    key, steward = uuid.uuid4(), make_person()
    make_community("Choir")
    choir = Community.objects.get()
    asking = Program(choir.memberships.get().person)
    make_community("Fixers", city="leeds-gb", steward=steward)
    made = asking.create("communities/choir/introductions", HELLO)
    answering, address = Program(steward), f"introductions/{made['id']}/note"
    for text, status in (("Who are you?", 201), ("Who are you?", 201), ("Where?", 409)):
        sent = answering.send("post", address, {"text": text, "language": "en"}, key=key)
        assert sent.status_code == status
    assert IntroductionNote.objects.count() == 1


def test_what_was_deleted_is_not_created_again(program: Program) -> None:
    key = uuid.uuid4()
    made = program.create("communities/choir/needs", NEED, key=key)
    assert program.send("delete", f"needs/{made['need']['id']}").status_code == 204
    response = program.send("post", "communities/choir/needs", NEED, key=key)
    assert (response.status_code, "deleted" in response.json()["message"]) == (409, True)
    assert NeedOffer.objects.count() == 0
    program.create("communities/choir/needs", NEED)


def test_what_was_refused_leaves_its_key_free(program: Program) -> None:
    key = uuid.uuid4()
    assert program.send("post", "communities/choir/needs", NEED | {"text": ""}, key=key).status_code == 422
    assert not SentKey.objects.exists()
    program.create("communities/choir/needs", NEED, key=key)


@pytest.mark.usefixtures("real_database")
def test_of_two_at_once_one_is_new_and_another_content_is_told() -> None:
    key = uuid.uuid4()

    def send(content: str) -> str:
        with transaction.atomic():
            return str(remember_key(key, content=content, now=NOW))

    assert sorted(at_once(lambda: send("a"), lambda: send("a"))) == ["False", "True"]
    assert at_once(lambda: send("b")) == [SentSomethingElse.__name__]
