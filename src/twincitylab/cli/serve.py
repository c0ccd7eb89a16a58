"""``twincitylab serve``: the pages and the API, with a worker beside them."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from types import FrameType
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from twincitylab.cli.speaking import NOT_READY, fail, say, warn

SECONDS_TO_STOP = 8.0
SECONDS_BEFORE_RESTART = 5.0


def serve(
    *,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
    processes: Annotated[int, typer.Option(help="Processes that answer requests.", min=1, max=64)] = 1,
    threads: Annotated[int, typer.Option(help="Threads in each of them.", min=1, max=64)] = 8,
) -> None:
    """Serve the pages and the API, and compute fair lists in the background, until stopped."""
    from twincitylab.atlas.queries import AtlasMissing, require_atlas

    try:
        require_atlas()
    except AtlasMissing as missing:
        warn(str(missing))
    _check_port(host, port=port)
    # All processes must agree on the key, and it must not change while one of them is replaced.
    os.environ.setdefault("TWINCITYLAB_SECRET_KEY", secrets.token_urlsafe(50))
    family = _Family(_web_command(host, port=port, processes=processes, threads=threads), _worker_command())
    say(
        _("Twin City Lab is on http://%(host)s:%(port)s (stop it with Ctrl-C)") % {"host": host, "port": port}
    )
    sys.stdout.flush()
    raise typer.Exit(family.run())


class _Family:
    """The web server and the worker: they start together and stop together."""

    def __init__(self, web: list[str], worker: list[str]) -> None:
        self._commands = (web, worker)
        self._stopping = False

    def run(self) -> int:
        """Watch both until the web server ends or somebody stops us; a worker that dies is started again."""
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, self._stop)
        web, worker = (self._start(command) for command in self._commands)
        restart_at = 0.0
        while not self._stopping and web.poll() is None:
            if worker.poll() is not None and not restart_at:
                warn(_("The background worker ended and is started again."))
                restart_at = time.monotonic() + SECONDS_BEFORE_RESTART
            if restart_at and time.monotonic() >= restart_at:
                worker, restart_at = self._start(self._commands[1]), 0.0
            time.sleep(0.2)
        for child in (web, worker):
            _end(child)
        return 0 if self._stopping else web.returncode or 0

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _start(self, command: list[str]) -> "subprocess.Popen[bytes]":
        # A group of its own: Ctrl-C reaches us alone, and we stop both in order.
        return subprocess.Popen(command, start_new_session=True)  # noqa: S603


def _end(child: "subprocess.Popen[bytes]") -> None:
    if child.poll() is None:
        child.terminate()
    try:
        child.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        # Only a long computation is lost; the next worker takes it up again.
        child.kill()
        child.wait()


def _web_command(host: str, *, port: int, processes: int, threads: int) -> list[str]:
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    options = ["--bind", address, "--worker-class", "gthread", "--threads", str(threads)]
    options += [
        "--workers",
        str(processes),
        "--timeout",
        "120",
        "--graceful-timeout",
        "5",
        "--log-level",
        "warning",
    ]
    options += ["--no-control-socket"]
    return [sys.executable, "-m", "gunicorn", "twincitylab.config.wsgi:application", *options]


def _worker_command() -> list[str]:
    return [sys.executable, "-m", "twincitylab.cli", "worker", "--parent", str(os.getpid())]


def _check_port(host: str, *, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as trouble:
            words = {"host": host, "port": port, "why": trouble.strerror or str(trouble)}
            sentence = _("Cannot listen on %(host)s:%(port)s: %(why)s. Choose another port with --port.")
            fail(sentence % words, code=NOT_READY)
