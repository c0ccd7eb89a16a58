"""Communities that a facilitator looks for by name."""

from twincitylab.community.models import Person
from twincitylab.community.queries.cards import CommunityCard
from twincitylab.community.queries.visible import listed_for, reachable_by
from twincitylab.partnerships.queries.introductions import bare_cards_of

MOST_FOUND, LONGEST_SEARCH = 8, 120


def candidates(text: str, *, person: Person) -> tuple[CommunityCard, ...]:
    """Listed communities whose name holds the text, by name; or the one with exactly this address, also when
    it is in no list: three queries at most."""
    text = " ".join(text.replace("\x00", "").split())[:LONGEST_SEARCH]
    if not text:
        return ()
    found = list(reachable_by(person).filter(slug=text).values_list("pk", flat=True))
    if not found:
        named = listed_for(person).filter(name__icontains=text).order_by("name", "pk")
        found = list(named.values_list("pk", flat=True)[:MOST_FOUND])
    cards = bare_cards_of(found) if found else {}
    return tuple(cards[pk] for pk in found)
