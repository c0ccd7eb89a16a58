"""The how-to page: its code runs from top to bottom and prints what the page says."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).parents[4] / "docs" / "how-to" / "measure-your-own-partnership.md"
FENCED = re.compile(r"^```(python|text)\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)


@pytest.mark.skipif(not PAGE.exists(), reason="the documentation is not part of an installed package")
def test_the_code_of_the_page_prints_what_the_page_says() -> None:
    names: dict[str, Any] = {}
    printed, expected = "", ""
    for kind, text in FENCED.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "text":
            expected += text
        else:
            printed += run(text, names)
    assert printed == expected


def run(code: str, names: dict[str, Any]) -> str:
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(code, str(PAGE), "exec"), names)  # noqa: S102 - our own page
    return output.getvalue()
