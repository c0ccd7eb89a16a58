"""Registers the app."""

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from twincitylab.community.models import Community, Person


class PartnershipsConfig(AppConfig):
    name = "twincitylab.partnerships"
    label = "partnerships"

    def ready(self) -> None:
        from twincitylab.community.operations.erase import register_dependence
        from twincitylab.community.operations.export import register_export
        from twincitylab.matching.queries.pair_states import register_teller
        from twincitylab.partnerships import receivers  # noqa: F401 - they register themselves
        from twincitylab.partnerships.queries.pair_states import teller

        register_export("introductions", _own_words)
        register_export("what_binds_partnerships", _own_binding)
        register_export("eye-level-checks", _answered_rounds)
        register_dependence("sides of partnerships", _is_side)
        register_dependence("accepted introductions", _has_met)
        register_teller("introductions", teller())


def _own_words(person: "Person") -> object:
    from twincitylab.partnerships.queries.own_words import own_words

    return own_words(person)


def _answered_rounds(person: "Person") -> object:
    from twincitylab.partnerships.queries.checks import answered_rounds

    return answered_rounds(person)


def _own_binding(person: "Person") -> object:
    from twincitylab.partnerships.queries.own_binding import own_binding

    return own_binding(person)


def _is_side(community: "Community") -> bool:
    from twincitylab.partnerships.operations.leaving import is_needed

    return is_needed(community)


def _has_met(community: "Community") -> bool:
    from twincitylab.partnerships.queries.introductions import has_met

    return has_met(community)
