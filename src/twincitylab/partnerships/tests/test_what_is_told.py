"""What a facilitator learns by asking, and by which names a hidden city must not be told."""

import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest

from twincitylab.atlas.models import CityName
from twincitylab.community.models import Community, CommunityBlock
from twincitylab.community.operations.blocks import block_community
from twincitylab.community.operations.communities import edit_community
from twincitylab.community.queries.blocks import blocks_of
from twincitylab.community.rules.facts import facts_of
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.tests.world import NOW, make_community
from twincitylab.partnerships.models import Interest, Introduction
from twincitylab.partnerships.operations.answering import decline, write_note
from twincitylab.partnerships.operations.interest import mark_interest
from twincitylab.partnerships.operations.pairs import require_pseudonym
from twincitylab.partnerships.operations.proposing import facilitate
from twincitylab.partnerships.queries.introductions import meeting
from twincitylab.partnerships.tests.pair import Pair, facilitated, make_pair, proposed

pytestmark = pytest.mark.usefixtures("atlas")

NEUTRAL = "These two cannot be introduced at the moment."
HIDING = {"pseudonym": "Quiet Hands", "hides_city": True}


@pytest.mark.parametrize("is_first", [True, False])
def test_a_hidden_city_is_not_found_by_proposing_city_by_city(*, is_first: bool) -> None:
    pair = make_pair(a={**HIDING, "city": "leeds-gb"})
    make_community(steward=pair.fay, city="nancy-fr")
    sides = [pair.a, pair.b] if is_first else [pair.b, pair.a]
    made = facilitate(
        first=sides[0],
        second=sides[1],
        message="You two should meet.",
        language="en",
        form_key=uuid.uuid4(),
        by=pair.fay,
        now=NOW,
    )
    assert made.facilitator == pair.fay


def test_a_city_that_both_show_may_be_told() -> None:
    pair = make_pair(a={"city": "leeds-gb"})
    with pytest.raises(Refused, match="same city"):
        facilitated(pair)


def _met(pair: Pair) -> None:
    proposed(pair)


def _declined(pair: Pair) -> None:
    decline(introduction=proposed(pair), side=pair.b, reason="not-now", by=pair.bo, now=NOW)


def _blocked(pair: Pair) -> None:
    CommunityBlock.objects.create(community=pair.a, blocked=pair.b, made_at=NOW)


def _full(pair: Pair) -> None:
    Community.objects.filter(pk=pair.a.pk).update(capacity=0)


@pytest.mark.parametrize("before", [_met, _declined, _blocked, _full])
def test_a_facilitator_does_not_read_what_is_between_the_two(before: Callable[[Pair], None]) -> None:
    pair = make_pair()
    before(pair)
    with pytest.raises(Refused) as refused:
        facilitated(pair)
    assert (refused.value.message, type(refused.value)) == (NEUTRAL, Refused)


@pytest.mark.parametrize("name", ["Munich", "München", "Monaco di Baviera"])
def test_a_message_tells_a_hidden_city_by_none_of_its_names(name: str) -> None:
    pair = make_pair(a=HIDING)
    CityName.objects.create(
        city=pair.a.city, country=pair.a.city.country, name=name, key=name.lower(), weight=0, tier=0
    )
    with pytest.raises(Refused, match=name):
        require_pseudonym(f"We meet in {name} on Fridays.", us=pair.a, field="message")


def test_what_others_noted_of_it_does_not_show_them_its_other_name() -> None:
    pair = make_pair()
    spying = make_community(steward=pair.bo, city="leeds-gb")
    block_community(community=pair.b, blocked=pair.a, by=pair.bo, now=NOW)
    mark_interest(community=spying, other=pair.a, by=pair.bo, now=NOW)
    assert blocks_of(pair.b)
    facts = replace(facts_of(pair.a), is_safe_mode=True, pseudonym="Blue Lantern")
    hidden = edit_community(community=pair.a, facts=facts, revision=1, by=pair.ada, now=NOW)
    assert (blocks_of(pair.b), Interest.objects.exists()) == ((), False)
    with pytest.raises(Refused, match="does not take proposals"):
        proposed(replace(pair, a=hidden), back=True)
    block_community(community=pair.b, blocked=hidden, by=pair.bo, now=NOW)
    assert (len(blocks_of(pair.b)), CommunityBlock.objects.count()) == (1, 1)


def _written_before_safety_mode(pair: Pair) -> Introduction:
    """Both sides and the facilitator have named the repair café, which then needs protection."""
    made = facilitated(pair)
    Introduction.objects.filter(pk=made.pk).update(message="The Repair Café should meet you.")
    for side, person, text in (
        (pair.a, pair.ada, "We of the repair cafe say hello."),
        (pair.b, pair.bo, "Hello Repair Café, from us."),
        (pair.a, pair.ada, "How are you?"),
    ):
        write_note(
            introduction=made,
            side=side,
            text=text,
            language="de",
            form_key=uuid.uuid4(),
            by=person,
            now=NOW,
        )
    facts = replace(facts_of(pair.a), is_safe_mode=True, pseudonym="Blue Lantern")
    edit_community(community=pair.a, facts=facts, revision=1, by=pair.ada, now=NOW)
    return made


@pytest.mark.parametrize(
    ("reader", "seen"),
    [
        ("ada", ["The Repair", "We of the", "Hello Repair", "How are"]),
        ("bo", ["This text is hidden", "This text is hidden", "Hello Repair", "How are"]),
        ("fay", ["This text is hidden", "This text is hidden", "This text is hidden", "How are"]),
    ],
)
def test_texts_of_earlier_days_do_not_tell_who_needs_protection_now(reader: str, seen: list[str]) -> None:
    pair = make_pair()
    made = _written_before_safety_mode(pair)
    found = meeting(made.pk, reader=pair.everybody[reader], now=NOW)
    assert found is not None
    texts = [found.introduction.message, *(note.text for note in found.notes)]
    assert all(text.startswith(beginning) for text, beginning in zip(texts, seen, strict=True)), texts
    made.refresh_from_db()
    assert (made.message, made.notes.count()) == ("The Repair Café should meet you.", 3)


def test_a_reason_of_earlier_days_does_not_tell_it_either() -> None:
    pair = make_pair()
    made = proposed(pair, back=True)
    note = "The Repair Café is full."
    decline(introduction=made, side=pair.a, reason="not-now", note=note, by=pair.ada, now=NOW)
    facts = replace(facts_of(pair.a), is_safe_mode=True, pseudonym="Blue Lantern")
    edit_community(community=pair.a, facts=facts, revision=1, by=pair.ada, now=NOW)
    found = meeting(made.pk, reader=pair.bo, now=NOW)
    assert found is not None
    assert found.introduction.decline_note.startswith("This text is hidden")
