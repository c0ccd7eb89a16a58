"""Documents as PDF, typeset by the embedded typst: no browser, no LaTeX, nothing from the net."""

import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from django.conf import settings

NODE_MODULES = Path(__file__).parents[3] / "node_modules"
FONT_FOLDERS = (
    NODE_MODULES / "@expo-google-fonts" / "noto-sans-arabic" / "400Regular",
    NODE_MODULES / "@expo-google-fonts" / "noto-sans-arabic" / "700Bold",
    NODE_MODULES / "@embedpdf" / "fonts-sc" / "fonts",
)
"""Where `make run` puts fonts for Arabic and Chinese; those of the machine come after them."""
FAMILIES = (
    "Noto Sans", "Libertinus Serif", "Noto Sans Arabic", "Noto Naskh Arabic", "Noto Sans S Chinese",
    "Noto Sans SC", "Noto Sans CJK SC", "DejaVu Sans",
)  # fmt: skip
"""Asked in this order for each letter; after them typst asks all the others."""
NO_DATE = "#set document(date: none)\n"
"""The same data make the same document, byte for byte, at any time."""
ALWAYS = frozenset({
    "LATIN", "GREEK", "CYRILLIC", "HEBREW", "COMBINING", "MODIFIER", "ARABIC-INDIC",
    "MASCULINE", "FEMININE", "MICRO",
})  # fmt: skip
"""Scripts of the fonts that typst itself brings, and what belongs to no script."""
CHINESE = ("S Chinese", "Noto Sans SC", "CJK", "WenQuanYi", "Droid Sans Fallback", "Source Han")
CARRIERS = {
    "ARABIC": ("Arabic", "DejaVu Sans"),
    "EXTENDED": ("Arabic",),
    "CJK": CHINESE,
    "HIRAGANA": (*CHINESE, "Noto Sans JP"),
    "KATAKANA": (*CHINESE, "Noto Sans JP"),
    "HANGUL": ("CJK", "Noto Sans KR", "Source Han"),
}


def render_pdf(template: str, data: Any) -> bytes:
    """A PDF of a typst template, which reads ``data`` with ``json(bytes(sys.inputs.data))``.

    What people wrote comes only in ``data``, so that none of it is ever read as typst.
    """
    return _render(template, data, form="pdf")[0]


def render_png(template: str, data: Any, *, ppi: float = 72) -> tuple[bytes, ...]:
    """The same as pictures, one for each page."""
    return _render(template, data, form="png", ppi=ppi)


def unprintable(data: Any) -> list[str]:
    """The scripts in ``data`` for which this machine has no font, such as ``CJK``; PDFs would leave gaps.

    >>> unprintable({"name": "Łódź, Київ, N.º 1ª, 5 µm"})
    []
    """
    found = {script for text in _texts(data) for script in _scripts(text)}
    return sorted(script for script in found if not _can_print(script))


def _render(template: str, data: Any, *, form: Literal["pdf", "png"], ppi: float = 144) -> tuple[bytes, ...]:
    import typst  # loaded only where a document is made: it brings its own fonts and compiler

    made = typst.compile(
        (NO_DATE + template).encode(),
        font_paths=_fonts(),
        format=form,
        ppi=ppi,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False), "fonts": json.dumps(FAMILIES)},
    )
    return (made,) if isinstance(made, bytes) else tuple(made or ())


@lru_cache(maxsize=1)
def _fonts() -> Any:
    """All fonts there are, looked up once."""
    import typst

    folders = [str(folder) for folder in (*settings.FONT_FOLDERS, *FONT_FOLDERS) if folder.is_dir()]
    return typst.Fonts(font_paths=folders)


@lru_cache
def _can_print(script: str) -> bool:
    if script in ALWAYS:
        return True
    carriers = CARRIERS.get(script, (script.title(),))
    return any(carrier in family for family in _fonts().families() for carrier in carriers)


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, Sequence):
        for value in data:
            yield from _texts(value)


def _scripts(text: str) -> set[str]:
    """The first word of the Unicode name of each letter: LATIN, ARABIC, CJK …"""
    if text.isascii():
        return set()
    letters = {letter for letter in text if not letter.isascii() and unicodedata.category(letter)[0] == "L"}
    return {unicodedata.name(letter, "UNKNOWN").split()[0].partition("-")[0] for letter in letters}
