"""What stands in place of a side that is not shown any more."""

from collections.abc import Set
from dataclasses import replace

from django.utils.translation import gettext as _

from twincitylab.community.queries.cards import CommunityCard
from twincitylab.partnerships.models import Introduction


def no_longer_shown() -> str:
    return _("A community that is not shown any more")


def veiled(card: CommunityCard) -> CommunityCard:
    """A card that tells only that there was a community; without an address it has no link."""
    empty = {name: type(value)() for name, value in vars(card).items() if value is not None}
    nothing = {"latitude": None, "longitude": None, "since": None}
    return replace(card, **{**empty, **nothing, "name": no_longer_shown()})


def shown_sides(
    introduction: Introduction, cards: dict[int, CommunityCard], *, mine: Set[int]
) -> dict[int, CommunityCard]:
    """The cards of both sides, by id, as somebody sees them who acts for the sides in ``mine``."""
    return {
        side: shown_to(introduction, side, cards[side], mine=mine)
        for side in (introduction.a_id, introduction.b_id)
    }


def shown_to(
    introduction: Introduction, side: int, card: CommunityCard, *, mine: Set[int] = frozenset()
) -> CommunityCard:
    """The card of one side, for whom it may be shown to."""
    if side in mine:
        return card
    other = introduction.across(side)
    reader = other if other in mine else 0
    return veiled(card) if introduction.keeps_back(side, reader=reader) else card
