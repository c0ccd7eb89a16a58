"""Figures in the reader's language, the same in sentences, on pages and in answers."""

from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.translation import get_language, to_locale

if TYPE_CHECKING:
    import datetime as dt

    from babel import Locale

SMALLEST_SHARE = 0.005


def grouped(value: float, *, decimals: int = 0) -> str:
    """``308436`` -> ``308,436`` with the grouping and the decimal mark of the reader's language."""
    language = get_language() or "en"
    rounded = round(value, decimals)
    return f"{rounded:,.{decimals}f}" if language == "en" else _grouped(language, rounded, decimals)


def percentage(share: float) -> str:
    """``0.4`` -> ``40%``; what is there but rounds to nothing is ``<1%``. It never breaks at a line's end."""
    language = get_language() or "en"
    if 0 < share < SMALLEST_SHARE:
        return "<" + _percentage(language, 1)
    return _percentage(language, round(100 * share))


def signed(value: float) -> str:
    """With a real minus, and as many decimals as a quarter needs."""
    if value == 0:
        return grouped(0.0)
    decimals = next((number for number in range(2) if round(value, number) == value), 2)
    size = grouped(abs(value), decimals=decimals)
    return f"+{size}" if value > 0 else f"\N{MINUS SIGN}{size}"


def written_day(moment: "dt.date") -> str:
    """``22 November 2026`` the way the reader's language writes it; of a moment, the day it was there."""
    from babel.dates import format_date

    return str(format_date(moment, format="long", locale=locale_of(get_language() or "en")))


def written_moment(moment: "dt.datetime") -> str:
    """``22 November 2026, 23:28`` the way the reader's language writes it, on the clock the moment has."""
    from babel.dates import format_time

    locale = locale_of(get_language() or "en")
    clock = format_time(moment.time(), format="short", locale=locale)
    return str(locale.datetime_formats["medium"]).replace("{1}", written_day(moment)).replace("{0}", clock)


@lru_cache(maxsize=32)
def locale_of(language: str) -> "Locale":
    """The CLDR locale of a Django language code such as ``zh-hans``."""
    from babel import Locale  # loaded only for languages other than English: commands start quickly

    return Locale.parse(to_locale(language))


@lru_cache(maxsize=65536)
def _grouped(language: str, value: float, decimals: int) -> str:
    from babel.numbers import format_decimal

    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return str(format_decimal(value, locale=locale_of(language), format=pattern))


@lru_cache(maxsize=4096)
def _percentage(language: str, percent: int) -> str:
    if language == "en":
        return f"{percent}%"
    from babel.numbers import format_percent

    written = str(format_percent(percent / 100, locale=locale_of(language)))
    return written.replace(" ", "\N{NO-BREAK SPACE}")
