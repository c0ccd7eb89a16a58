"""Numbers, names and weather in the reader's language; what every sentence is made of."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _n

from twincitylab.base.figures import grouped, percentage

if TYPE_CHECKING:
    from babel import Locale

# The distance to the sea is known to about 9 km.
BY_THE_SEA_KM = 15.0

# "Both have %(climate)s": what a class of Köppen and Geiger feels like.
_CLIMATES = {
    "Af": _n("hot and rainy weather all year"),
    "Am": _n("hot weather with a long monsoon"),
    "Aw": _n("hot weather with a dry season"),
    "As": _n("hot weather with a dry season"),
    "BWh": _n("a hot desert climate"),
    "BWk": _n("a cool desert climate"),
    "BSh": _n("a hot and rather dry climate"),
    "BSk": _n("a cool and rather dry climate"),
    "Csa": _n("mild, wet winters and hot, dry summers"),
    "Csb": _n("mild, wet winters and warm, dry summers"),
    "Csc": _n("mild, wet winters and cool, dry summers"),
    "Cwa": _n("mild, dry winters and hot, wet summers"),
    "Cwb": _n("mild, dry winters and warm, wet summers"),
    "Cwc": _n("cool, dry winters and cool, wet summers"),
    "Cfa": _n("mild winters and hot, humid summers"),
    "Cfb": _n("mild winters, warm summers and rain all year"),
    "Cfc": _n("mild winters, cool summers and rain all year"),
    "Dsa": _n("cold winters and hot, dry summers"),
    "Dsb": _n("cold winters and warm, dry summers"),
    "Dsc": _n("long, cold winters and short, dry summers"),
    "Dsd": _n("bitterly cold winters and short, dry summers"),
    "Dwa": _n("cold, dry winters and hot, wet summers"),
    "Dwb": _n("cold, dry winters and warm, wet summers"),
    "Dwc": _n("long, cold, dry winters and short, cool summers"),
    "Dwd": _n("bitterly cold, dry winters and short, cool summers"),
    "Dfa": _n("cold winters and hot summers"),
    "Dfb": _n("cold winters and warm summers"),
    "Dfc": _n("long, cold winters and short, cool summers"),
    "Dfd": _n("bitterly cold winters and short, cool summers"),
    "ET": _n("cool weather all year, as on the tundra or high mountains"),
    "EF": _n("ice and frost all year"),
}


def climate_words(code: str) -> str:
    """A class of Köppen and Geiger in plain words: ``Dfb`` -> "cold winters and warm summers"."""
    return _(_CLIMATES[code]) if code in _CLIMATES else _("an unknown climate")


def country_name(iso2: str) -> str:
    """The country's name in the reader's language."""
    return _country_name(get_language() or "en", iso2)


def language_name(code: str) -> str:
    """The language's name in the reader's language; its code where no name is known."""
    return _language_name(get_language() or "en", code)


def number(value: float, *, decimals: int = 0) -> str:
    """A number with the grouping and the decimal mark of the reader's language."""
    return grouped(value, decimals=decimals)


def hours(value: float) -> str:
    """Hours without needless decimals: 7 -> "7", 7.5 -> "7.5", 5.25 -> "5.25"."""
    decimals = next(digits for digits in (0, 1, 2) if digits == 2 or round(value, digits) == round(value, 2))
    return number(value, decimals=decimals)


def count_words(value: float) -> str:
    """Small whole numbers as a word that begins a sentence, others as figures."""
    words = [_("None"), _("One"), _("Two"), _("Three"), _("Four")]
    words += [_("Five"), _("Six"), _("Seven"), _("Eight")]
    return words[int(value)] if value == int(value) and value < len(words) else hours(value)


def percent(share: float) -> str:
    """A share as a whole percentage."""
    return percentage(share)


def about(value: float) -> str:
    """A count rounded to two digits: 308,436 -> "310,000"."""
    magnitude = 10 ** max(len(str(int(value))) - 2, 0)
    return number(round(value / magnitude) * magnitude)


def kilometres(value: float) -> str:
    """A distance rounded as people say it: 137.4 -> "140", 9187 -> "9,200", 12.3 -> "12"."""
    step = 1 if value < 30 else 10 if value < 1000 else 100
    return number(max(round(value / step) * step, 1))


def sea_words(km: float) -> str:
    """How far the sea is, no finer than it is known: 447 -> "about 450 km", 8 -> "by the sea"."""
    return _("by the sea") if km < BY_THE_SEA_KM else _("about %(km)s km") % {"km": about(km)}


def listed(words: Sequence[str]) -> str:
    """Words as a sentence lists them: "Nancy", "Nancy and Halle", "Nancy, Halle and Timișoara"."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def _locale(language: str) -> "Locale":
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(to_locale(language))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


@lru_cache(maxsize=4096)
def _country_name(language: str, iso2: str) -> str:
    return str(_locale(language).territories.get(iso2) or iso2)


@lru_cache(maxsize=8192)
def _language_name(language: str, code: str) -> str:
    name = _locale(language).languages.get(code) or _locale("en").languages.get(code)
    if name:
        return str(name)
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(code).get_display_name(to_locale(language)) or code)
    except (UnknownLocaleError, ValueError):
        return code
