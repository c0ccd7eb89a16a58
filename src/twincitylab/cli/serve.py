"""``twincitylab serve``: the pages and the API, with a worker beside them."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from twincitylab.cli.speaking import NOT_READY, fail, say, warn

SECONDS_TO_STOP = 8.0
SECONDS_BEFORE_RESTART = 5.0
SECONDS_BETWEEN_LOOKS = 2.0
EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - only told apart here


def serve(
    *,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
    processes: Annotated[int, typer.Option(help="Processes that answer requests.", min=1, max=64)] = 1,
    threads: Annotated[int, typer.Option(help="Threads in each of them.", min=1, max=64)] = 8,
) -> None:
    """Serve the pages and the API, and compute fair lists in the background, until stopped."""
    if not _has_atlas():
        from twincitylab.atlas.queries import AtlasMissing

        warn(str(AtlasMissing()))
    _check_port(host, port=port)
    shown = _allow(host)
    # Mails name the address under which the site is served, unless somebody said a better one.
    os.environ.setdefault("TWINCITYLAB_ADDRESS", f"http://{shown}:{port}")
    family = _Family(
        _web_command(host, port=port, processes=processes, threads=threads),
        _worker_command(),
        is_worker_due=_has_atlas,
    )
    say(
        _("Twin City Lab is on http://%(host)s:%(port)s (stop it with Ctrl-C)")
        % {"host": shown, "port": port}
    )
    _say_where_to_look_around(shown, port=port)
    _say_where_mails_go()
    sys.stdout.flush()
    raise typer.Exit(family.run())


def _say_where_to_look_around(shown: str, *, port: int) -> None:
    from django.conf import settings

    if settings.DEMONSTRATION:
        say(
            _("This is a demonstration; look around at http://%(host)s:%(port)s/demonstration/")
            % {"host": shown, "port": port}
        )


def _say_where_mails_go() -> None:
    from django.conf import settings

    from twincitylab.base.mail import goes_to_files

    if goes_to_files():
        say(
            _("There is no mail server: mails, codes to sign in too, are files in %(folder)s")
            % {"folder": settings.MAIL_FOLDER}
        )


def _has_atlas() -> bool:
    from django.db import close_old_connections

    from twincitylab.atlas.queries import atlas_state

    try:
        return atlas_state().is_ready
    finally:
        close_old_connections()


def _allow(host: str) -> str:
    """Let visitors come by the address listened on; returns how that address is written in a browser."""
    from django.conf import settings

    allowed: list[str] = list(settings.ALLOWED_HOSTS)
    shown = f"[{host}]" if ":" in host else host
    if host in EVERY_ADDRESS:
        # Listened on, but nobody's address.
        shown = "localhost"
        if "TWINCITYLAB_HOSTS" in os.environ:
            return shown
        own = socket.gethostname().lower()
        warn(
            _("Answers go to those who ask for localhost or %(name)s. For others, set TWINCITYLAB_HOSTS.")
            % {"name": own}
        )
        allowed.append(own)
    elif shown not in allowed:
        allowed.append(shown)
    os.environ["TWINCITYLAB_HOSTS"] = ",".join(allowed)
    return shown


class _Family:
    """The web server and the worker, which starts as soon as it is due; both stop together."""

    def __init__(
        self, web: list[str], worker: list[str], *, is_worker_due: Callable[[], bool] = lambda: True
    ) -> None:
        self._commands = (web, worker)
        self._is_worker_due = is_worker_due
        self._worker: subprocess.Popen[bytes] | None = None
        self._look_again_at = 0.0
        self._stopping = False

    def run(self) -> int:
        """Watch both until the web server ends or somebody stops us; a worker that dies is started again."""
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, self._stop)
        web = self._start(self._commands[0])
        while not self._stopping and web.poll() is None:
            self._look_after_worker()
            time.sleep(0.2)
        for child in (web, self._worker):
            if child is not None:
                _end(child)
        return 0 if self._stopping else web.returncode or 0

    def _look_after_worker(self) -> None:
        now = time.monotonic()
        if self._worker is not None and self._worker.poll() is not None:
            warn(_("The background worker ended and is started again."))
            self._worker, self._look_again_at = None, now + SECONDS_BEFORE_RESTART
        if self._worker is None and now >= self._look_again_at:
            if self._is_worker_due():
                self._worker = self._start(self._commands[1])
            self._look_again_at = now + SECONDS_BETWEEN_LOOKS

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _start(self, command: list[str]) -> "subprocess.Popen[bytes]":
        # A group of its own: Ctrl-C reaches us alone, and we stop both in order.
        return subprocess.Popen(command, start_new_session=True)  # noqa: S603 - our own commands


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
    options = {
        "--bind": address,
        "--worker-class": "gthread",
        "--threads": str(threads),
        "--workers": str(processes),
        "--timeout": "120",
        "--graceful-timeout": "5",
        "--log-level": "warning",
        "--config": "python:twincitylab.cli.hooks",
    }
    words = [word for option in options.items() for word in option]
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "twincitylab.config.wsgi:application",
        *words,
        "--no-control-socket",
    ]


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
