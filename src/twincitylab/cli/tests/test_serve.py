"""``twincitylab serve``: a port in use, and both processes ending together."""

import signal
import socket
import sys
import threading
import time

import pytest
from typer.testing import CliRunner

from twincitylab.cli import app
from twincitylab.cli.serve import _Family

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


def test_family_stops_when_told() -> None:
    family = _Family(SLEEP, SLEEP)
    before = {name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM)}
    threading.Timer(0.3, family._stop, (signal.SIGTERM, None)).start()
    code = family.run()
    for name, handler in before.items():
        signal.signal(name, handler)
    assert code == 0
