"""``twincitylab serve``: a port in use, and both processes ending together."""

import os
import signal
import socket
import sys
import threading
import time
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from typer.testing import CliRunner

from twincitylab.cli import app
from twincitylab.cli.hooks import warm_up
from twincitylab.cli.serve import _allow, _Family, _has_atlas, _say_where_mails_go

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.mark.usefixtures("atlas")
def test_port_in_use_is_said() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = CliRunner().invoke(app, ["serve", "--port", str(port)])
    assert (answer.exit_code, f"Cannot listen on 127.0.0.1:{port}" in answer.stderr) == (3, True)


@pytest.mark.parametrize("port", ["0", "-1", "65536", "http"])
def test_impossible_port_is_refused(port: str) -> None:
    assert CliRunner().invoke(app, ["serve", "--port", port]).exit_code == 2


def test_family_ends_with_its_web_server() -> None:
    family = _Family([sys.executable, "-c", "raise SystemExit(7)"], SLEEP)
    began = time.monotonic()
    before = {name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM)}
    code = family.run()
    for name, handler in before.items():
        signal.signal(name, handler)
    assert (code, time.monotonic() - began < 30) == (7, True)


@pytest.mark.parametrize(
    ("host", "shown", "allowed"),
    [
        ("127.0.0.1", "127.0.0.1", "127.0.0.1,localhost"),
        ("192.0.2.7", "192.0.2.7", "127.0.0.1,localhost,192.0.2.7"),
        ("2001:db8::7", "[2001:db8::7]", "127.0.0.1,localhost,[2001:db8::7]"),
        ("0.0.0.0", "localhost", "127.0.0.1,localhost,townhall"),  # noqa: S104 - what a visitor may ask for
    ],
)
def test_address_listened_on_is_allowed(
    monkeypatch: pytest.MonkeyPatch, settings: Any, host: str, shown: str, allowed: str
) -> None:
    # Set and taken away, so that what the command sets does not outlive the test.
    monkeypatch.setenv("TWINCITYLAB_HOSTS", "")
    monkeypatch.delenv("TWINCITYLAB_HOSTS")
    monkeypatch.setattr(socket, "gethostname", lambda: "Townhall")
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
    assert (_allow(host), os.environ["TWINCITYLAB_HOSTS"]) == (shown, allowed)


def test_worker_starts_once_there_is_an_atlas(monkeypatch: pytest.MonkeyPatch) -> None:
    due = iter([False, True])
    family = _Family(SLEEP, SLEEP, is_worker_due=lambda: next(due))
    started: list[list[str]] = []

    def start(command: list[str]) -> _Alive:
        started.append(command)
        return _Alive()

    monkeypatch.setattr(family, "_start", start)
    for _turn in range(3):
        family._look_again_at = 0.0
        family._look_after_worker()
    assert started == [SLEEP]


class _Alive:
    def poll(self) -> None:
        return None


@pytest.mark.django_db(transaction=True)  # a real request closes old connections when it begins
@pytest.mark.usefixtures("atlas")
def test_warm_up_asks_for_the_pages_most_visitors_see(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    assert warm_up(WSGIHandler()) == [200, 200, 200]


@pytest.mark.django_db
def test_without_atlas_there_is_nothing_to_warm_up() -> None:
    assert (warm_up(WSGIHandler()), _has_atlas()) == ([], False)


def test_family_stops_when_told() -> None:
    family = _Family(SLEEP, SLEEP)
    before = {name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM)}
    threading.Timer(0.3, family._stop, (signal.SIGTERM, None)).start()
    code = family.run()
    for name, handler in before.items():
        signal.signal(name, handler)
    assert code == 0


def test_where_mails_are_is_said_without_a_mail_server(
    settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.EMAIL_BACKEND = "twincitylab.base.mail.Folder"
    _say_where_mails_go()
    assert str(settings.MAIL_FOLDER) in capsys.readouterr().out
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    _say_where_mails_go()
    assert capsys.readouterr().out == ""
