"""However a file is made, reading it takes work in proportion to its length."""

import csv
import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from twincitylab.community.rules.scouting_csv import LARGEST_FILE, LONGEST_RECORD, MOST_OPEN_MARKS, read

TODAY = dt.date(2026, 3, 2)
HEADING = "kind,name\r\n"


@pytest.mark.parametrize("line", [' ","', '","', '"x', '"a"b', ',,,"', '"\r\n"x'])
def test_marks_that_are_never_closed_take_no_more_work_than_lines(
    line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed = 0
    reader = csv.reader

    def counted(lines: Iterable[str], **how: Any) -> Any:
        def one_by_one() -> Iterator[str]:
            nonlocal parsed
            for one in lines:
                parsed += 1
                yield one

        return reader(one_by_one(), **how)

    monkeypatch.setattr("twincitylab.community.rules.scouting_csv.csv.reader", counted)
    text = HEADING + f"{line}\r\n" * ((LARGEST_FILE - 100) // (len(line) + 2))
    result = read(text.encode(), latest=TODAY)
    assert parsed <= text.count("\n") + (MOST_OPEN_MARKS + 1) * LONGEST_RECORD
    assert result.remarks or result.lines == ()


def test_what_stands_before_too_many_open_marks_is_taken_in() -> None:
    text = HEADING + "person,Ada\r\n" + ' ","\r\n' * 999
    result = read(text.encode(), latest=TODAY)
    assert [line.name for line in result.lines] == ["Ada"]
    assert "quotation marks" in result.remarks[-1].sentence


def test_a_few_open_marks_and_cells_of_several_lines_are_read() -> None:
    text = 'kind,name,note\r\nperson,Ada,"one\r\ntwo"\r\nperson,Bo "the\r\nperson,"Cem\r\nperson,Dee,ok\r\n'
    result = read(text.encode(), latest=TODAY)
    assert [(line.name, line.note) for line in result.lines] == [
        ("Ada", "one\ntwo"),
        ('Bo "the', ""),
        ("Cem", ""),
        ("Dee", "ok"),
    ]
