"""How many communities worldwide seek or bring what answers a need or an offer that is being written."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twincitylab.base.figures import grouped
from twincitylab.community.choices import Direction, ExchangeKind, Topic
from twincitylab.community.models import NeedOffer
from twincitylab.community.queries.needs import open_on
from twincitylab.community.queries.visible import listed_for
from twincitylab.community.rules.access import AnyPerson


@dataclass(frozen=True)
class Answers:
    """How many communities have what answers: on the topic at all, and of the very kind."""

    direction: Direction
    topic: Topic
    kind: ExchangeKind | None
    on_topic: int
    of_kind: int

    @property
    def sentence(self) -> str:
        """For the one who writes."""
        words = {"topic": self.topic.label, "count": grouped(self.on_topic)}
        if self.direction is Direction.NEED:
            return _brings(self.on_topic, words) + self._kind_sentence
        return _seeks(self.on_topic, words) + self._kind_sentence

    @property
    def _kind_sentence(self) -> str:
        if not self.kind or not self.on_topic:
            return ""
        words = {"count": grouped(self.of_kind), "kind": self.kind.label}
        if not self.of_kind:
            return " " + _("Of this kind (%(kind)s): none.") % words
        return " " + _("Of this kind (%(kind)s): %(count)s.") % words


def answers_to(
    direction: Direction,
    *,
    topic: Topic,
    kind: ExchangeKind | None,
    person: AnyPerson,
    today: dt.date,
) -> Answers:
    """Counted over the communities that may be listed for the person, without its own: one query.

    So no count, however small, tells of one that is hidden or in safety mode.
    """
    communities = listed_for(person)
    if person is not None:
        communities = communities.exclude(memberships__person=person)
    found = NeedOffer.objects.filter(
        open_on(today), direction=direction.answer, topic=topic, community__in=communities
    ).aggregate(
        on_topic=Count("community", distinct=True),
        of_kind=Count("community", distinct=True, filter=Q(kind=kind or "")),
    )
    return Answers(direction, topic, kind, found["on_topic"], found["of_kind"])


def _brings(count: int, words: dict[str, object]) -> str:
    if not count:
        return (
            _(
                "No community here brings anything on “%(topic)s” yet. Ask all the same: those who come "
                "later will see it."
            )
            % words
        )
    return (
        ngettext(
            "%(count)s community worldwide brings something on “%(topic)s”.",
            "%(count)s communities worldwide bring something on “%(topic)s”.",
            count,
        )
        % words
    )


def _seeks(count: int, words: dict[str, object]) -> str:
    if not count:
        return (
            _(
                "No community here seeks anything on “%(topic)s” yet. Offer it all the same: those who come "
                "later will see it."
            )
            % words
        )
    return (
        ngettext(
            "%(count)s community worldwide seeks something on “%(topic)s”.",
            "%(count)s communities worldwide seek something on “%(topic)s”.",
            count,
        )
        % words
    )
