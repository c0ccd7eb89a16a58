"""Folding names, and cleaning what people write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twincitylab.base.text import LONGEST_KEY, TooLong, bare_cell, clean_text, fold, inert_cell, slug


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("München", "munchen"), ("Mu\u0308nchen", "munchen"), ("Łódź", "lodz"), ("Århus", "arhus"),
        ("Weiß", "weiss"),
        ("’s-Hertogenbosch", "s hertogenbosch"), ("L'Aquila", "laquila"), ("St. John’s", "st johns"),
        ("  New   York ", "new york"), ("İstanbul", "istanbul"),
        ("Йошкар-Ола", "иошкар ола"), ("ＴＯＫＹＯ", "tokyo"),
        ("أسوان", "اسوان"), ("تهران", "تهران"), ("کراچی", "كراچي"), ("北京", "北京"), ("", ""), ("—!?", ""),
    ],
)  # fmt: skip
def test_fold(text: str, key: str) -> None:
    assert fold(text) == key


@given(st.text(max_size=150))
def test_fold_of_a_key_is_the_key(text: str) -> None:
    key = fold(text)
    assert (fold(key), len(key) <= LONGEST_KEY) == (key, True)


@given(st.text())
def test_slug_is_plain(text: str) -> None:
    made = slug(text)
    assert made.isascii()
    assert made == slug(made)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"), ("\tb", "'\tb"), ("\rc", "'\rc"),
        ("'=1", "''=1"), ("'s-Hertogenbosch", "'s-Hertogenbosch"), ("1=1", "1=1"), ("", ""),
    ],
)  # fmt: skip
def test_inert_cell_is_no_formula(text: str, cell: str) -> None:
    assert (inert_cell(text), bare_cell(cell)) == (cell, text)


@given(st.text(alphabet="'=+-@\t\rab"))
def test_bare_cell_gives_back_any_text(text: str) -> None:
    assert bare_cell(inert_cell(text)) == text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a\x00b\x07", "ab"), ("\u202egnp.exe\u202c", "gnp.exe"), ("\u2066x\u2069", "x"), ("\ufeffa", "a"),
        ("a\ud800b", "ab"), ("a\r\nb\rc\u2028d", "a\nb\nc\nd"), ("a \n \n\n\n b", "a\n\nb"),
        ("  a\t b ", "a b"),
        ("\u200b \u200d\n\u00ad", ""), ("\u3164", ""), ("Mu\u0308nchen", "München"),
        ("می\u200cخواهم", "می\u200cخواهم"), ("👩\u200d🌾", "👩\u200d🌾"),
        ("<b>Hi</b>", "<b>Hi</b>"), ("", ""),
    ],
)  # fmt: skip
def test_clean_text(text: str, clean: str) -> None:
    assert clean_text(text, longest=40) == clean


def test_clean_text_of_one_line_has_no_second() -> None:
    assert clean_text("Repair\n\nour\tthings", longest=40, one_line=True) == "Repair our things"


def test_clean_text_counts_what_is_left() -> None:
    assert clean_text("\x00" * 50 + "ab", longest=2) == "ab"
    with pytest.raises(TooLong) as told:
        clean_text("abc", longest=2)
    assert told.value.length == 3


@given(st.text(), st.booleans())
def test_clean_text_of_clean_text_is_the_same(text: str, one_line: bool) -> None:  # noqa: FBT001 - drawn
    once = clean_text(text, longest=10_000, one_line=one_line)
    assert clean_text(once, longest=10_000, one_line=one_line) == once
