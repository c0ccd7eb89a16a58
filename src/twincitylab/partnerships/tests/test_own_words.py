"""What one wrote in introductions is among one's own data, and nothing that others wrote."""

import json
import uuid

import pytest

from twincitylab.community.operations import export
from twincitylab.community.tests.world import NOW, make_community, make_person
from twincitylab.partnerships.models import Introduction, IntroductionNote
from twincitylab.partnerships.queries.own_words import own_words

pytestmark = pytest.mark.usefixtures("atlas")


def test_own_messages_and_notes_only() -> None:
    mine, theirs = make_person(), make_person("Somebody Else")
    a, b = make_community(steward=mine), make_community("Real name", pseudonym="Lanterns", steward=theirs)
    introduction = Introduction.objects.create(
        a=a, b=b, message="Let us meet", made_by=mine, made_at=NOW, expires_at=NOW, form_key=uuid.uuid4()
    )
    for person, text in ((mine, "My question"), (theirs, "Their answer")):
        IntroductionNote.objects.create(
            introduction=introduction, person=person, text=text, written_at=NOW, form_key=uuid.uuid4()
        )
    text = json.dumps(own_words(mine), default=str)
    assert [word for word in ("Let us meet", "My question", "Lanterns") if word not in text] == []
    assert [word for word in ("Their answer", "Somebody Else", "Real name") if word in text] == []


def test_the_export_holds_it() -> None:
    assert "introductions" in export._parts
