"""What matching does when the atlas announces news."""

from contextlib import suppress
from typing import Any

from django.db import transaction
from django.utils import timezone

from twincitylab.atlas.signals import atlas_loaded, twinnings_changed


def connect() -> None:
    """Listen to the atlas; called once when the app is ready."""
    for signal in (atlas_loaded, twinnings_changed):
        signal.connect(_renew_fair_lists, dispatch_uid="twincitylab.matching.fair_lists")


def _renew_fair_lists(sender: object, **_news: Any) -> None:
    transaction.on_commit(_ask)


def _ask() -> None:
    # Here and not above: queries bring NumPy, and every command connects receivers.
    from twincitylab.atlas.queries import AtlasMissing
    from twincitylab.matching.operations import ask_for_fair_lists

    # Twinnings may change before there is an atlas; the atlas announces itself when it comes.
    with suppress(AtlasMissing):
        ask_for_fair_lists(now=timezone.now())
