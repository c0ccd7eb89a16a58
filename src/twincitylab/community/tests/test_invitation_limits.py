"""Invitations by mail cannot be turned against people who have nothing to do with it."""

import datetime as dt
import re
import uuid
from dataclasses import replace

import pytest
from django.core import mail
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from twincitylab.community.choices import Role
from twincitylab.community.models import Community, Invitation, NoMoreInvitations, Person
from twincitylab.community.operations.accounts import Wishes, change_wishes
from twincitylab.community.operations.communities import close_community, found_community
from twincitylab.community.operations.erase import erase_person
from twincitylab.community.operations.invitations import invite, revoke_invitation
from twincitylab.community.rules.invitations import (
    MOST_MAILS_A_DAY,
    MOST_TO_ONE_ADDRESS,
    TO_ONE_ADDRESS_WITHIN,
    no_more_token,
)
from twincitylab.community.rules.names import holds_address
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.tests.test_facts import GOOD
from twincitylab.community.tests.world import NOW, make_community, make_person

pytestmark = pytest.mark.usefixtures("atlas")
TO = "neighbour@example.org"


def by_mail(community: Community, *, by: Person, email: str = TO, now: dt.datetime = NOW) -> Invitation:
    return invite(community=community, role=Role.MEMBER, form_key=uuid.uuid4(), by=by, now=now, email=email)


def test_a_person_sends_so_many_a_day_in_all_communities() -> None:
    ada = make_person()
    several = [make_community(steward=ada) for _ in range(2)]
    for number in range(MOST_MAILS_A_DAY):
        by_mail(several[number % 2], by=ada, email=f"n{number}@example.org")
    with pytest.raises(Refused, match="You have sent"):
        by_mail(make_community(steward=ada), by=ada)
    by_mail(several[0], by=ada, now=NOW + dt.timedelta(days=1, seconds=1))


def test_an_address_gets_few_whoever_sends_them_and_taking_back_does_not_help() -> None:
    for _ in range(MOST_TO_ONE_ADDRESS):
        one = make_person()
        made = by_mail(make_community(steward=one), by=one)
        revoke_invitation(invitation=made, by=one, now=NOW)
    ada = make_person()
    community = make_community(steward=ada)
    with pytest.raises(Refused) as refused:
        by_mail(community, by=ada, email=f" {TO.upper()} ")
    assert (refused.value.field, "for now" in refused.value.message) == ("email", True)
    invite(community=community, role=Role.MEMBER, form_key=uuid.uuid4(), by=ada, now=NOW)
    by_mail(community, by=ada, now=NOW + TO_ONE_ADDRESS_WITHIN + dt.timedelta(seconds=1))


def test_closing_forgets_the_address_and_not_how_often_it_was_written_to() -> None:
    ada = make_person()
    for _ in range(MOST_TO_ONE_ADDRESS):
        community = make_community(steward=ada)
        by_mail(community, by=ada)
        close_community(community=community, by=ada, now=NOW)
    assert TO not in str(list(Invitation.objects.values_list("email", flat=True)))
    with pytest.raises(Refused, match="for now"):
        by_mail(make_community(steward=ada), by=ada)
    newcomer = make_person(email=TO)
    erase_person(by=newcomer, now=NOW)
    assert not Invitation.objects.exists()


def test_one_click_in_the_mail_ends_invitations_for_good(
    client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    ada = make_person()
    community = make_community(steward=ada)
    with django_capture_on_commit_callbacks(execute=True):
        by_mail(community, by=ada)
    sent = mail.outbox[-1]
    header = sent.extra_headers["List-Unsubscribe"].strip("<>")
    assert header in str(sent.body)
    path = re.sub(r"^https?://[^/]+", "", header)
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(path).status_code == 200
    assert not NoMoreInvitations.objects.exists()
    for _ in range(2):
        assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    with pytest.raises(Refused, match="for now"):
        by_mail(community, by=ada, now=NOW + dt.timedelta(days=4000))
    assert TO not in str(NoMoreInvitations.objects.values())


@pytest.mark.parametrize("token", ["x", "a" * 64, "a:b", no_more_token(TO)[:-1]])
def test_a_link_that_we_have_not_made_is_none(client: Client, token: str) -> None:
    assert client.post(f"/no-invitations/{token}/").status_code == 404
    assert not NoMoreInvitations.objects.exists()


@pytest.mark.parametrize(
    ("name", "is_address"),
    [
        ("Win at https://x.y", True), ("www.prize", True), ("Visit prize.example.com now", True),
        ("prize.xyz/a", True), ("PRIZE.COM", True), ("Dr. Ada Lovelace", False), ("Chor e.V.", False),
        ("St.Pauli", False), ("J.R.R. Tolkien", False), ("Repair Café", False), ("نور", False),
        ("Fix it. Top!", False),
    ],
)  # fmt: skip
def test_what_is_a_web_address(name: str, *, is_address: bool) -> None:
    assert holds_address(name) is is_address


def test_neither_people_nor_communities_are_called_like_a_web_address(client: Client) -> None:
    ada, name = make_person(), "Prize at prize.example.com"
    safe = replace(GOOD, is_safe_mode=True, pseudonym=name)
    for facts in (replace(GOOD, name=name), safe):
        with pytest.raises(Refused, match="web address"):
            found_community(facts=facts, form_key=uuid.uuid4(), by=ada, now=NOW)
    with pytest.raises(Refused, match="web address"):
        change_wishes(by=ada, wishes=Wishes(name, "en", "UTC", ada.digest), now=NOW)
    response = client.post("/accounts/signup/", {"email": "new@example.org", "name": name})
    assert (response.status_code, "web address" in response.content.decode()) == (422, True)
