"""What every process of the web server does when it starts: gunicorn reads this file as its configuration."""

import gc
import logging
import threading
from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from wsgiref.util import setup_testing_defaults

from twincitylab.base.logs import KeepSecrets


def post_worker_init(worker: Any) -> None:
    """Get ready in the background: the first visitor should not wait for what all visitors need."""
    # A wrong address is answered with 400; it needs no traceback.
    logging.getLogger("django.security.DisallowedHost").setLevel(logging.CRITICAL)
    for name in ("gunicorn.access", "gunicorn.error"):
        logging.getLogger(name).addFilter(KeepSecrets())
    threading.Thread(target=_warm_up_alone, args=(worker.wsgi,), daemon=True, name="warm-up").start()


def _warm_up_alone(application: Any) -> None:
    from django.db import connections

    warm_up(application)
    connections.close_all()


def warm_up(application: Any) -> list[int]:
    """Load the world and the templates by asking for the pages most visitors see; returns their status."""
    answers: list[int] = []
    # Whatever is wrong will be said to the visitor who asks.
    with suppress(Exception):
        answers.extend(_ask(application, address) for address in _addresses())
        _gather_communities()
    _keep_for_good()
    return answers


def _gather_communities() -> None:
    """Read the communities that are matched: of thousands it takes longer than a request may."""
    from django.utils import timezone

    from twincitylab.matching.engine.communities import store

    store.gather(now=timezone.now())


def _keep_for_good() -> None:
    """Never again ask of millions of lasting objects whether they are garbage: visitors would wait for it."""
    gc.collect()
    gc.freeze()


def _addresses() -> Iterable[str]:
    from twincitylab.atlas.models import City
    from twincitylab.atlas.queries import atlas_state

    if not atlas_state().is_ready:
        return
    yield "/"
    largest = City.objects.order_by("-population", "geonameid").values_list("slug", flat=True).first()
    yield f"/cities/{largest}/"
    yield f"/cities/{largest}/matches/"


def _ask(application: Any, address: str) -> int:
    from django.conf import settings

    hosts = [host.lstrip(".") for host in settings.ALLOWED_HOSTS if host != "*"]
    request: dict[str, Any] = {
        "PATH_INFO": address,
        "HTTP_HOST": next(iter(hosts), "localhost"),
        "REMOTE_ADDR": "127.0.0.1",
    }
    setup_testing_defaults(request)
    told: list[str] = []
    answer = application(request, lambda status, _headers, _trouble=None: told.append(status))
    try:
        for _piece in answer:
            pass
    finally:
        answer.close()
    return int(told[0].split()[0])
