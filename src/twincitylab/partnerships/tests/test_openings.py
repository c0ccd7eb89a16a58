"""Words to begin with, and the language they are written in."""

import pytest

from twincitylab.community.choices import Topic
from twincitylab.community.queries.cards import card
from twincitylab.community.tests.world import make_community
from twincitylab.partnerships.rules.openings import message_language, opening_in, openings


@pytest.mark.parametrize(
    ("ours", "theirs", "mine", "expected"),
    [
        (["de", "en"], ["en", "fr"], "de", "en"),
        (["de", "en", "fr"], ["en", "fr"], "fr", "fr"),
        (["de"], ["sw", "ar"], "de", "ar"),
        (["sw", "de"], ["sw", "de"], "en", "de"),
        (["de"], ["sw"], "zh-hans", "zh"),
        ([], [], "en", "en"),
    ],
)
def test_the_language_is_one_of_theirs_if_possible(
    ours: list[str], theirs: list[str], mine: str, expected: str
) -> None:
    assert message_language(ours, theirs, mine=mine) == expected


@pytest.mark.usefixtures("atlas")
class TestOpenings:
    def test_they_speak_of_what_both_care_about(self) -> None:
        us = card(make_community("Menders", topics=[Topic.WASTE, Topic.FOOD]))
        them = card(make_community("Fixers", topics=[Topic.CULTURE, Topic.WASTE], city="leeds-gb"))
        texts = {one.key: one.text for one in openings(us, them)}
        assert "both care about this: Waste collection and prevention." in texts["topic"]
        assert all(text.startswith("Hello Fixers, we are Menders from Karlsruhe") for text in texts.values())

    def test_without_topics_there_is_a_hello(self) -> None:
        us, them = card(make_community(topics=[])), card(make_community(topics=[], city="leeds-gb"))
        assert [one.key for one in openings(us, them)] == ["hello"]

    def test_safety_mode_gives_no_name_and_no_hidden_city(self) -> None:
        us = card(
            make_community("Rainbow House", pseudonym="Quiet Hands", slug="quiet-hands", hides_city=True)
        )
        them = card(make_community("Fixers", city="leeds-gb"))
        for one in openings(us, them):
            assert "we are Quiet Hands from Germany" in one.text
            assert "Rainbow House" not in one.text
            assert "Karlsruhe" not in one.text

    def test_a_language_without_words_gives_none(self) -> None:
        us, them = card(make_community("Menders")), card(make_community("Fixers", city="leeds-gb"))
        assert opening_in("sw", "hello", us=us, them=them) == ""
        assert opening_in("en", "hello", us=us, them=them).startswith("Hello Fixers")
        assert opening_in("en", "no such", us=us, them=them) == ""
