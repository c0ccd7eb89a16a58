"""The page of the demonstration: there only in one, and open only to the places of invented people."""

from pathlib import Path
from typing import Any

import pytest
from django.core.mail import get_connection
from django.core.mail.message import EmailMessage
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from twincitylab.community.models import Person
from twincitylab.community.operations.notices import notify
from twincitylab.community.queries.notices import people_to_mail
from twincitylab.community.tests.world import make_community, make_person, sign_in
from twincitylab.partnerships.models import Partnership
from twincitylab.partnerships.tests.pair import make_pair, partnered
from twincitylab.web.kept_mails import newest_mails

LINE = "This is a demonstration: communities, people and introductions are invented; cities are real."
MAKERSPACE = "demo.karlsruhe-makerspace@example.org"

pytestmark = pytest.mark.usefixtures("atlas")


@pytest.fixture
def demonstration(settings: Settings, tmp_path: Path) -> Path:
    """Served as a demonstration; returns the folder of its mails."""
    settings.DEMONSTRATION = True
    settings.MAIL_FOLDER = tmp_path
    settings.EMAIL_FILE_PATH = str(tmp_path)
    settings.EMAIL_BACKEND = "twincitylab.base.mail.Folder"
    return tmp_path


def invented(**more: Any) -> Person:
    return make_person("Mehmet (demo)", email=MAKERSPACE, is_demonstration=True, **more)


def signed_in_as(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_without_a_demonstration_there_is_neither_page_nor_line(client: Client) -> None:
    person = invented()
    assert client.get("/demonstration/").status_code == 404
    assert client.post(f"/demonstration/{person.pk}/").status_code == 404
    assert signed_in_as(client) is None
    assert LINE not in client.get("/countries/").content.decode()


@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize(
    "address", ["/", "/countries/", "/map/", "/demonstration/", "/accounts/login/", "/nowhere/"]
)
def test_every_page_says_that_it_is_a_demonstration(client: Client, address: str) -> None:
    assert client.get(address).content.decode().count(LINE) == 1


@pytest.mark.usefixtures("demonstration")
def test_the_page_shows_whose_place_one_may_take(client: Client) -> None:
    person = invented()
    make_community("Offene Werkstatt", slug="werkstatt", steward=person, is_demonstration=True)
    page = client.get("/demonstration/").content.decode()
    assert ("Mehmet (demo)" in page, "Offene Werkstatt" in page) == (True, True)
    assert f'action="/demonstration/{person.pk}/"' in page


@pytest.mark.usefixtures("demonstration")
def test_the_page_leads_to_an_invented_partnership_that_is_published(client: Client) -> None:
    here = "A partnership, as everybody sees it"
    partnership = partnered(make_pair())
    seen = []
    for marks in ({"is_demonstration": True}, {"is_demonstration": False, "is_public": True}):
        Partnership.objects.filter(pk=partnership.pk).update(**marks)
        seen.append(here in client.get("/demonstration/").content.decode())
    Partnership.objects.filter(pk=partnership.pk).update(is_demonstration=True)
    page = client.get("/demonstration/").content.decode()
    assert (seen, here in page) == ([False, False], True)
    assert f'href="/partnerships/{partnership.slug}/"' in page


@pytest.mark.usefixtures("demonstration")
def test_an_empty_demonstration_says_what_to_do(client: Client) -> None:
    assert "Run `twincitylab demo`" in client.get("/demonstration/").content.decode()


@pytest.mark.usefixtures("demonstration")
def test_a_click_takes_the_place_of_somebody_invented(client: Client) -> None:
    person = invented()
    answer = client.post(f"/demonstration/{person.pk}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/me/")
    assert signed_in_as(client) == str(person.pk)
    assert client.get("/me/").status_code == 200


@pytest.mark.usefixtures("demonstration")
def test_nobody_takes_the_place_of_somebody_real(client: Client) -> None:
    assert client.post(f"/demonstration/{make_person().pk}/").status_code == 404
    assert signed_in_as(client) is None


@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize("right", ["is_staff", "is_superuser"])
def test_nobody_takes_a_place_with_rights_over_the_site(client: Client, right: str) -> None:
    assert client.post(f"/demonstration/{invented(**{right: True}).pk}/").status_code == 404
    assert signed_in_as(client) is None


@pytest.mark.usefixtures("demonstration")
def test_a_place_that_is_closed_or_nowhere_is_not_found(client: Client) -> None:
    gone = invented(is_active=False)
    numbers = (gone.pk, 0, 2**63, 10**40)
    assert [client.post(f"/demonstration/{number}/").status_code for number in numbers] == [404] * 4


@pytest.mark.usefixtures("demonstration")
def test_signing_in_needs_a_click_on_the_page() -> None:
    strict, person = Client(enforce_csrf_checks=True), invented()
    assert strict.post(f"/demonstration/{person.pk}/").status_code == 403
    assert strict.get(f"/demonstration/{person.pk}/").status_code == 405
    assert signed_in_as(strict) is None


@pytest.mark.usefixtures("demonstration")
def test_whoever_is_signed_in_as_themselves_leaves_their_own_place(client: Client) -> None:
    person = invented()
    sign_in(client, make_person())
    client.post(f"/demonstration/{person.pk}/")
    assert signed_in_as(client) == str(person.pk)


def test_mails_to_invented_people_are_shown_and_no_others(client: Client, demonstration: Path) -> None:
    person, real = invented(), make_person(email="real@example.com")
    for number, to in enumerate((person.email, real.email, "demo.nobody@example.org", person.email)):
        EmailMessage(f"Mail {number}", "Grüße\n<b>aus</b> Pune", to=[to], connection=get_connection()).send()
    page = client.get("/demonstration/").content.decode()
    assert [number for number in range(4) if f"Mail {number}" in page] == [0, 3]
    assert ("Grüße" in page, "<b>aus" in page) == (True, False)


def test_the_newest_mail_comes_first_and_the_list_is_short(demonstration: Path) -> None:
    with get_connection() as connection:
        for number in range(30):
            EmailMessage(f"Mail {number}", "Text", to=[MAKERSPACE], connection=connection).send()
    mails = newest_mails(demonstration, to=[MAKERSPACE.upper()], most=20)
    assert [mail.subject for mail in mails] == [f"Mail {number}" for number in range(29, 9, -1)]
    assert (mails[0].to, mails[0].text.strip(), mails[0].sent_at is not None) == (MAKERSPACE, "Text", True)


def test_what_an_invented_person_should_know_is_mailed_into_a_file_only(
    demonstration: Path, settings: Settings
) -> None:
    person, now = invented(), timezone.now()
    notify([person], kind="introduction-sent", words={}, address="/inbox/", now=now)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert not people_to_mail(now=now).exists()
    settings.EMAIL_BACKEND = "twincitylab.base.mail.Folder"
    assert list(people_to_mail(now=now)) == [person]
    settings.DEMONSTRATION = False
    assert not people_to_mail(now=now).exists()


def test_an_odd_file_among_the_mails_is_no_error(client: Client, demonstration: Path) -> None:
    invented()
    (demonstration / "9.log").write_bytes(b"\xff\x00To: nobody\nDate: yesterday\n\n\xff")
    (demonstration / "8.log").write_bytes(
        f"To: {MAKERSPACE}\nDate: yesterday\nSubject: Odd\n\nText\n".encode()
    )
    (demonstration / "7.log").mkdir()
    page = client.get("/demonstration/")
    assert (page.status_code, "Odd" in page.content.decode()) == (200, True)


@pytest.mark.usefixtures("demonstration")
def test_the_page_asks_the_database_twelve_times_at_most(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make_community(steward=invented(), is_demonstration=True)
    with django_assert_max_num_queries(12):
        client.get("/demonstration/")
