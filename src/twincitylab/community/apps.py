"""Registers the app."""

from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "twincitylab.community"
    label = "community"

    def ready(self) -> None:
        from allauth.account.signals import email_confirmed

        from twincitylab.community.receivers.accounts import on_address_confirmed

        email_confirmed.connect(on_address_confirmed)
