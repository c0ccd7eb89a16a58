"""The words by which the directory finds communities: cut, kept and forgotten."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twincitylab.community.choices import NeedState, Visibility
from twincitylab.community.models import Community, CommunityWord
from twincitylab.community.operations.search import index_words
from twincitylab.community.rules.words import LONGEST_WORD, Asked, asked_words, words_of
from twincitylab.community.tests.world import make_community, make_need


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L’école à vélo", ["l", "ecole", "a", "velo"]),
        ("Fahrräder & Räder: räder!", ["fahrrader", "rader"]),
        ("共享自行车", ["共享", "享自", "自行", "行车", "车"]),
        ("Café咖啡", ["cafe", "咖啡", "啡"]),
        ("المدرسة والمكتبة", ["مدرسه", "مكتبه"]),
        ("हिन्दी", ["हनद"]),
        ("", []),
        ("<b> -- \u202e", ["b"]),
        ("x" * 300, ["x" * LONGEST_WORD]),
    ],
)
def test_words_of(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_asked_words_are_beginnings_but_for_the_shortest() -> None:
    assert asked_words("Bikes to 车") == [
        Asked("bike", is_beginning=True),
        Asked("to", is_beginning=False),
        Asked("车", is_beginning=True),
    ]


@given(st.text(max_size=80))
def test_every_text_is_found_by_its_own_words(text: str) -> None:
    words = words_of(text)
    for asked in asked_words(text):
        assert any(word.startswith(asked.key) if asked.is_beginning else word == asked.key for word in words)


@pytest.mark.django_db
@pytest.mark.usefixtures("atlas")
class TestKeeping:
    def test_all_texts_count_and_taken_ones_do_not(self) -> None:
        community = make_community("Wheels", about="We meet on Mondays.", purpose="Mend bicycles.")
        make_need(community, text="A cellar")
        make_need(community, text="Old saddles", state=NeedState.TAKEN)
        index_words([community.pk])
        assert words(community) == {
            "wheels": True, "karlsruhe": False, "mend": False, "bicycles": False, "a": False, "cellar": False,
            "we": False, "meet": False, "on": False, "mondays": False,
        }  # fmt: skip

    def test_keeping_again_changes_only_what_changed(self) -> None:
        community = make_community("Wheels", purpose="Mend bicycles.")
        index_words([community.pk])
        before = dict(CommunityWord.objects.values_list("key", "pk"))
        Community.objects.update(name="Wheels", purpose="Mend cars, Wheels.")
        index_words([community.pk])
        after = dict(CommunityWord.objects.values_list("key", "pk"))
        assert set(after) == {"wheels", "karlsruhe", "mend", "cars"}
        assert all(after[key] == before[key] for key in ("wheels", "karlsruhe", "mend"))

    @pytest.mark.parametrize(
        "change",
        [
            {"is_safe_mode": True, "pseudonym": "The Lanterns"},
            {"visibility": Visibility.HIDDEN},
            {"closed_at": "2026-03-02T09:00Z"},
        ],
    )
    def test_who_leaves_the_lists_leaves_no_word(self, change: dict[str, object]) -> None:
        community = make_community("Wheels")
        index_words(Community.objects.values_list("pk", flat=True))
        assert words(community)
        Community.objects.filter(pk=community.pk).update(**change)
        index_words(Community.objects.values_list("pk", flat=True))
        assert words(community) == {}


def words(community: Community) -> dict[str, bool]:
    return dict(CommunityWord.objects.filter(community=community).values_list("key", "is_name"))
