"""Countries and languages by name: in the visitor's language out, in any of ours in."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.utils.translation import get_language, to_locale

from twincitylab.base.text import fold

# What people write that is neither a name nor a code of CLDR.
SPOKEN = {
    "usa": "US", "america": "US", "uk": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "uae": "AE",
    "holland": "NL", "turkey": "TR", "czech republic": "CZ", "burma": "MM",
}  # fmt: skip


def country_name(iso2: str, *, english: str) -> str:
    """The country's name in the language of the page; the English one where CLDR has none."""
    return _locale(get_language() or "en").territories.get(iso2) or english


def language_name(code: str) -> str:
    """The name in the language of the page, or else in English; the code where there is neither."""
    here, english = _locale(get_language() or "en"), _locale("en")
    return here.languages.get(code) or english.languages.get(code) or code


def country_meant(text: str) -> str | None:
    """The code of the country that a text names, by code or by name in any language of the product."""
    key = fold(text)
    return _countries_by_key().get(key) if key else None


@lru_cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(to_locale(language))
    except (ValueError, UnknownLocaleError):
        return Locale("en")


@lru_cache
def _countries_by_key() -> dict[str, str]:
    known = {
        fold(name): code
        for language, _label in settings.LANGUAGES
        for code, name in _locale(language).territories.items()
        if len(code) == 2 and code.isalpha()
    }
    known.update(SPOKEN)
    known.update({code.lower(): code for code in {*known.values()}})
    return known
