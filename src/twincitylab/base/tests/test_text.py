"""Folding names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twincitylab.base.text import LONGEST_KEY, bare_cell, fold, inert_cell, slug


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
