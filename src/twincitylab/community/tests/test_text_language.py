"""The language of a text, told from its letters and its small words."""

import pytest

from twincitylab.community.rules.text_language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Choir looking for a choir", "en"),
        ("Unser Chor sucht einen Chor", "de"),
        ("Notre chorale cherche une chorale", "fr"),
        ("Nuestro coro busca otro coro", "es"),
        ("كيف نخفف حرارة الشوارع في الصيف؟", "ar"),
        ("怎样减少街道噪音", "zh"),
        ("Cerchiamo una città che ci insegni come fare", "it"),
        ("Procuramos uma cidade que nos ensine", "pt"),
        ("Wij zoeken een koor voor onze stad", "nl"),
        ("Мы ищем хор, который любит петь", "ru"),
        ("Ми шукаємо хор", "uk"),
        ("ما به دنبال یک گروه کر هستیم", "fa"),
        ("ہمیں ایک گروہ کی تلاش ہے", "ur"),
        ("私たちは合唱団を探しています", "ja"),
        ("합창단을 찾습니다", "ko"),
    ],
)
def test_it_is_told_by_letters_and_small_words(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    "text", ["", "12345 !?", "Hi", "Repair café Karlsruhe", "xyzzy qwerty", "\x00\u202e", "хор"]
)
def test_where_nothing_tells_it_none_is_guessed(text: str) -> None:
    assert language_of(text) is None


def test_a_hostile_text_is_cut_off() -> None:
    assert language_of("the and " * 500_000) == "en"
