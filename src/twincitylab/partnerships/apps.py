"""Registers the app."""

from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    name = "twincitylab.partnerships"
    label = "partnerships"

    def ready(self) -> None:
        from twincitylab.partnerships import receivers  # noqa: F401 - they register themselves
