"""Registers the app."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "twincitylab.matching"
    label = "matching"

    def ready(self) -> None:
        from twincitylab.matching.receivers import connect

        connect()
