"""Taking one's data along, and being erased."""

import io
import json
import zipfile
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from twincitylab.base.audit import record
from twincitylab.base.models import AuditEntry
from twincitylab.community.models import (
    ApiToken,
    Community,
    Contact,
    Disclosure,
    Invitation,
    Membership,
    NeedOffer,
    Notice,
    Person,
)
from twincitylab.community.operations import erase, export
from twincitylab.community.operations.erase import erase_person, register_dependence, register_farewell
from twincitylab.community.operations.export import export_chunks, register_export
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.tests.accounts import sign_up
from twincitylab.community.tests.world import NOW, make_community, make_need, make_person, sign_in

pytestmark = [pytest.mark.usefixtures("atlas", "mails_at_once")]


@pytest.fixture(autouse=True)
def registries(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test registers does not outlive it; what the apps above registered stays."""
    monkeypatch.setattr(export, "_parts", dict(export._parts))
    monkeypatch.setattr(erase, "_farewells", dict(erase._farewells))
    monkeypatch.setattr(erase, "_dependences", dict(erase._dependences))


def exported(person: Person) -> dict[str, Any]:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(export_chunks(by=person, now=NOW))))
    assert archive.testzip() is None
    return {
        name.removesuffix(".json"): json.loads(archive.read(name))
        if name.endswith(".json")
        else archive.read(name)
        for name in archive.namelist()
    }


class TestExport:
    def test_all_that_is_mine_is_in_it(self) -> None:
        amina, other = make_person("Amina", email="amina@example.org"), make_person("Somebody Else")
        community = make_community("Repair café", steward=amina, members=[other])
        make_need(community, text="We seek tools", created_by=amina)
        make_need(community, text="Written by another", created_by=other)
        Notice.objects.create(person=amina, kind="welcome", address="/me/", made_at=NOW)
        data = exported(amina)
        assert data["profile"]["email"] == "amina@example.org"
        assert data["addresses"] == [{"email": "amina@example.org", "verified": True, "primary": True}]
        assert [seat["community"] for seat in data["memberships"]] == ["Repair café"]
        (mine,) = data["communities"]
        assert (mine["name"], mine["city"], mine["topics"]) == (
            "Repair café",
            "Karlsruhe",
            ["circular-economy"],
        )
        assert len(mine["needs_and_offers"]) == 2
        assert [need["text"] for need in data["needs_and_offers_i_wrote"]] == ["We seek tools"]
        assert [notice["kind"] for notice in data["notices"]] == ["welcome"]
        assert b"2026-03-02" in data["README.txt"]

    def test_what_one_did_and_whom_one_invited_is_in_it_without_their_addresses(self) -> None:
        amina, other = make_person("Amina"), make_person()
        ours = make_community("Ours", steward=amina)
        guest = {"email": "guest@example.org", "role": "member", "made_at": NOW, "expires_at": NOW}
        Invitation.objects.create(community=ours, digest="d", made_by=amina, **guest)
        Invitation.objects.create(community=ours, digest="e", made_by=other, **guest)
        record(actor=f"person {amina.pk}", action="invite", subject="community 1", now=NOW, detail={"a": 1})
        record(actor="system", action="make facilitator", subject=f"person {amina.pk}", now=NOW)
        record(actor=f"person {other.pk}", action="invite", subject="community 2", now=NOW)
        data = exported(amina)
        assert [(row["community"], row["way"]) for row in data["invitations_i_sent"]] == [("Ours", "mail")]
        deeds = [(row["action"], set(row)) for row in data["what_i_did"]]
        told = {"happened_at", "action", "subject"}
        assert deeds == [("invite", told), ("make facilitator", told), ("export own data", told)]
        assert "guest@example.org" not in json.dumps(data, default=str)

    def test_nothing_private_of_others_is_in_it(self) -> None:
        amina = make_person("Amina")
        other = make_person("Somebody Else", email="else@example.org")
        ours = make_community("Ours", steward=amina, members=[other])
        Contact.objects.create(
            community=ours, kind="person", name="A Contact", reach="0721", created_at=NOW, changed_at=NOW
        )
        Invitation.objects.create(
            community=ours, email="guest@example.org", digest="d", made_at=NOW, expires_at=NOW
        )
        theirs = make_community("Real name", pseudonym="Lanterns", steward=other, members=[amina])
        make_need(theirs, text="Their private plan", created_by=other)
        text = json.dumps(exported(amina), default=str)
        hidden = ("Somebody Else", "else@example.org", "A Contact", "0721", "guest@example.org", "Real name")
        assert [word for word in (*hidden, "Their private plan") if word in text] == []
        assert "Lanterns" in text

    def test_secrets_are_not_in_it(self) -> None:
        amina = make_person(password="a long enough phrase")
        Authenticator.objects.create(user=amina, type="totp", data={"secret": "TOTPSECRET"})
        ApiToken.objects.create(person=amina, name="t", digest="DIGEST", created_at=NOW, expires_at=NOW)
        text = json.dumps(exported(amina), default=str)
        assert [word for word in ("TOTPSECRET", "DIGEST", amina.password) if word in text] == []

    def test_apps_above_add_their_part(self) -> None:
        register_export("letters", lambda person: [person.name])
        register_export("picture.png", lambda _person: b"\x89PNG")
        data = exported(make_person("Amina"))
        assert (data["letters"], data["picture.png"]) == (["Amina"], b"\x89PNG")

    def test_page_streams_the_zip(self, client: Client) -> None:
        sign_in(client, make_person())
        assert client.get("/me/export/").status_code == 200
        answer = client.post("/me/export/")
        assert (answer.streaming, answer["Content-Type"]) == (True, "application/zip")
        content = answer.getvalue()
        assert "profile.json" in zipfile.ZipFile(io.BytesIO(content)).namelist()
        assert AuditEntry.objects.filter(action="export own data").count() == 1


class TestErase:
    def test_all_that_hangs_on_the_person_goes(self, client: Client) -> None:
        sign_up(client, email="amina@example.org", name="Amina")
        amina = Person.objects.get()
        Authenticator.objects.create(user=amina, type="totp", data={})
        ApiToken.objects.create(person=amina, name="t", digest="d", created_at=NOW, expires_at=NOW)
        elsewhere = make_community()
        Invitation.objects.create(
            community=elsewhere, email="Amina@example.org", digest="e", made_at=NOW, expires_at=NOW
        )
        pk = amina.pk
        erase_person(by=amina, now=NOW)
        assert Person.objects.filter(pk=pk).exists() is False
        tables = (Authenticator, ApiToken, Invitation, UserSession, Session)
        assert [table.objects.count() for table in tables] == [0] * 5
        assert EmailAddress.objects.filter(email="amina@example.org").exists() is False
        assert client.get("/me/").status_code == 302
        entry = AuditEntry.objects.get(action="erase person")
        assert (entry.actor, entry.subject) == (f"person {pk}", f"person {pk}")
        assert "mina" not in "".join(
            f"{row.actor}{row.subject}{row.detail}" for row in AuditEntry.objects.all()
        )

    def test_one_last_mail_goes_to_the_address(self) -> None:
        amina = make_person("Amina", email="amina@example.org", language="en")
        mail.outbox.clear()
        erase_person(by=amina, now=NOW)
        (last,) = mail.outbox
        assert (last.to, "erased" in last.subject) == (["amina@example.org"], True)
        assert "2026-03-02" in str(last.body)
        assert "If it was not you" in str(last.body)

    def test_nothing_is_mailed_when_nothing_was_erased(self) -> None:
        amina = make_person()
        make_community("Choir", steward=amina, members=[make_person()])
        mail.outbox.clear()
        with pytest.raises(Refused):
            erase_person(by=amina, now=NOW)
        assert mail.outbox == []

    def test_what_others_depend_on_stays_without_a_name(self) -> None:
        amina, other = make_person("Amina"), make_person()
        community = make_community(steward=other, members=[amina])
        need = make_need(community, created_by=amina)
        erase_person(by=amina, now=NOW)
        need.refresh_from_db()
        assert (need.created_by, Membership.objects.count()) == (None, 1)

    def test_a_community_of_one_goes_along(self) -> None:
        amina = make_person()
        make_need(make_community(steward=amina), created_by=amina)
        erase_person(by=amina, now=NOW)
        assert (Community.objects.count(), NeedOffer.objects.count()) == (0, 0)

    def test_the_last_steward_cannot_leave_others_alone(self) -> None:
        amina = make_person()
        make_community("Choir", steward=amina, members=[make_person()])
        with pytest.raises(Refused, match="last steward of Choir"):
            erase_person(by=amina, now=NOW)
        assert Person.objects.filter(pk=amina.pk).exists()

    def test_a_community_that_let_another_see_it_goes_along(self) -> None:
        amina = make_person()
        mine, theirs = make_community("Choir", steward=amina), make_community("Band")
        Disclosure.objects.create(community=mine, to=theirs, since=NOW)
        Invitation.objects.create(
            community=mine, email="guest@example.org", digest="e", made_at=NOW, expires_at=NOW
        )
        erase_person(by=amina, now=NOW)
        assert (list(Community.objects.all()), Invitation.objects.count()) == ([theirs], 0)

    def test_a_closed_community_goes_with_its_last_member(self) -> None:
        amina, other = make_person(), make_person()
        make_community(steward=amina, members=[other], closed_at=NOW)
        erase_person(by=amina, now=NOW)
        erase_person(by=other, now=NOW)
        assert Community.objects.count() == 0

    def test_nor_one_that_an_app_above_needs(self) -> None:
        amina = make_person()
        make_community("Choir", steward=amina)
        register_dependence("test", lambda community: community.name == "Choir")
        with pytest.raises(Refused, match="last steward of Choir"):
            erase_person(by=amina, now=NOW)

    def test_a_closed_community_stays_for_its_members(self) -> None:
        amina = make_person()
        community = make_community(steward=amina, members=[make_person()], closed_at=NOW)
        erase_person(by=amina, now=NOW)
        assert community.memberships.count() == 1

    def test_apps_above_say_farewell_in_the_same_transaction(self) -> None:
        amina = make_person()

        def fails(_person: Person, _now: object) -> None:
            raise RuntimeError

        register_farewell("test", fails)
        with pytest.raises(RuntimeError):
            erase_person(by=amina, now=NOW)
        assert Person.objects.filter(pk=amina.pk).exists()

    def test_page_wants_a_tick_and_then_erases(self, client: Client) -> None:
        sign_up(client, email="amina@example.org")
        assert client.post("/me/erase/").status_code == 422
        answer = client.post("/me/erase/", {"sure": "yes"}, follow=True)
        assert ("is erased" in answer.content.decode(), Person.objects.count()) == (True, 0)

    def test_page_names_what_must_be_handed_over(self, client: Client) -> None:
        sign_up(client, email="amina@example.org")
        make_community(
            "Secret name", pseudonym="Lanterns", steward=Person.objects.get(), members=[make_person()]
        )
        page = client.get("/me/erase/").content.decode()
        assert ("Lanterns" in page, "Secret name" in page, 'name="sure"' in page) == (True, False, False)
        answer = client.post("/me/erase/", {"sure": "yes"})
        assert (answer.status_code, "last steward of Lanterns" in answer.content.decode()) == (422, True)

    def test_a_session_alone_does_not_suffice(self, client: Client) -> None:
        sign_in(client, make_person())
        assert client.post("/me/erase/", {"sure": "yes"})["Location"].startswith("/me/confirm/")
        assert Person.objects.count() == 1
