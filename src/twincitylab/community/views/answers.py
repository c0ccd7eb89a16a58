"""What a form shows while a need or an offer is being written."""

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from twincitylab.base.rate import admit
from twincitylab.community.choices import Direction, ExchangeKind, Topic
from twincitylab.community.forms.needs import SUGGESTED
from twincitylab.community.models import LONGEST_TEXT
from twincitylab.community.queries.answers import answers_to
from twincitylab.community.rules.text_language import language_of
from twincitylab.community.rules.topics import suggest_topics
from twincitylab.community.views.reaching import asker


def answers(request: HttpRequest) -> JsonResponse:
    """``/communities/answers.json?direction=&topic=&kind=``: how many seek or bring what answers it.

    A text is sent by POST, so that no log keeps it: then the topics it speaks of and the language it seems to
    be in come along, and the first of the topics counts where none is chosen.
    """
    admit(request)
    given = request.POST if request.method == "POST" else request.GET
    direction, chosen, kind = given.get("direction", ""), given.get("topic", ""), given.get("kind", "")
    problems = {
        name: _("“%(value)s” is none of: %(names)s.") % {"value": value[:40], "names": ", ".join(known)}
        for name, value, known, may_be_empty in (
            ("direction", direction, Direction.values, False),
            ("topic", chosen, Topic.values, True),
            ("kind", kind, ExchangeKind.values, True),
        )
        if value not in known and not (may_be_empty and not value)
    }
    if problems:
        return JsonResponse({"problems": problems}, status=422)
    text = request.POST.get("text", "")[: 2 * LONGEST_TEXT]
    language = request.POST.get("language", "")[:20]
    topics = [Topic(found.topic) for found in suggest_topics(text, language=language, most=SUGGESTED)]
    topic = Topic(chosen) if chosen else next(iter(topics), None)
    answer: dict[str, object] = {
        "topics": [{"value": found.value, "label": str(found.label)} for found in topics],
        "topic": topic.value if topic else "",
        "language": language_of(text) or "",
        "sentence": "",
    }
    if topic is not None:
        found = answers_to(
            Direction(direction),
            topic=topic,
            kind=ExchangeKind(kind) if kind else None,
            person=asker(request),
            today=timezone.now().date(),
        )
        answer |= {"on_topic": found.on_topic, "of_kind": found.of_kind, "sentence": found.sentence}
    return JsonResponse(answer)
