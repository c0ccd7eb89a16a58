"""The languages in which people write and work together: by code, and by name in any language of ours."""

from collections.abc import Iterable
from functools import lru_cache

from babel import Locale
from babel.localedata import locale_identifiers
from django.conf import settings
from django.utils.translation import get_language, to_locale

from twincitylab.atlas.queries.words import language_name
from twincitylab.base.text import fold

Choices = tuple[tuple[str, str], ...]

# Offered first: the languages of the platform, and others in which very many people meet foreigners.
COMMON = (
    "ar", "bn", "zh", "de", "en", "fa", "fr", "hi", "id", "it", "ja", "ko", "nl", "pl", "pt", "ro", "ru",
    "es", "sw", "tr", "uk", "ur", "vi",
)  # fmt: skip


@lru_cache
def written_codes() -> frozenset[str]:
    """Every language of which CLDR knows how it is written, without its scripts and countries."""
    return frozenset(code for code in locale_identifiers() if code.isalpha() and code.islower())


def language_choices(codes: Iterable[str] | None = None) -> Choices:
    """Code and name in the reader's language, by name; all languages, or those of ``codes``."""
    return _choices(tuple(codes) if codes is not None else (), get_language() or "en")


def base_code(code: str) -> str:
    """``zh-hans`` -> ``zh``: the language of a page as the language of a text."""
    return code.replace("_", "-").partition("-")[0]


def language_meant(text: str) -> str | None:
    """The code of the language that a text names: by its code, its own name, or its name in any of ours."""
    return _codes_by_key().get(fold(text))


@lru_cache(maxsize=64)
def _choices(codes: tuple[str, ...], language: str) -> Choices:
    del language  # part of the key of the cache: the names are those of the reader's language
    named = ((code, language_name(code)) for code in codes or written_codes())
    return tuple(
        sorted(((code, name) for code, name in named if name != code), key=lambda pair: fold(pair[1]))
    )


@lru_cache
def _codes_by_key() -> dict[str, str]:
    known: dict[str, str] = {}
    for language, _label in settings.LANGUAGES:
        names = Locale.parse(to_locale(language)).languages
        known.update({fold(names[code]): code for code in written_codes() if code in names})
    for code in written_codes():
        if own := Locale(code).languages.get(code):
            known.setdefault(fold(own), code)
    known.update({code: code for code in written_codes()})
    known.pop("", None)
    return known
