"""What one person wrote in introductions: their part of taking one's data along."""

from django.db.models import Q

from twincitylab.community.models import Community, Membership, Person
from twincitylab.partnerships.models import Interest, Introduction, IntroductionNote
from twincitylab.partnerships.queries.veils import no_longer_shown


def own_words(person: Person) -> dict[str, object]:
    """Messages, notes and marked interest of the person alone; of the communities only what others see,
    and nothing of those that are not shown to the person any more."""
    mine = frozenset(Membership.objects.filter(person=person).values_list("community_id", flat=True))
    introductions = Introduction.objects.filter(~Q(message=""), made_by=person).select_related("a", "b")
    notes = IntroductionNote.objects.filter(person=person)
    interests = Interest.objects.filter(made_by=person).select_related("community", "other")
    return {
        "messages": [
            {
                "between": [
                    _name(introduction, side, mine=mine) for side in (introduction.a, introduction.b)
                ],
                "message": introduction.message,
                "language": introduction.message_language,
                "made_at": introduction.made_at,
                "state": introduction.state,
            }
            for introduction in introductions.order_by("pk")
        ],
        "notes": list(notes.order_by("pk").values("introduction_id", "text", "language", "written_at")),
        "interests": [
            {
                "of": interest.community.shown_name if interest.community_id in mine else no_longer_shown(),
                "in": interest.other.shown_name,
                "made_at": interest.made_at,
            }
            for interest in interests.order_by("pk")
        ],
    }


def _name(introduction: Introduction, side: Community, *, mine: frozenset[int]) -> str:
    """The name of a side; also who has left the community since learns nothing of what it is now."""
    if side.pk in mine:
        return side.shown_name
    across = introduction.across(side.pk)
    is_kept_back = introduction.keeps_back(side.pk, reader=across if across in mine else 0)
    return no_longer_shown() if is_kept_back else side.shown_name
