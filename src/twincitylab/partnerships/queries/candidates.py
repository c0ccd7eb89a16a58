"""Communities that a facilitator looks for by name."""

from twincitylab.community.models import Person
from twincitylab.community.queries.cards import CommunityCard, cards, with_card_facts
from twincitylab.community.queries.visible import listed_for, reachable_by

MOST_FOUND = 8


def candidates(text: str, *, person: Person) -> tuple[CommunityCard, ...]:
    """Listed communities whose name holds the text, by name; or the one whose address ends in it, also when
    it is in no list."""
    text = " ".join(text.split())[:120]
    if not text:
        return ()
    named = reachable_by(person).filter(slug=text)
    found = with_card_facts(named)[:1]
    if found:
        return cards(found)
    listed = listed_for(person).filter(name__icontains=text).order_by("name", "pk")
    return cards(with_card_facts(listed)[:MOST_FOUND])
