"""What stewards may say of their community, and what is refused with a sentence."""

from dataclasses import replace
from typing import Any

import pytest

from twincitylab.community.choices import Topic
from twincitylab.community.rules.facts import CommunityFacts, checked_facts
from twincitylab.community.rules.languages import base_code, language_choices, language_meant
from twincitylab.community.rules.safety import told_name
from twincitylab.community.rules.slugs import drawn_slugs, plain_slugs

GOOD = CommunityFacts(
    name="Repair Café Oststadt",
    city=2892794,
    kind="initiative",
    purpose="We mend what is broken, together with our neighbours.",
    topics=("circular-economy",),
    languages=("de", "en"),
)
SAFE = replace(GOOD, is_safe_mode=True, pseudonym="Blue Lantern")


def faults(facts: CommunityFacts) -> dict[str, str]:
    return checked_facts(facts, this_year=2026, city_names=["Karlsruhe", "Carlsruhe", "卡尔斯鲁厄", "KAE"])[1]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "a" * 121), ("name", "\u202e\u200b "), ("kind", "sect"), ("purpose", "b" * 201),
        ("purpose", "Fun"), ("about", "c" * 4001), ("about_language", "xx"),
        ("website", "javascript:alert(1)"),
        ("website", "data:text/html,x"), ("website", "https://a@evil.example"), ("website", "http://"),
        ("website", "https://[::1"), ("website", f"https://example.org/{'d' * 300}"),
        ("since", 2027), ("since", 3),
        ("since", -5), ("size", "many"), ("capacity", 10), ("capacity", -1), ("modes", ()),
        ("modes", ("fax",)),
        ("topics", ()), ("topics", tuple(Topic.values[:9])), ("topics", ("world-peace",)), ("languages", ()),
        ("languages", ("klingon",)), ("visibility", "all"),
    ],
)  # fmt: skip
def test_wrong_facts_are_refused_by_field(field: str, value: Any) -> None:
    told = faults(replace(GOOD, **{field: value}))
    assert list(told) == [field]
    assert told[field].endswith((".", "org"))


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("name", " Repair\n\tCafé\x00 ", "Repair Café"), ("name", "\u202eCafé", "Café"),
        ("name", "<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("purpose", "修理街坊的东西", "修理街坊的东西"), ("website", "www.example.org", "https://www.example.org"),
        ("website", "example.org:8080/a", "https://example.org:8080/a"),
        ("website", "HTTP://example.org", "HTTP://example.org"), ("about", "a\r\n\r\n\r\n\r\nb", "a\n\nb"),
        ("since", 2026, 2026), ("modes", ("visit", "online"), ("online", "visit")), ("capacity", 0, 0),
    ],
)  # fmt: skip
def test_facts_are_stored_clean(field: str, value: Any, stored: object) -> None:
    clean, told = checked_facts(replace(GOOD, **{field: value}), this_year=2026, city_names=())
    assert (getattr(clean, field), told) == (stored, {})


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"pseudonym": " "}, "pseudonym"),
        ({"pseudonym": "The Repair Café Oststadt friends"}, "pseudonym"),
        ({"pseudonym": "Repair cafe"}, "pseudonym"),
        ({"pseudonym": "Lantern of Carlsruhe"}, "pseudonym"),
        ({"pseudonym": "卡尔斯鲁厄之友"}, "pseudonym"),
        ({"purpose": "The REPAIR-CAFÉ OSTSTADT mends what is broken."}, "purpose"),
        ({"about": "Find us in Karlsruhe!", "hides_city": True}, "about"),
        ({"about": "Karls\u200druhes Oststadt", "hides_city": True}, "about"),
        ({"purpose": "Write to repaircafeoststadt@example.org"}, "purpose"),
    ],
)
def test_safety_mode_tells_neither_name_nor_city(change: dict[str, Any], field: str) -> None:
    assert list(faults(replace(SAFE, **change))) == [field]


def test_safety_mode_lets_the_city_be_told_where_it_is_not_hidden() -> None:
    assert faults(replace(SAFE, about="Find us in Karlsruhe, near the KAE.")) == {}


def test_a_short_purpose_hears_how_long_it_should_be() -> None:
    assert "at least 10 characters" in faults(replace(GOOD, purpose="a b c"))["purpose"]
    assert "one sentence" in faults(replace(GOOD, purpose=" "))["purpose"]


def test_only_safety_mode_hides_the_city() -> None:
    clean, _faults = checked_facts(replace(GOOD, hides_city=True), this_year=2026, city_names=())
    assert clean.hides_city is False


def test_told_name_wants_whole_words() -> None:
    assert told_name("We are nice and nicer.", names=["Nic", "Nicer", "Nice"]) == "Nicer"
    assert told_name("Nichts", names=["Nic", ""]) == ""


@pytest.mark.parametrize(
    ("shown_name", "city", "kind", "first"),
    [
        ("Repair Café", "Karlsruhe", "initiative", "repair-cafe-karlsruhe"),
        ("Karlsruhe Choir", "Karlsruhe", "club", "karlsruhe-choir"),
        ("جمعية النيل", "Cairo", "association", "association-cairo"),
        ("New", "", "club", "new-2"),
    ],
)
def test_slug_is_of_name_and_city(shown_name: str, city: str, kind: str, first: str) -> None:
    assert next(plain_slugs(shown_name, city=city, kind=kind)) == first


def test_drawn_slugs_are_of_the_name_and_of_chance() -> None:
    made = {next(drawn_slugs("نور", kind="community")) for _ in range(9)}
    assert len(made) == 9
    assert all(slug.startswith("community-") and "cairo" not in slug for slug in made)


def test_languages_are_known_by_any_of_their_names() -> None:
    named = [
        language_meant(text) for text in ("Deutsch", "alemán", "GERMAN", "de", "tamil", "தமிழ்", "Elvish", "")
    ]
    assert named == ["de", "de", "de", "de", "ta", "ta", None, None]
    assert (base_code("zh-hans"), dict(language_choices(["zh", "sw"]))) == (
        "zh",
        {"zh": "Chinese", "sw": "Swahili"},
    )
