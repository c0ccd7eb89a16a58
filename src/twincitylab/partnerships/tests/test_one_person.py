"""One person's many communities leave room on a desk for others."""

import json
import uuid

import pytest
from django.utils import timezone

from twincitylab.api.tests.calling import Program
from twincitylab.community.models import Community, Person
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.tests.world import make_community
from twincitylab.partnerships.models import Introduction
from twincitylab.partnerships.operations.answering import withdraw
from twincitylab.partnerships.operations.interest import mark_interest
from twincitylab.partnerships.operations.proposing import propose
from twincitylab.partnerships.tests.pair import Pair, make_pair, proposed

pytestmark = pytest.mark.usefixtures("atlas")


def ask(pair: Pair, community: Community, *, by: Person) -> Introduction:
    return propose(
        community=community, other=pair.b, message="Hello.", language="en", form_key=uuid.uuid4(), by=by,
        now=timezone.now(),
    )  # fmt: skip


def test_a_second_community_of_the_same_person_waits_for_the_answer_to_the_first() -> None:
    pair = make_pair()
    second = make_community("Another Club", steward=pair.ada, city="nancy-fr")
    first = proposed(pair, now=timezone.now())
    with pytest.raises(Refused) as refused:
        ask(pair, second, by=pair.ada)
    sentence = "Repair Café has proposed this already, and Fixers of Leeds has not answered yet."
    assert refused.value.message == sentence
    sent = {"other": pair.b.slug, "message": "Hello.", "language": "en"}
    place = f"communities/{second.slug}/introductions"
    answer = Program(pair.ada).send("post", place, sent, key=uuid.uuid4())
    assert (answer.status_code, sentence in json.dumps(answer.json(), ensure_ascii=False)) == (422, True)
    withdraw(introduction=first, side=pair.a, by=pair.ada, now=timezone.now())
    assert ask(pair, second, by=pair.ada)


def test_others_still_find_room_and_a_former_steward_reads_no_name() -> None:
    pair = make_pair()
    second = make_community("Another Club", steward=pair.ada, city="nancy-fr")
    proposed(pair, now=timezone.now())
    assert ask(pair, make_community(steward=pair.zoe, city="nancy-fr"), by=pair.zoe)
    pair.a.memberships.filter(person=pair.ada).delete()
    with pytest.raises(Refused) as refused:
        ask(pair, second, by=pair.ada)
    assert refused.value.message == "Fixers of Leeds does not take proposals from you at the moment."


def test_what_is_said_in_private_lies_on_no_desk() -> None:
    pair = make_pair()
    second = make_community("Another Club", steward=pair.ada, city="nancy-fr")
    proposed(pair, now=timezone.now())
    assert mark_interest(community=second, other=pair.b, by=pair.ada, now=timezone.now()) is None
    assert Introduction.objects.count() == 1
