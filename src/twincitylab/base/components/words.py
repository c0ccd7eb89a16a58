"""Numbers and names in the reader's language, as template filters."""

import datetime as dt
from functools import lru_cache

from babel import Locale
from babel.dates import get_timezone, get_timezone_location
from babel.lists import format_list
from babel.numbers import format_decimal
from django.utils.translation import get_language

from twincitylab.base.components.library import register
from twincitylab.base.figures import grouped, locale_of, percentage, written_day, written_moment

_COMMAS = {"ar": "، ", "fa": "، ", "ur": "، ", "zh": "，", "ja": "、"}


def _locale() -> Locale:
    return locale_of(get_language() or "en")


@register.filter
def number(value: float | None) -> str:
    """``308436`` -> ``308,436`` the way the reader's language groups digits."""
    return "" if value is None else grouped(value)


@register.filter
def short_decimal(value: float) -> str:
    """``0.7812`` -> ``0.78``."""
    return format_decimal(value, locale=_locale(), format="0.00")


@register.filter
def percent(share: float) -> str:
    """``0.4`` -> ``40%``; what is there but rounds to nothing is ``<1%``."""
    return percentage(share)


@register.filter
def country_name(iso2: str) -> str:
    """``DE`` -> ``Germany`` in the reader's language."""
    return str(_locale().territories.get(iso2, iso2))


@register.filter
def tongue_name(code: str) -> str:
    """``de`` -> ``German`` in the reader's language."""
    return str(_locale().languages.get(code, code))


@register.filter(expects_localtime=True)
def full_date(moment: dt.datetime | dt.date) -> str:
    """``22 November 2026`` the way the reader's language writes it; the day it was where the reader lives."""
    return written_day(moment)


@register.filter(expects_localtime=True)
def full_moment(moment: dt.datetime) -> str:
    """``22 November 2026, 23:28`` the way the reader's language writes it, on the reader's clock."""
    return written_moment(moment)


@register.filter
def joined(words: list[str]) -> str:
    """``a, b and c`` the way the reader's language lists things."""
    return format_list([str(word) for word in words], locale=_locale())


@register.simple_tag
def comma() -> str:
    """What stands between two names in the reader's language, a blank behind it where one is written."""
    return _COMMAS.get(_locale().language, ", ")


@register.filter
def zone_name(zone: str) -> str:
    """``Asia/Amman`` -> the name of that city in the reader's language."""
    return _zone_name(get_language() or "en", zone)


@lru_cache(maxsize=8192)
def _zone_name(language: str, zone: str) -> str:
    try:
        name = get_timezone_location(get_timezone(zone), locale=locale_of(language), return_city=True)
    except LookupError:
        name = zone
    return name.replace("_", " ").replace("/", " – ")


@register.filter
def hours_figure(hours: float) -> str:
    """``7.5`` -> ``7.5``, ``8.0`` -> ``8``."""
    return format_decimal(hours, locale=_locale(), format="0.##")


@register.filter
def svg(value: float) -> str:
    """A number as SVG wants it, whatever the language."""
    return f"{value:g}"
