"""The topics, and which of them a text is about."""

from django.http import HttpRequest
from ninja import Router

from twincitylab.api.bearer import OPEN
from twincitylab.api.parameters import Suggesting, TopicQuery
from twincitylab.api.refusals import only
from twincitylab.api.schemas.communities import SuggestionsOut, TopicsOut
from twincitylab.api.views.answering import READING, Plain
from twincitylab.community.choices import SDG_TARGETS, Topic
from twincitylab.community.rules.topics import suggest_topics

router = Router(tags=["topics"])


@router.get("/topics", response={200: TopicsOut, **READING}, summary="All topics", **OPEN)
@only()
def list_topics(request: HttpRequest) -> Plain:
    """What communities care about, each with the targets of the SDGs that it serves."""
    return {
        "items": [
            {"topic": topic.value, "label": str(topic.label), "sdg_targets": list(SDG_TARGETS[topic])}
            for topic in Topic
        ]
    }


@router.get(
    "/topics/suggest", response={200: SuggestionsOut, **READING}, summary="The topics of a text", **OPEN
)
@only(TopicQuery)
def suggest(request: HttpRequest, asked: Suggesting) -> Plain:
    """The topics that a need or an offer is most likely about, best first; none when no word is known."""
    found = suggest_topics(asked.text, language=asked.language)
    return {
        "text": asked.text,
        "items": [
            {"topic": one.topic, "label": str(Topic(one.topic).label), "strength": round(one.strength, 4)}
            for one in found
        ],
    }
