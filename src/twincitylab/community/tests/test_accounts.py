"""Signing up and in, one's own page and settings, and how a person's wishes win."""

import datetime as dt
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core import mail
from django.db import DatabaseError, connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from pytest_django.fixtures import Settings

from twincitylab.base.mail import Folder, send
from twincitylab.base.models import AuditEntry
from twincitylab.community.models import Person
from twincitylab.community.operations.accounts import tidy
from twincitylab.community.tests.accounts import last_code, sign_in_by_code, sign_up
from twincitylab.community.tests.world import PASSWORD, make_person
from twincitylab.community.tests.world import sign_in as force_in
from twincitylab.web.middleware import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mails_at_once")]
ADDRESS = "amina@example.org"


class TestSignUp:
    def test_name_and_address_are_enough(self, client: Client) -> None:
        client.post("/accounts/signup/", {"name": " Amina\u202e ", "email": ADDRESS.upper()})
        answer = client.post("/accounts/confirm-email/", {"code": last_code()})
        person = Person.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, "/me/")
        assert (person.name, person.email, person.has_usable_password()) == ("Amina", ADDRESS, False)
        assert client.get("/me/").status_code == 200

    def test_language_of_the_page_becomes_the_person_s(self, client: Client) -> None:
        client.post(
            "/accounts/signup/", {"name": "Amina", "email": ADDRESS}, headers={"Accept-Language": "de-AT"}
        )
        assert (Person.objects.get().language, mail.outbox[-1].extra_headers["Content-Language"]) == (
            "de",
            "de",
        )

    @pytest.mark.parametrize(
        ("zone", "kept"),
        [
            ("Asia/Amman", "Asia/Amman"),
            ("Asia/Nowhere", "UTC"),
            ("../etc/passwd", "UTC"),
            ("x" * 5000, "UTC"),
        ],
    )
    def test_clock_of_the_browser_becomes_the_person_s(self, client: Client, zone: str, kept: str) -> None:
        assert "data-zone" in client.get("/accounts/signup/").content.decode()
        sent = {"name": "Amina", "email": "amina@example.org", "password1": "", "zone": zone}
        client.post("/accounts/signup/", sent)
        assert Person.objects.get().timezone == kept

    def test_audit_names_nobody(self, client: Client) -> None:
        sign_up(client, email=ADDRESS)
        entry = AuditEntry.objects.get(action="sign up")
        assert (entry.actor, entry.detail) == (f"person {Person.objects.get().pk}", {})

    def test_password_is_kept_with_argon2_and_signs_in(self, client: Client) -> None:
        sign_up(client, email=ADDRESS, password=PASSWORD)
        assert Person.objects.get().password.startswith("argon2")
        other = Client()
        other.post("/accounts/login/", {"login": ADDRESS, "password": PASSWORD})
        assert other.get("/me/").status_code == 200

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"name": "", "email": ADDRESS}, "Write how others may call you."),
            ({"name": "\u200b", "email": ADDRESS}, "Write how others may call you."),
            ({"name": "x" * 121, "email": ADDRESS}, "at most 120 characters"),
            ({"name": "Amina", "email": "amina@"}, "Enter a valid email address."),
            ({"name": "Amina", "email": ADDRESS, "password1": "password"}, "too common"),
        ],
    )
    def test_what_is_wrong_is_said_and_the_rest_kept(
        self, client: Client, typed: dict[str, str], sentence: str
    ) -> None:
        answer = client.post("/accounts/signup/", typed)
        page = answer.content.decode()
        assert (answer.status_code, sentence in page) == (422, True)
        assert f'value="{typed["email"]}"' in page
        assert Person.objects.count() == 0

    def test_sent_twice_makes_one_account_and_the_second_code_works(self, client: Client) -> None:
        client.post("/accounts/signup/", {"name": "Amina", "email": ADDRESS})
        again = Client()
        sign_up(again, email=ADDRESS)
        assert (Person.objects.count(), again.get("/me/").status_code) == (1, 200)

    def test_a_password_somebody_else_chose_dies_when_the_owner_confirms(self, client: Client) -> None:
        client.post("/accounts/signup/", {"name": "Thief", "email": ADDRESS, "password1": PASSWORD})
        owner = Client()
        sign_in_by_code(owner, email=ADDRESS)
        assert owner.get("/me/").status_code == 200
        assert Person.objects.get().has_usable_password() is False

    def test_wrong_code_is_refused_and_three_spend_it(self, client: Client) -> None:
        client.post("/accounts/signup/", {"name": "Amina", "email": ADDRESS})
        code = last_code()
        answers = [
            client.post("/accounts/confirm-email/", {"code": "AAAA-AAAA"}).status_code for _ in range(3)
        ]
        client.post("/accounts/confirm-email/", {"code": code})
        assert (answers[0], client.get("/me/").status_code) == (422, 302)

    def test_passkey_page_loads_its_scripts_from_here(self, client: Client) -> None:
        page = client.get("/accounts/login/").content.decode()
        assert 'src="/static/mfa/js/webauthn.js"' in page
        assert "<script>" not in page
        assert " style=" not in page


class TestSessions:
    def test_session_outlives_a_restart(self, client: Client) -> None:
        sign_up(client, email=ADDRESS)
        later = Client()
        later.cookies = client.cookies
        assert later.get("/me/").status_code == 200

    def test_list_names_this_device_and_signs_out_the_others(self, client: Client) -> None:
        sign_up(client, email=ADDRESS)
        other = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"})
        sign_in_by_code(other, email=ADDRESS)
        assert "Firefox, Linux" in client.get("/accounts/sessions/").content.decode()
        client.post("/accounts/sessions/")
        assert (other.get("/me/").status_code, client.get("/me/").status_code) == (302, 200)

    def test_being_seen_is_noted_every_few_minutes_only(self, client: Client) -> None:
        force_in(client, make_person())
        client.get("/language/")
        session = UserSession.objects.get()
        UserSession.objects.update(last_seen_at=session.created_at - dt.timedelta(days=1))
        client.get("/language/")
        assert UserSession.objects.get().last_seen_at < session.created_at

    def test_visitor_costs_no_query_and_gets_no_cookie(self, client: Client) -> None:
        client.get("/language/")
        with CaptureQueriesContext(connection) as queries:
            answer = Client().get("/nowhere/")
        asked = [query["sql"] for query in queries if "session" in query["sql"] or "person" in query["sql"]]
        assert (asked, answer.cookies) == ([], {})

    def test_database_that_cannot_tell_makes_a_visitor(self, rf: RequestFactory, settings: Settings) -> None:
        def fails() -> Person:
            raise DatabaseError

        request = rf.get("/", headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}=x"})
        request.user = SimpleLazyObject(fails)  # type: ignore[assignment]
        assert (signed_in(request), request.user.is_authenticated) == (None, False)


class TestWishes:
    def test_own_language_wins_over_the_browser_s(self, client: Client) -> None:
        force_in(client, make_person(language="ar"))
        answer = client.get("/me/", headers={"Accept-Language": "de"})
        assert ('<html lang="ar" dir="rtl">' in answer.content.decode(), answer["Content-Language"]) == (
            True,
            "ar",
        )

    def test_time_is_shown_in_the_own_zone(self, client: Client) -> None:
        force_in(client, make_person(timezone="Asia/Tokyo"))
        client.get("/me/")
        UserSession.objects.update(created_at=dt.datetime(2026, 1, 1, 20, 30, tzinfo=dt.UTC))
        text = client.get("/accounts/sessions/").content.decode()
        assert "January 2, 2026, 5:30 AM" in text.replace("\u202f", " ")

    def test_language_page_changes_the_settings(self, client: Client) -> None:
        person = make_person()
        force_in(client, person)
        client.post("/language/choice/", {"language": "fr", "next": "/me/"})
        person.refresh_from_db()
        assert (person.language, client.get("/me/")["Content-Language"]) == ("fr", "fr")

    def test_settings_are_saved_and_audited_without_words(self, client: Client) -> None:
        person = make_person("Amina")
        force_in(client, person)
        typed = {"name": "Amina B.", "language": "es", "timezone": "America/Lima", "digest": "weekly"}
        assert client.post("/me/settings/", typed).status_code == 302
        person.refresh_from_db()
        assert {name: getattr(person, name) for name in typed} == typed
        entry = AuditEntry.objects.get(action="change settings")
        assert entry.detail == {"changed": ["digest", "language", "name", "timezone"]}

    def test_unknown_wishes_are_refused(self, client: Client) -> None:
        force_in(client, make_person())
        typed = {"name": "", "language": "xx", "timezone": "Mars/Crater", "digest": "hourly"}
        answer = client.post("/me/settings/", typed)
        assert (answer.status_code, answer.content.decode().count('class="problem"')) == (422, 4)

    def test_my_page_asks_the_database_little(self, client: Client) -> None:
        force_in(client, make_person())
        client.get("/me/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/me/")
        assert len(queries) <= 12

    def test_a_visitor_is_asked_to_sign_in(self, client: Client) -> None:
        assert client.get("/me/")["Location"] == "/accounts/login/?next=/me/"


class TestAddress:
    def test_change_needs_the_code_of_the_new_mailbox(self, client: Client) -> None:
        sign_up(client, email=ADDRESS)
        client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
        assert Person.objects.get().email == ADDRESS
        client.post("/accounts/confirm-email/", {"code": last_code()})
        assert Person.objects.get().email == "new@example.org"
        assert [row.email for row in EmailAddress.objects.all()] == ["new@example.org"]

    def test_a_session_without_a_fresh_sign_in_must_confirm_first(self, client: Client) -> None:
        force_in(client, make_person())
        answer = client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
        assert answer["Location"] == "/me/confirm/?next=%2Faccounts%2Femail%2F"


class TestConfirm:
    def test_code_by_mail_opens_what_is_guarded(self, client: Client) -> None:
        person = make_person(language="fr")
        force_in(client, person)
        client.post("/me/confirm/", {"next": "/me/erase/", "send": "yes"})
        assert (mail.outbox[-1].to, mail.outbox[-1].extra_headers["Content-Language"]) == (
            [person.email],
            "fr",
        )
        answer = client.post("/me/confirm/", {"next": "/me/erase/", "code": last_code().lower()})
        assert (answer["Location"], client.get("/me/erase/").status_code) == ("/me/erase/", 200)

    def test_three_wrong_codes_spend_it(self, client: Client) -> None:
        force_in(client, make_person())
        client.post("/me/confirm/", {"send": "yes"})
        for _ in range(3):
            assert client.post("/me/confirm/", {"code": "AAAA-AAAA"}).status_code == 422
        assert client.post("/me/confirm/", {"code": last_code()}).status_code == 422

    def test_way_back_leads_nowhere_else(self, client: Client) -> None:
        force_in(client, make_person())
        client.post("/me/confirm/", {"send": "yes"})
        answer = client.post("/me/confirm/", {"next": "https://evil.example/", "code": last_code()})
        assert answer["Location"] == "/me/"

    def test_a_password_is_asked_for_where_there_is_one(self, client: Client) -> None:
        force_in(client, make_person(password=PASSWORD))
        assert client.get("/me/erase/")["Location"].startswith("/accounts/reauthenticate/")
        answer = client.post("/accounts/reauthenticate/?next=/me/erase/", {"password": PASSWORD})
        assert (answer["Location"], client.get("/me/erase/").status_code) == ("/me/erase/", 200)


class TestTidying:
    def test_only_what_nobody_confirmed_in_time_is_forgotten(self) -> None:
        kept = make_person()
        old = Person.objects.create_user("old@example.org", "Old")
        EmailAddress.objects.create(user=old, email=old.email, verified=False)
        bare = Person.objects.create_user("bare@example.org", "Made on the command line")
        assert tidy(now=timezone.now()) == 0
        assert tidy(now=timezone.now() + dt.timedelta(days=3)) == 1
        assert set(Person.objects.all()) == {kept, bare}


class TestMail:
    def test_without_a_server_mails_are_files_of_their_owner(
        self, settings: Settings, tmp_path: Path
    ) -> None:
        settings.EMAIL_BACKEND = f"{Folder.__module__}.{Folder.__name__}"
        settings.MAIL_FOLDER = settings.EMAIL_FILE_PATH = tmp_path / "mail"
        send("a@example.org", language="ar", subject="مرحبا\nX: y", text="ص", unsubscribe_url="https://x/u")
        (file,) = (tmp_path / "mail").iterdir()
        text = file.read_text()
        assert (file.stat().st_mode & 0o777, (tmp_path / "mail").stat().st_mode & 0o777) == (0o600, 0o700)
        assert "\nX: y" not in text
        assert "List-Unsubscribe: <https://x/u>" in text
        assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in text

    def test_a_server_that_does_not_answer_breaks_no_page(
        self, client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
    ) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        answer = client.post("/accounts/login/code/", {"email": ADDRESS})
        assert (answer.status_code, ADDRESS in caplog.text) == (302, False)
        assert "a mail could not be sent" in caplog.text
