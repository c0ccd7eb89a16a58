"""``twincitylab worker``: does what no page should wait for: fair lists, mails, ending what is over."""

import logging
import os
import threading
from typing import Annotated

import typer

from twincitylab.cli.speaking import plain_words

SECONDS_BETWEEN_ROUNDS = 30.0


def worker(
    *,
    once: Annotated[bool, typer.Option("--once", help="Do what waits, then stop.")] = False,
    parent: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> None:
    """Compute fair lists, send mails and do other long work in the background until stopped."""
    from django.utils.crypto import get_random_string
    from django_tasks_db.management.commands.db_worker import Worker

    from twincitylab.atlas.queries import require_atlas

    with plain_words():
        require_atlas()
    # Being told to stop is no reason for a warning.
    logging.getLogger("django_tasks_db").setLevel(logging.ERROR)
    _look_after_lists()
    _look_after_people()
    loop = Worker(
        queue_names=["*"],
        interval=1.0,
        batch=once,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=get_random_string(32),
        excluded_queue_names=[],
    )
    loop.configure_signals()
    if not once:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    loop.run()


def _watch(parent: int | None) -> None:
    """Revive what died elsewhere; end with the process that started this one."""
    pause = threading.Event()
    while not pause.wait(SECONDS_BETWEEN_ROUNDS if parent is None else 2.0):
        if parent is not None and os.getppid() != parent:
            os._exit(0)
        _look_after_lists()
        _look_after_people()


def _look_after_lists() -> None:
    from contextlib import suppress

    from django.db import DatabaseError, close_old_connections
    from django.utils import timezone

    from twincitylab.atlas.queries import AtlasMissing
    from twincitylab.matching.operations import (
        ask_for_fair_lists,
        forget_finished_tasks,
        revive_fair_lists,
    )
    from twincitylab.matching.operations.communities import ask_for_rounds

    with suppress(AtlasMissing, DatabaseError):
        revive_fair_lists(now=timezone.now())
        ask_for_fair_lists(now=timezone.now())
        forget_finished_tasks(now=timezone.now())
        ask_for_rounds(now=timezone.now())
    close_old_connections()


def _look_after_people() -> None:
    """End what nobody answered, introduce who wished it, close checks, warn early, send the mails due.

    Whatever goes wrong with one of them is told, and keeps neither the others nor the next round.
    """
    from django.db import close_old_connections
    from django.utils import timezone

    from twincitylab.community.operations.notices import send_digests
    from twincitylab.partnerships.operations.answering import end_introductions
    from twincitylab.partnerships.operations.checking import look_after_checks
    from twincitylab.partnerships.operations.interest import forget_old_interest, introduce_mutual
    from twincitylab.partnerships.operations.succession import remind_of_roles
    from twincitylab.partnerships.operations.warnings import warn_sides

    looks = (
        end_introductions,
        introduce_mutual,
        forget_old_interest,
        look_after_checks,
        warn_sides,
        remind_of_roles,
        send_digests,
    )
    for look in looks:
        try:
            look(now=timezone.now())
        except Exception:
            logging.getLogger(__name__).exception("%s went wrong", look.__name__)
    close_old_connections()
