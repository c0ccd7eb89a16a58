"""The topics suggested from a text: in every language, for any text, and the same each time."""

import json
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twincitylab.base.text import fold
from twincitylab.community.choices import Topic
from twincitylab.community.rules.topics import LEXICON, STRENGTHS, suggest_topics, topic_weights

LANGUAGES = ("en", "de", "fr", "es", "ar", "zh-hans")
PLAIN = [
    ("en", "Our choir would like to sing with another choir.", Topic.CULTURE),
    ("en", "We repair bicycles and toasters in our repair café.", Topic.CIRCULAR_ECONOMY),
    ("en", "The sewage treatment plant must grow.", Topic.WASTEWATER),
    ("de", "Wir suchen Erfahrung mit Radwegen und Fahrradstraßen.", Topic.WALKING_CYCLING),
    ("de", "Unser Hochwasserschutzkonzept ist zehn Jahre alt.", Topic.FLOOD_STORM),
    ("de", "Wer kennt sich mit Großwärmepumpen aus?", Topic.HEATING_COOLING),
    ("fr", "Nous cherchons des idées pour le tri des déchets.", Topic.WASTE),
    ("fr", "Notre comité de jumelage cherche une ville.", Topic.CITY_PARTNERSHIPS),
    ("es", "Buscamos ayuda contra las inundaciones del río.", Topic.FLOOD_STORM),
    ("es", "Ofrecemos nuestros presupuestos participativos.", Topic.PARTICIPATION),
    ("ar", "نريد أن نتعلم كيف نزرع الأشجار في شوارعنا.", Topic.TREES),
    ("ar", "نبحث عن شركاء لاستقبال اللاجئين.", Topic.MIGRATION),
    ("zh-hans", "我们想交流垃圾分类的做法。", Topic.WASTE),
    ("zh-hans", "社区养老怎么办？", Topic.CARE_AGEING),
]


def _first(text: str, *, language: str | None = None) -> str | None:
    found = suggest_topics(text, language=language, most=1)
    return found[0].topic if found else None


@pytest.mark.parametrize(("language", "text", "topic"), PLAIN)
@pytest.mark.parametrize("stated", ["right", "unknown", "wrong", "nonsense"])
def test_a_plain_text_finds_its_topic_whatever_language_is_stated(
    language: str, text: str, topic: Topic, stated: str
) -> None:
    wrong = "fr" if language == "en" else "en"
    hint = {"right": language, "unknown": None, "wrong": wrong, "nonsense": "tlh"}[stated]

    assert _first(text, language=hint) == topic


@pytest.mark.parametrize(
    "text", ["", "   ", "xyzzy qwerty 12345", "Мы здесь", "Hallo zusammen!", "\x00\x07\u202e", "!?…"]
)
def test_a_text_without_a_known_word_has_no_topic(text: str) -> None:
    assert suggest_topics(text) == ()
    assert topic_weights(text) == {}


@pytest.mark.parametrize("written", ["zh", "zh-Hans", "zh_CN", "ZH-hans"])
def test_a_language_may_be_written_in_several_ways(written: str) -> None:
    assert suggest_topics("停车难", language=written) == suggest_topics("停车难", language="zh-hans")


def test_the_stated_language_decides_between_words_that_look_alike() -> None:
    english, german = topic_weights("arm", language="en"), topic_weights("arm", language="de")

    assert german["poverty-inclusion"] > english.get("poverty-inclusion", 0)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Trinkwasserversorgung", Topic.WATER_SUPPLY),
        ("Jugendfeuerwehrwarte", Topic.EMERGENCY),
        ("L’éolienne", Topic.ENERGY_SUPPLY),
        ("وبالدراجات", Topic.WALKING_CYCLING),
        ("للاجئين", Topic.MIGRATION),
        ("我们这里经常有雾霾天气", Topic.AIR_QUALITY),
        ("Denk\u00admal\u200bschutz", Topic.HERITAGE),
        ("e\u0301oliennes", Topic.ENERGY_SUPPLY),
    ],
)
def test_words_are_found_in_compounds_behind_prefixes_and_invisible_letters(text: str, topic: Topic) -> None:
    assert topic in topic_weights(text)


def test_a_longer_word_silences_the_shorter_one_in_it() -> None:
    assert _first("heat pump", language="en") == Topic.HEATING_COOLING
    assert Topic.HEAT not in topic_weights("heat pump", language="en")


def test_a_word_that_topics_share_says_less_of_each() -> None:
    shared, own = topic_weights("museum", language="en"), topic_weights("choir", language="en")

    assert max(shared.values()) < max(own.values())


def test_weights_sum_to_less_than_one_and_suggestions_are_the_best_of_them() -> None:
    text = "Our school plants trees and repairs bicycles with refugees near the river."
    weights = topic_weights(text, language="en")
    suggested = suggest_topics(text, language="en", most=4)

    assert 0 < sum(weights.values()) < 1
    assert [(each.topic, each.strength) for each in suggested] == sorted(
        weights.items(), key=lambda item: (-item[1], item[0])
    )[:4]
    assert all(first.strength >= second.strength for first, second in pairwise(suggested))


@given(st.text(max_size=300), st.sampled_from([None, *LANGUAGES, "xx"]))
@settings(max_examples=60, deadline=None)
def test_any_text_gives_the_same_known_topics_each_time(text: str, language: str | None) -> None:
    weights = topic_weights(text, language=language)

    assert weights == topic_weights(text, language=language)
    assert set(weights) <= set(Topic.values)
    assert all(weight > 0 for weight in weights.values())
    assert sum(weights.values()) < 1


@pytest.mark.parametrize(
    "hostile",
    [
        "a" * 1_000_000,
        "\x00\x01" * 500_000,
        "a" + "\u0301" * 1_000_000,
        "ﷺ" * 500_000,
        "و " * 500_000,
        "住房" * 500_000,
    ],
)
def test_a_hostile_text_is_cut_off_and_read_fast(hostile: str) -> None:
    topic_weights("warm")
    began = time.perf_counter()
    topic_weights(hostile)

    assert time.perf_counter() - began < 0.5


def test_what_stands_behind_the_first_5000_letters_does_not_count() -> None:
    assert topic_weights(f"{'x ' * 2500} choir") == {}
    assert _first(f"{'x ' * 2400} choir") == Topic.CULTURE


def test_the_number_of_suggestions_is_kept() -> None:
    text = "trees, waste, parking, choir, refugees"

    assert [len(suggest_topics(text, most=most)) for most in (-1, 0, 1, 3)] == [0, 0, 1, 3]


def test_every_topic_has_words_in_every_language() -> None:
    topics = json.loads(LEXICON.read_text(encoding="utf-8"))["topics"]

    assert list(topics) == Topic.values
    for topic, by_language in topics.items():
        assert tuple(by_language) == LANGUAGES, topic
        for language, by_strength in by_language.items():
            words = [word for strength in by_strength.values() for word in strength]
            assert set(by_strength) <= set(STRENGTHS)
            assert len(words) >= 15, (topic, language)
            assert len(words) == len(set(words)), (topic, language)
            assert all(len(fold(word.lstrip("=~"))) >= (1 if language == "zh-hans" else 2) for word in words)


@pytest.mark.parametrize(
    ("language", "text", "topic", "not_told"),
    [
        ("de", "Nach jedem Gewitter stehen Straßen unter Wasser", Topic.FLOOD_STORM, Topic.WATER_SUPPLY),
        ("en", "Our streets are full of cars", Topic.PARKING_KERB, Topic.HOMELESSNESS),
        ("ar", "كيف نخفف حرارة الشوارع في الصيف؟", Topic.HEAT, Topic.HOMELESSNESS),
        ("de", "Unser Chor sucht einen Chor", Topic.CULTURE, Topic.HEALTH),
        ("zh-hans", "怎样减少街道噪音", Topic.NOISE, Topic.NEIGHBOURHOOD_RENEWAL),
        ("de", "Unser Müller mahlt in der alten Mühle", Topic.HERITAGE, Topic.WASTE),
    ],
)  # fmt: skip
def test_words_that_only_stand_around_suggest_nothing(
    language: str, text: str, topic: Topic, not_told: Topic
) -> None:
    found = [each.topic for each in suggest_topics(text, language=language)]

    assert found[0] == topic
    assert not_told not in found


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I forgot my password and cannot find the right page."),
        ("en", "It is our first time, so please be patient with us."),
        ("de", "Ich komme am Montag später und bringe Kuchen mit."),
        ("fr", "J'arrive lundi en retard avec un gâteau."),
        ("es", "¿Alguien lee esto?"),
        ("ar", "نسيت كلمة السر ولا أجد الصفحة."),
        ("zh-hans", "今天天气真好，是吧？"),
    ],
)
def test_a_text_about_nothing_suggests_nothing(language: str, text: str) -> None:
    assert suggest_topics(text, language=language) == ()


def test_beside_the_best_topic_only_near_ones_are_told() -> None:
    text = "Our choir sings choir songs at a choir concert near the trees"
    weights = topic_weights(text, language="en")

    assert Topic.TREES in weights
    assert [each.topic for each in suggest_topics(text, language="en")] == [Topic.CULTURE]


def test_a_word_found_twice_at_one_place_counts_once() -> None:
    assert topic_weights("Chor", language="de") == {Topic.CULTURE: pytest.approx(3 / (3 + 1.5))}
