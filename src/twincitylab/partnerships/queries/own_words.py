"""What one person wrote in introductions: their part of taking one's data along."""

from django.db.models import Q

from twincitylab.community.models import Person
from twincitylab.partnerships.models import Interest, Introduction, IntroductionNote


def own_words(person: Person) -> dict[str, object]:
    """Messages, notes and marked interest of the person alone; of the communities only what others see."""
    introductions = Introduction.objects.filter(~Q(message=""), made_by=person).select_related("a", "b")
    notes = IntroductionNote.objects.filter(person=person)
    interests = Interest.objects.filter(made_by=person).select_related("community", "other")
    return {
        "messages": [
            {
                "between": [introduction.a.shown_name, introduction.b.shown_name],
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
                "of": interest.community.shown_name,
                "in": interest.other.shown_name,
                "made_at": interest.made_at,
            }
            for interest in interests.order_by("pk")
        ],
    }
