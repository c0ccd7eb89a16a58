"""Documents: what people write is never read as markup, and scripts without letters are told."""

import pytest

from twincitylab.base import documents
from twincitylab.base.documents import render_pdf, render_png, unprintable

TEMPLATE = """#let data = json(bytes(sys.inputs.data))
#set page(width: 8cm, height: 3cm)
#data.text"""
NASTY = '#panic("run") $x^2$ ```raw``` @nothing <label> \\ ]] #import "@preview/x:1.0.0"'


def test_what_people_write_is_never_run() -> None:
    assert render_pdf(TEMPLATE, {"text": NASTY}).startswith(b"%PDF")
    (page,) = render_png(TEMPLATE, {"text": NASTY})
    (plain,) = render_png(TEMPLATE, {"text": "x"})
    assert page.startswith(b"\x89PNG")
    assert len(page) > len(plain)


def test_a_document_tells_nothing_of_when_it_was_made() -> None:
    assert b"CreationDate" not in render_pdf(TEMPLATE, {"text": "x"})


def test_letters_that_typst_brings_can_always_be_printed() -> None:
    assert unprintable(["Łódź", {"name": "Київ"}, "Αθήνα", "חיפה", "1 – 2 € 👋"]) == []


@pytest.mark.parametrize(
    ("text", "families", "missing"),
    [
        ("北京", ["Libertinus Serif"], ["CJK"]),
        ("北京", ["Noto Sans S Chinese"], []),
        ("بيروت", ["Libertinus Serif"], ["ARABIC"]),
        ("بيروت", ["Noto Sans Arabic"], []),
        ("दिल्ली", ["Noto Sans"], ["DEVANAGARI"]),
        ("दिल्ली", ["Noto Sans Devanagari"], []),
    ],
)
def test_a_script_without_a_font_is_told(
    monkeypatch: pytest.MonkeyPatch, text: str, families: list[str], missing: list[str]
) -> None:
    class Fonts:
        def families(self) -> list[str]:
            return families

    monkeypatch.setattr(documents, "_fonts", Fonts)
    documents._can_print.cache_clear()
    try:
        assert unprintable({"deep": [{"text": text}]}) == missing
    finally:
        documents._can_print.cache_clear()
