"""Before a round closes nothing anybody reads depends on answers, and never on a person's."""

import datetime as dt
import difflib
import io
import json
import logging
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from twincitylab.api.tests.calling import token_of
from twincitylab.base.models import AuditEntry
from twincitylab.community.models import Notice, Person
from twincitylab.community.operations.export import export_chunks
from twincitylab.community.operations.notices import send_digests
from twincitylab.community.tests.world import sign_in
from twincitylab.partnerships.engine.checks import result_of
from twincitylab.partnerships.models import CheckSheet, EyeLevelCheck, Partnership, Side
from twincitylab.partnerships.operations.checking import (
    answer_check,
    ask_to_close,
    close_due,
    look_after_checks,
    open_check,
)
from twincitylab.partnerships.queries.export import export_of
from twincitylab.partnerships.queries.workspaces import workspace
from twincitylab.partnerships.rules.questions import QUESTION_COUNT
from twincitylab.partnerships.tests.checked import BOTH, US, make_sides, people_of
from twincitylab.partnerships.tests.pair import Pair, make_pair
from twincitylab.partnerships.urls import urlpatterns

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("atlas")]

ODD = [2, -1, None, 1, -2] * (QUESTION_COUNT // 5)
"""Answers that would be found again wherever they stood."""
API_ROOT = "/api/v1/"
CHANGES_EACH_TIME = re.compile(
    rb'(name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|name="form_key" value="[^"]*"'
    rb'|name="form_key"[^>]*value="[^"]*")'
)


@pytest.fixture
def pair() -> Pair:
    return make_pair()


@pytest.fixture
def sides(pair: Pair) -> tuple[Partnership, Side, Side]:
    return make_sides(pair)


@pytest.fixture
def check(pair: Pair, sides: tuple[Partnership, Side, Side]) -> EyeLevelCheck:
    return open_check(partnership=sides[0], side=sides[1], by=pair.ada, now=timezone.now())


def pages_of(partnership: Partnership) -> Iterator[str]:
    """Every address of the partnership that needs nothing but its slug, its rounds, and the person's own."""
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        names = set(pattern.pattern.converters)
        if names == {"slug"} and str(pattern.pattern).startswith("partnerships/<slug:slug>"):
            yield reverse(f"partnerships:{pattern.name}", args=[partnership.slug])
    for number in (1, 2):
        yield reverse("partnerships:check-result", args=[partnership.slug, number])
        for form in ("csv", "json"):
            yield reverse("partnerships:check-export", args=[partnership.slug, number, form])
    yield from ("/partnerships/", "/inbox/", "/me/", "/introductions/")
    yield from (API_ROOT + path for path in ("inbox", "me", "introductions", "communities"))


@dataclass(frozen=True)
class Reader:
    """Somebody in one browser and with one program: else the own page tells of another."""

    client: Client
    bearer: dict[str, str]


def reader_of(person: Person) -> Reader:
    return Reader(sign_in(Client(), person), {"Authorization": f"Bearer {token_of(person)}"})


def bytes_of(reader: Reader, partnership: Partnership) -> dict[str, tuple[int, bytes]]:
    """What every page says to somebody, but for what is drawn by lot each time."""
    found = {}
    for address in pages_of(partnership):
        answer = reader.client.get(address, headers=reader.bearer if address.startswith("/api/") else {})
        found[address] = (answer.status_code, CHANGES_EACH_TIME.sub(b"", answer.getvalue()))
    return found


def differences(before: dict[str, tuple[int, bytes]], after: dict[str, tuple[int, bytes]]) -> list[str]:
    """What is not the same, line by line, to be read when it fails."""
    return [
        f"{address}: {line}"
        for address in before
        if before[address] != after[address]
        for line in difflib.unified_diff(
            before[address][1].decode(errors="replace").splitlines(),
            after[address][1].decode(errors="replace").splitlines(),
            lineterm="",
            n=0,
        )
    ]


@pytest.fixture
def _still(time_machine: object) -> None:
    """The clock stands still, so that pages differ by nothing else."""
    time_machine.move_to(dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC), tick=False)  # type: ignore[attr-defined]


@pytest.mark.usefixtures("_still")
def test_every_page_is_the_same_whatever_the_other_side_has_done(
    pair: Pair, sides: tuple[Partnership, Side, Side]
) -> None:
    partnership, a, b = sides
    now = timezone.now()
    check = open_check(partnership=partnership, side=a, by=pair.ada, now=now)
    answer_check(check=check, side=a, answers=US, by=pair.al, now=now)
    readers = (reader_of(pair.ada), reader_of(pair.al))
    for reader in readers:
        bytes_of(reader, partnership)  # what marks itself read is read
    before = [bytes_of(reader, partnership) for reader in readers]
    assert before[0][reverse("partnerships:check", args=[partnership.slug])][0] == 200
    assert before[0][reverse("partnerships:check-result", args=[partnership.slug, 1])][0] == 404
    assert before[0][f"{API_ROOT}inbox"][0] == 200
    for person in people_of(b):
        answer_check(check=check, side=b, answers=ODD, by=person, now=now)
        for reader, pages in zip(readers, before, strict=True):
            assert differences(pages, bytes_of(reader, partnership)) == []
    ask_to_close(check=check, side=b, by=pair.bo, now=now)
    for reader, pages in zip(readers, before, strict=True):
        assert differences(pages, bytes_of(reader, partnership)) == []


@pytest.mark.usefixtures("_still")
def test_not_even_the_own_side_learns_who_or_how_many_have_answered(
    pair: Pair, sides: tuple[Partnership, Side, Side]
) -> None:
    partnership, a, _b = sides
    now = timezone.now()
    check = open_check(partnership=partnership, side=a, by=pair.ada, now=now)
    reader = reader_of(pair.ada)
    bytes_of(reader, partnership)
    before = bytes_of(reader, partnership)
    for person in people_of(a):
        if person != pair.ada:
            answer_check(check=check, side=a, answers=ODD, by=person, now=now)
    assert differences(before, bytes_of(reader, partnership)) == []
    answer_check(check=check, side=a, answers=ODD, by=pair.ada, now=now)
    assert "You have answered" in "".join(differences(before, bytes_of(reader, partnership)))


def test_sending_is_answered_alike_with_and_without_enough_on_the_other_side(
    pair: Pair, sides: tuple[Partnership, Side, Side], check: EyeLevelCheck
) -> None:
    partnership, _a, b = sides
    now = timezone.now()
    form = {f"q{number}": "none" for number in range(1, 21)} | {"round": "1", "step": "send"}
    address = reverse("partnerships:check-answer", args=[partnership.slug])
    first = sign_in(Client(), pair.ada).post(address, form)
    for person in people_of(b):
        answer_check(check=check, side=b, answers=ODD, by=person, now=now)
    second = sign_in(Client(), pair.al).post(address, form)
    assert (first.status_code, first.headers["Location"], first.content) == (
        second.status_code,
        second.headers["Location"],
        second.content,
    )
    assert len(CheckSheet.objects.all()) == 6


def test_the_pages_of_an_open_round_read_no_sheet(
    pair: Pair, sides: tuple[Partnership, Side, Side], check: EyeLevelCheck
) -> None:
    client = sign_in(Client(), pair.ada)
    with CaptureQueriesContext(connection) as queries:
        for address in pages_of(sides[0]):
            client.get(address).getvalue()
    table = CheckSheet._meta.db_table
    assert len(queries) > 20
    assert not [query["sql"] for query in queries if table in query["sql"]]


def test_own_data_hold_that_one_has_answered_and_never_what(
    pair: Pair, sides: tuple[Partnership, Side, Side], check: EyeLevelCheck
) -> None:
    now = timezone.now()
    answer_check(check=check, side=sides[1], answers=ODD, by=pair.ada, now=now)
    answer_check(check=check, side=sides[2], answers=US, by=pair.bo, now=now)
    archive = zipfile.ZipFile(io.BytesIO(b"".join(export_chunks(by=pair.ada, now=now))))
    assert json.loads(archive.read("eye-level-checks.json")) == [{"partnership": sides[0].slug, "round": 1}]
    everything = b"".join(archive.read(name) for name in archive.namelist())
    sheet_keys = [str(sheet.pk).encode() for sheet in CheckSheet.objects.all()]
    assert not any(key in everything for key in sheet_keys)
    assert b"answers" not in everything
    close_due(sides[0], now=check.closes_at)
    archive = zipfile.ZipFile(io.BytesIO(b"".join(export_chunks(by=pair.ada, now=now))))
    assert json.loads(archive.read("eye-level-checks.json")) == []


def test_the_export_of_the_workspace_does_not_change_by_an_answer(
    pair: Pair, sides: tuple[Partnership, Side, Side], check: EyeLevelCheck
) -> None:
    found = workspace(sides[0].slug, person=pair.ada)
    assert found is not None
    before = b"".join(export_of(found))
    for person in people_of(sides[2]):
        answer_check(check=check, side=sides[2], answers=ODD, by=person, now=timezone.now())
    assert b"".join(export_of(found)) == before
    for person in people_of(sides[1]):
        answer_check(check=check, side=sides[1], answers=US, by=person, now=timezone.now())
    close_due(sides[0], now=check.closes_at)
    exports = []
    for person in (pair.ada, pair.mo):
        seen = workspace(sides[0].slug, person=person)
        assert seen is not None
        exports.append(b"".join(export_of(seen)))
    assert exports[0] == exports[1]
    records = json.loads(zipfile.ZipFile(io.BytesIO(exports[0])).read("partnership.json"))
    assert [(one["round"], one["sides"][0]["people"]) for one in records["eye_level_checks"]] == [(1, 4)]


def test_no_audit_row_notice_mail_or_log_holds_an_answer(
    pair: Pair,
    sides: tuple[Partnership, Side, Side],
    check: EyeLevelCheck,
    caplog: pytest.LogCaptureFixture,
) -> None:
    partnership, a, b = sides
    now = timezone.now()
    caplog.set_level(logging.DEBUG)
    client = sign_in(Client(), pair.ada)
    form = {f"q{number}": "none" for number in range(1, 21)} | {"q3": "-2", "round": "1", "step": "send"}
    answered = client.post(reverse("partnerships:check-answer", args=[partnership.slug]), form)
    assert "?" not in answered.headers["Location"]
    rows = AuditEntry.objects.count()
    for side in (a, b):
        for person in people_of(side):
            answer_check(check=check, side=side, answers=ODD, by=person, now=now)
    assert AuditEntry.objects.count() == rows
    look_after_checks(now=check.closes_at - dt.timedelta(days=1))
    look_after_checks(now=check.closes_at)
    Person.objects.update(digest="at-once")
    send_digests(now=check.closes_at)
    texts = [json.dumps(row.detail) + row.action + row.subject for row in AuditEntry.objects.all()]
    texts += [json.dumps(notice.words) + notice.address for notice in Notice.objects.all()]
    texts += [message.body for message in mail.outbox]  # type: ignore[misc]
    texts += [record.getMessage() for record in caplog.records if record.name.startswith("twincitylab")]
    written = json.dumps(ODD)[1:-1]
    assert not [text for text in texts if written in text or "q3" in text or "answers" in text.casefold()]


def test_the_result_tells_the_same_to_both_sides_and_of_no_person(
    pair: Pair, sides: tuple[Partnership, Side, Side], check: EyeLevelCheck
) -> None:
    partnership, a, b = sides
    for side, answers in ((a, ODD), (b, BOTH)):
        for person in people_of(side):
            answer_check(check=check, side=side, answers=answers, by=person, now=timezone.now())
    close_due(partnership, now=check.closes_at)
    for form in ("csv", "json"):
        address = reverse("partnerships:check-export", args=[partnership.slug, 1, form])
        ours, theirs = (sign_in(Client(), person).get(address).content for person in (pair.ada, pair.mo))
        assert ours == theirs
        names = [person.name.encode() for side in (a, b) for person in people_of(side)]
        assert not any(b" " + name in ours or name + b"," in ours for name in names)


@given(st.lists(st.lists(st.integers(-2, 2), min_size=20, max_size=20), min_size=6, max_size=6))
def test_the_order_of_what_to_talk_about_tells_no_more_than_what_is_kept(sheets: list[list[int]]) -> None:
    result = result_of([sheets[:3], sheets[3:]], sides=[1, 2], records={}, least=3, now=timezone.now())
    kept = {one["key"]: one["felt"] for one in result["dimensions"]}

    def urgency(key: str) -> tuple[float, ...]:
        low, high = kept[key]["gap_interval"]
        sure = max(low, -high, 0.0)
        return -sure, kept[key]["balance_interval"][1], -abs(kept[key]["gap"]), kept[key]["balance"]

    assert result["talk_first"] == sorted(kept, key=urgency)
