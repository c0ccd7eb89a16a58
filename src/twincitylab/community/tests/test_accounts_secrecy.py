"""Nobody learns who has an account, nobody tries out codes and passwords, and no secret is written down."""

import re
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import count

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core import mail
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from twincitylab.community.tests.accounts import last_code
from twincitylab.community.tests.world import PASSWORD, make_person
from twincitylab.web import middleware

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mails_at_once")]
KNOWN, UNKNOWN = "known@example.org", "other@example.org"
CHANGES = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"|known@example|other@example|\d{10,}')

ASKED = {
    "sign up": ("/accounts/signup/", {"name": "A", "email": "?"}),
    "sign up with a password": ("/accounts/signup/", {"name": "A", "email": "?", "password1": PASSWORD}),
    "sign in": ("/accounts/login/", {"login": "?", "password": "wrong but long"}),
    "ask for a code": ("/accounts/login/code/", {"email": "?"}),
    "ask for a new password": ("/accounts/password/reset/", {"email": "?"}),
}


@pytest.mark.parametrize("asked", ASKED)
def test_known_and_unknown_addresses_are_answered_alike(asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make_person(email=KNOWN, password=PASSWORD)
    hashed: list[str] = []
    for name in ("encode", "verify"):
        monkeypatch.setattr(Argon2PasswordHasher, name, _counted(name, hashed))
    answers = []
    for email in (KNOWN, UNKNOWN):
        hashed.clear()
        mail.outbox.clear()
        address, typed = ASKED[asked]
        answer = Client().post(address, {k: email if v == "?" else v for k, v in typed.items()}, follow=True)
        text = CHANGES.sub("", answer.content.decode())
        # What takes long is to hash a password: as often for the one as for the other.
        answers.append((answer.redirect_chain, answer.status_code, text, len(mail.outbox), len(hashed)))
    assert answers[0] == answers[1]


def _counted(name: str, calls: list[str]) -> Callable[..., object]:
    method = getattr(Argon2PasswordHasher, name)

    def count(*args: object, **kwargs: object) -> object:
        calls.append(name)
        return method(*args, **kwargs)

    return count


@pytest.mark.parametrize("asked", ["ask for a code", "ask for a new password"])
def test_a_code_typed_for_an_unknown_address_is_wrong_as_any_other(asked: str) -> None:
    make_person(email=KNOWN)
    answers = []
    for email in (KNOWN, UNKNOWN):
        visitor = Client()
        address, _typed = ASKED[asked]
        page = visitor.post(address, {"email": email})["Location"]
        answer = visitor.post(page, {"code": "AAAA-AAAA"})
        answers.append((page, answer.status_code, CHANGES.sub("", answer.content.decode())))
    assert answers[0] == answers[1]


def test_a_mail_to_an_unknown_address_holds_no_code_and_no_secret() -> None:
    Client().post("/accounts/login/code/", {"email": UNKNOWN})
    text = str(mail.outbox[0].body)
    assert "/accounts/signup/" in text
    assert re.findall(r"[A-Z0-9]{4}-[A-Z0-9]{4}", text) == []


class TestLimits:
    def test_wrong_passwords_are_slowed_for_every_process(self, settings: Settings) -> None:
        make_person(email=KNOWN, password=PASSWORD)
        typed = {"login": KNOWN, "password": "wrong but long"}
        for _ in range(5):
            assert "not correct" in Client().post("/accounts/login/", typed).content.decode()
        right = Client().post("/accounts/login/", {"login": KNOWN, "password": PASSWORD})
        told = "Wait five minutes, or sign in in another way" in right.content.decode()
        assert (right.status_code, told) == (422, True)
        Client().post("/accounts/login/code/", {"email": KNOWN})
        assert "code" in mail.outbox[-1].subject.lower()
        # The database counts, not the memory of one process.
        assert settings.CACHES["default"]["BACKEND"].endswith("db.DatabaseCache")

    def test_codes_are_sent_to_one_address_a_few_times_a_minute(self) -> None:
        make_person(email=KNOWN)
        for _ in range(5):
            Client().post("/accounts/login/code/", {"email": KNOWN})
        assert len(mail.outbox) == 3

    def test_one_visitor_is_told_to_wait(self) -> None:
        answers = [Client().post("/accounts/signup/", {"name": "", "email": ""}) for _ in range(21)]
        assert (answers[19].status_code, answers[20].status_code) == (422, 429)
        assert "Too many tries" in answers[20].content.decode()


class TestSecrets:
    def test_no_code_password_or_address_is_logged(
        self, client: Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level("DEBUG")
        client.post("/accounts/signup/", {"name": "A", "email": UNKNOWN, "password1": PASSWORD})
        code = last_code()
        client.post("/accounts/confirm-email/", {"code": code})
        client.post("/accounts/login/", {"login": UNKNOWN, "password": "another wrong one"})
        logged = "\n".join(line for line in caplog.text.splitlines() if "django.db.backends" not in line)
        assert [word for word in (code, PASSWORD, UNKNOWN, "another wrong one") if word in logged] == []

    def test_a_new_password_needs_no_secret_in_an_address(self, client: Client) -> None:
        person = make_person(email=KNOWN)
        client.post("/accounts/password/reset/", {"email": KNOWN})
        assert "http" not in str(mail.outbox[-1].body).split("--")[0]
        client.post("/accounts/password/reset/confirm/", {"code": last_code()})
        words = {"password1": PASSWORD, "password2": PASSWORD}
        client.post("/accounts/password/reset/complete/", words)
        person.refresh_from_db()
        assert person.check_password(PASSWORD)

    def test_cookies_are_for_this_site_and_no_script(self, client: Client) -> None:
        client.get("/accounts/login/")
        client.post("/accounts/login/code/", {"email": UNKNOWN})
        seen = {
            name: (bool(cookie["httponly"]), cookie["samesite"], bool(cookie["secure"]))
            for name, cookie in client.cookies.items()
            if name in {"sessionid", "csrftoken"}
        }
        assert seen == {"sessionid": (True, "Lax", False), "csrftoken": (True, "Lax", False)}

    def test_cookies_travel_encrypted_where_the_site_does(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TWINCITYLAB_ADDRESS", "https://twin.example")
        code = (
            "from twincitylab.config import settings as s;"
            "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE);"
            "print(s.CSRF_TRUSTED_ORIGINS, s.ALLOWED_HOSTS[-1])"
        )
        answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
        assert answer.stdout.strip() == "True True\n['https://twin.example'] twin.example"


def test_a_sign_up_takes_whole_steps_of_time_whoever_has_an_account(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = count(10.0, 0.04)
    slept: list[float] = []
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(time, "sleep", slept.append)
    answering = middleware.AnswerSignUpsAlike(lambda _request: HttpResponse())
    for path in ("/accounts/signup/", "/accounts/login/"):
        answering(RequestFactory().post(path))
    assert slept == [pytest.approx(0.26)]
    answering(RequestFactory().get("/accounts/signup/"))
    assert len(slept) == 1
