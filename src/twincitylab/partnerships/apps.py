"""Registers the app."""

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from twincitylab.community.models import Person


class PartnershipsConfig(AppConfig):
    name = "twincitylab.partnerships"
    label = "partnerships"

    def ready(self) -> None:
        from twincitylab.community.operations.export import register_export
        from twincitylab.partnerships import receivers  # noqa: F401 - they register themselves

        register_export("introductions", _own_words)


def _own_words(person: "Person") -> object:
    from twincitylab.partnerships.queries.own_words import own_words

    return own_words(person)
