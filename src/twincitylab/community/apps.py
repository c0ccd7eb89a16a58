"""Registers the app."""

from typing import Any

from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "twincitylab.community"
    label = "community"

    def ready(self) -> None:
        from allauth.account.signals import email_confirmed

        email_confirmed.connect(_on_address_confirmed)


def _on_address_confirmed(**announced: Any) -> None:
    """Imports what answers only when there is something to answer: every command starts through here."""
    from twincitylab.community.receivers.accounts import on_address_confirmed

    on_address_confirmed(**announced)
