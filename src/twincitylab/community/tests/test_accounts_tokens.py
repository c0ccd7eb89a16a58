"""API tokens: shown once, valid for what and as long as was said, and taken back."""

import datetime as dt
import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from twincitylab.base.models import AuditEntry
from twincitylab.community.models import ApiToken, Person
from twincitylab.community.operations.tokens import MOST_TOKENS, make_token, revoke_token
from twincitylab.community.queries.tokens import person_of_token
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.tests.accounts import sign_up
from twincitylab.community.tests.world import make_person, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mails_at_once")]


@pytest.fixture
def person() -> Person:
    return make_person()


def new(person: Person, *, may_write: bool = False, now: dt.datetime | None = None, days: int = 7) -> str:
    made = make_token(
        by=person,
        name="My program",
        may_write=may_write,
        days=days,
        form_key=uuid.uuid4(),
        now=now or timezone.now(),
    )
    return made.text


def test_token_speaks_for_its_person_in_its_scope(person: Person) -> None:
    reads, writes = new(person), new(person, may_write=True)
    assert [person_of_token(reads, "read"), person_of_token(writes, "read")] == [person, person]
    assert [person_of_token(reads, "write"), person_of_token(writes, "write")] == [None, person]
    assert [person_of_token(text, "read") for text in ("", "tcl_", "x" * 5000, reads[:-1], reads + "x")] == [
        None
    ] * 5


def test_token_ends_with_its_day_and_with_its_person(person: Person) -> None:
    over = new(person, now=timezone.now() - dt.timedelta(days=8))
    fresh = new(person)
    assert person_of_token(over, "read") is None
    Person.objects.update(is_active=False)
    assert person_of_token(fresh, "read") is None


def test_use_is_noted_once_a_minute(person: Person) -> None:
    text = new(person)
    with CaptureQueriesContext(connection) as first:
        person_of_token(text, "read")
    with CaptureQueriesContext(connection) as second:
        person_of_token(text, "read")
    assert (len(first), len(second)) == (2, 1)
    assert ApiToken.objects.get().last_used_at is not None


def test_only_a_digest_is_stored(person: Person) -> None:
    text = new(person)
    token = ApiToken.objects.get()
    assert text not in (token.digest, token.name)
    entry = AuditEntry.objects.get(action="make token")
    assert text not in f"{entry.subject} {entry.detail}"


def test_taken_back_it_opens_nothing_and_nobody_else_can_take_it_back(person: Person) -> None:
    text = new(person)
    pk = ApiToken.objects.get().pk
    revoke_token(by=make_person(), token_id=pk, now=timezone.now())
    assert person_of_token(text, "read") == person
    revoke_token(by=person, token_id=pk, now=timezone.now())
    assert person_of_token(text, "read") is None


def test_there_is_an_end_to_them(person: Person) -> None:
    for _ in range(MOST_TOKENS):
        new(person)
    with pytest.raises(Refused, match="take one back first"):
        new(person)


class TestPage:
    def test_text_is_shown_once_and_a_second_click_makes_no_second(self, client: Client) -> None:
        sign_up(client, email="amina@example.org")
        key = re.search(r'name="form_key" value="([^"]+)"', client.get("/me/tokens/").content.decode())
        assert key
        typed = {"name": "Charts", "scope": "read", "days": "30", "form_key": key.group(1)}
        first, second = (client.post("/me/tokens/new/", typed) for _ in range(2))
        texts = [re.findall(r"tcl_[\w-]{43}", answer.content.decode()) for answer in (first, second)]
        assert (texts[0], texts[0] == texts[1], ApiToken.objects.count()) == (texts[1], True, 1)
        assert "no-store" in first["Cache-Control"]
        assert "tcl_" not in client.get("/me/tokens/").content.decode()
        person = Person.objects.get()
        assert person_of_token(texts[0][0], "read") == person
        ApiToken.objects.update(created_at=timezone.now() - dt.timedelta(hours=1))
        late = client.post("/me/tokens/new/", typed)
        assert (late.status_code, "tcl_" in late.content.decode()) == (422, False)

    def test_what_is_wrong_is_said(self, client: Client) -> None:
        sign_up(client, email="amina@example.org")
        answer = client.post("/me/tokens/new/", {"name": "", "scope": "all", "days": "9999", "form_key": "x"})
        assert (answer.status_code, ApiToken.objects.count()) == (422, 0)

    def test_a_session_without_a_fresh_sign_in_must_confirm(self, client: Client) -> None:
        sign_in(client, make_person())
        assert client.post("/me/tokens/new/", {})["Location"].startswith("/me/confirm/")

    def test_taking_back(self, client: Client, person: Person) -> None:
        text = new(person)
        sign_in(client, person)
        assert client.get("/me/tokens/1/revoke/").status_code == 405
        client.post(f"/me/tokens/{ApiToken.objects.get().pk}/revoke/")
        assert person_of_token(text, "read") is None
