"""Files, the calendar and the export: whole or not at all, for every side the same, and no secret kept."""

import datetime as dt
import io
import json
import logging
import os
import uuid
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from icalendar import Calendar
from PIL import Image
from pytest_django import DjangoCaptureOnCommitCallbacks

from twincitylab.base.logs import KeepSecrets
from twincitylab.base.models import AuditEntry
from twincitylab.community.models import Membership
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.tests.world import NOW, sign_in
from twincitylab.partnerships.models import CalendarKey, Partnership, SharedFile
from twincitylab.partnerships.operations import files as keeping
from twincitylab.partnerships.operations.activities import record_activity
from twincitylab.partnerships.operations.files import delete_file, share_file
from twincitylab.partnerships.operations.talking import start_thread
from twincitylab.partnerships.queries.papers import path_of
from twincitylab.partnerships.rules import files as rules
from twincitylab.partnerships.rules.contributions import ActivityFacts, Gift
from twincitylab.partnerships.rules.files import JPEG, LARGEST_FILE, drawn_anew, kind_of
from twincitylab.partnerships.tests.pair import Pair, make_pair, partnered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("atlas")]


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def pair() -> Pair:
    return make_pair()


@pytest.fixture
def partnership(pair: Pair) -> Partnership:
    return partnered(pair)


def share(
    pair: Pair, partnership: Partnership, content: bytes, name: str = "a.txt", **more: Any
) -> SharedFile:
    return share_file(
        **{
            "partnership": partnership,
            "side": partnership.sides.get(number=0),
            "content": content,
            "name": name,
            "about": "",
            "form_key": uuid.uuid4(),
            "by": pair.ada,
            "now": NOW,
            **more,
        }
    )


def upload(client: Client, partnership: Partnership, content: bytes, name: str, **more: str) -> Any:
    form = {"about": "Our minutes", "form_key": str(uuid.uuid4()), **more}
    form_file = SimpleUploadedFile(name, content)
    return client.post(f"/partnerships/{partnership.slug}/papers/files/new/", {**form, "file": form_file})


def picture(kind: str = "JPEG", **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "teal").save(out, format=kind, **more)
    return out.getvalue()


def with_place() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Camera of Ada"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (49.0, 0.0, 24.0)
    return picture(exif=exif, comment=b"secret words")


def office(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


WORD = {"[Content_Types].xml": "", "word/document.xml": ""}
ODT = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": ""}


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (b"%PDF-1.7 x", "pdf"), (picture("PNG"), "png"), (picture(), "jpg"), (picture("WEBP"), "webp"),
        (office(WORD), "docx"), (office(ODT), "odt"), ("Grüße\n".encode(), "txt"),
        ("Grüße".encode("cp1252"), "txt"),
        (office({"[Content_Types].xml": "", "xl/workbook.xml": ""}), "xlsx"),
        (b"MZ\x90\x00\x03", None), (b"\x00\x01", None), (office({"a.txt": "x"}), None),
        (b"PK\x03\x04 broken", None),
        (office({**WORD, "word/vbaProject.bin": ""}), None), (office({**ODT, "Basic/x.xml": ""}), None),
        (b"GIF89a\x01\x00", None), (office({**ODT, "mimetype": "application/x-evil"}), None),
    ],
)  # fmt: skip
def test_what_a_file_is_stands_in_its_bytes(content: bytes, ending: str | None) -> None:
    kind = kind_of(content, name="invoice.pdf")
    assert (kind.ending if kind else None) == ending


def test_pictures_lose_place_camera_and_words(pair: Pair, partnership: Partnership) -> None:
    taken = with_place()
    assert b"Camera of Ada" in taken
    file = share(pair, partnership, taken, "holiday.jpeg")
    kept = path_of(partnership.pk, file.key).read_bytes()
    assert (file.name, file.media_type) == ("holiday.jpg", "image/jpeg")
    assert b"Camera of Ada" not in kept
    assert b"secret words" not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert not image.getexif()
        assert image.size == (40, 20)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_see_through_pictures_stay_so(pair: Pair, partnership: Partnership, kind: str) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(out, format=kind)
    file = share(pair, partnership, out.getvalue(), f"seal.{kind.lower()}")
    with Image.open(path_of(partnership.pk, file.key)) as image:
        assert image.convert("RGBA").getpixel((0, 0))[3] == 0  # type: ignore[index]


def test_pictures_that_unpack_to_too_much_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_PIXELS", 100)
    with pytest.raises(Refused, match="too many points"):
        drawn_anew(picture(), kind=JPEG)


def test_damaged_pictures_are_refused() -> None:
    for content in (picture()[:-300], b"\xff\xd8\xff" + b"x" * 99):
        with pytest.raises(Refused, match="damaged"):
            drawn_anew(content, kind=JPEG)


def test_upload_and_download(pair: Pair, partnership: Partnership, client: Client) -> None:
    assert upload(sign_in(client, pair.mo), partnership, b"<html><script>", "x.txt").status_code == 302
    file = SharedFile.objects.get()
    assert (file.name, file.about) == ("x.txt", "Our minutes")
    address = f"/partnerships/{partnership.slug}/papers/files/{file.key}/"
    answer = sign_in(client, pair.ada).get(address, headers={"Accept-Encoding": "gzip", "Range": "bytes=0-1"})
    assert b"".join(answer) == b"<html><script>"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="x.txt"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    head = client.head(address)
    assert head.headers["Content-Disposition"] == answer.headers["Content-Disposition"]
    assert head.headers["Content-Length"] == "14"
    assert sign_in(client, pair.zoe).get(address).status_code == 404
    path_of(partnership.pk, file.key).unlink()
    assert sign_in(client, pair.ada).get(address).status_code == 404


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"x" * (LARGEST_FILE + 1), "There is room for 10 MB"),
        (b"MZ\x90\x00", "This kind of file is not taken"),
        (b"", "This file is empty"),
    ],
)
def test_what_is_not_taken_says_so_and_keeps_the_text(
    pair: Pair, partnership: Partnership, client: Client, content: bytes, told: str
) -> None:
    answer = upload(sign_in(client, pair.ada), partnership, content, "a.pdf")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told.lower() in page.lower()
    assert "Our minutes" in page
    assert not SharedFile.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"MZ plain words", "a.exe", "kind of file is not taken"),
        (b"<svg><script>alert(1)</script></svg>", "b.svg", "kind of file is not taken"),
        (b"<p>Hello</p>", "c.HTML ", "kind of file is not taken"),
        (b"words", "d.html\u200b", "kind of file is not taken"),
        (picture("PNG"), "e.svg", "kind of file is not taken"),
        (b"no picture", "f.png", "not what its name says"),
        (picture(), "g.png", "not what its name says"),
        (b"<html>", "h.pdf", "not what its name says"),
        (b"%PDF-1.7 x", "i.txt", "not what its name says"),
        (office(ODT), "j.docx", "not what its name says"),
    ],
)
def test_a_name_that_does_not_fit_is_refused_and_the_text_stays(
    pair: Pair, partnership: Partnership, client: Client, content: bytes, name: str, told: str
) -> None:
    answer = upload(sign_in(client, pair.ada), partnership, content, name)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert "Taken are PDF, PNG, JPEG" in page
    assert "Our minutes" in page
    assert not SharedFile.objects.exists()


@pytest.mark.parametrize(
    "declared", ["text/html; charset=utf-8", "image/svg+xml", "application/x-msdownload"]
)
def test_what_is_declared_as_something_else_is_refused(declared: str) -> None:
    with pytest.raises(Refused):
        rules.fitting_file(b"words", name="a.txt", declared=declared)


@pytest.mark.parametrize(
    ("content", "name", "declared"),
    [
        (b"words", "README", ""), (b"words", "Plan of 3. May", "application/octet-stream"),
        (b"a;b", "list.CSV", "application/vnd.ms-excel"), (picture(), "x.JPEG", "image/jpeg"),
        (office(WORD), "Brief 1.2.docx", rules.DOCX.media_type), (b"%PDF-1.7", "draft 1.2", ""),
    ],
)  # fmt: skip
def test_names_that_say_the_same_or_nothing_are_taken(content: bytes, name: str, declared: str) -> None:
    assert rules.fitting_file(content, name=name, declared=declared)


def test_upload_needs_the_forms_own_secret(pair: Pair, partnership: Partnership) -> None:
    client = sign_in(Client(enforce_csrf_checks=True), pair.ada)
    assert upload(client, partnership, b"words", "a.txt").status_code == 403


def test_a_full_disk_leaves_nothing_half_written(
    pair: Pair, partnership: Partnership, client: Client, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    answer = upload(sign_in(client, pair.ada), partnership, b"words", "a.txt")
    assert answer.status_code == 422
    assert "no room at the moment" in answer.content.decode()
    assert "Our minutes" in answer.content.decode()
    assert [path for path in home.rglob("*") if path.is_file()] == []


def test_the_room_of_a_partnership_ends(
    pair: Pair, partnership: Partnership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST_BYTES", 10)
    share(pair, partnership, b"12345678")
    with pytest.raises(Refused, match="used up"):
        share(pair, partnership, b"12345678")


def test_the_same_form_is_one_file(pair: Pair, partnership: Partnership, home: Path) -> None:
    key = uuid.uuid4()
    one = share(pair, partnership, b"words", form_key=key)
    assert share(pair, partnership, b"words", form_key=key) == one
    assert len([path for path in home.rglob("*") if path.is_file()]) == 1


def test_only_the_side_that_shared_it_takes_it_out(
    pair: Pair,
    partnership: Partnership,
    home: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    file = share(pair, partnership, b"words")
    with pytest.raises(Refused, match="Only the side"):
        delete_file(file=file, side=partnership.sides.get(number=1), by=pair.bo, now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        delete_file(file=file, side=partnership.sides.get(number=0), by=pair.al, now=NOW)
    assert not [path for path in home.rglob("*") if path.is_file()]
    assert AuditEntry.objects.filter(action="delete file").exists()


def record(pair: Pair, partnership: Partnership, **more: Any) -> Any:
    a, b = partnership.sides.order_by("number")
    return record_activity(
        partnership=partnership,
        side=a,
        facts=ActivityFacts(
            **{
                "kind": "meeting",
                "state": "held",
                "title": "=First; meeting, ünï",
                "starts_at": NOW - dt.timedelta(days=1),
                "gifts": {a.pk: Gift(people=3), b.pk: Gift()},
                "carriers": frozenset({pair.ada.pk}),
                **more,
            }
        ),
        form_key=uuid.uuid4(),
        by=pair.ada,
        now=NOW,
    )


def test_calendar_opens_with_its_secret_and_only_as_long_as_it_may(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    now = dt.datetime.now(dt.UTC)
    record(pair, partnership, state="planned", starts_at=now + dt.timedelta(days=3))
    page = sign_in(client, pair.mo).post(f"/partnerships/{partnership.slug}/calendar/", {"step": "make"})
    path = urlsplit(page.context["address"]).path
    secret = path.strip("/").rpartition("/")[2]
    assert secret not in client.get(f"/partnerships/{partnership.slug}/calendar/").content.decode()
    assert secret not in str(list(CalendarKey.objects.values()))
    assert secret not in str(list(AuditEntry.objects.values()))
    anybody = Client()
    feed = anybody.get(path)
    (event,) = Calendar.from_ical(feed.content).walk("VEVENT")
    assert str(event["summary"]).startswith("=First; meeting, ünï")
    assert event["dtstart"].dt.utcoffset() == dt.timedelta(0)
    assert abs(event["dtstart"].dt - (now + dt.timedelta(days=3))) < dt.timedelta(seconds=1)
    Membership.objects.filter(person=pair.mo).delete()
    assert anybody.get(path).status_code == 404
    assert anybody.get("/calendars/nonsense/").status_code == 404


def test_a_calendars_address_ends_when_it_is_revoked_or_made_anew(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    settings_page = f"/partnerships/{partnership.slug}/calendar/"
    sign_in(client, pair.ada)
    paths = [
        "/calendars/"
        + client.post(settings_page, {"step": "make"}).context["address"].rpartition("/calendars/")[2]
        for _turn in range(2)
    ]
    assert [Client().get(path).status_code for path in paths] == [404, 200]
    client.post(settings_page, {"step": "revoke"})
    assert Client().get(paths[1]).status_code == 404


def test_no_log_keeps_the_secret_of_a_calendar() -> None:
    line = logging.LogRecord("gunicorn.access", 20, "", 1, "GET %s", ("/calendars/S3cret-_x/",), None)
    KeepSecrets().filter(line)
    assert "S3cret" not in line.getMessage()


def test_one_activity_as_a_calendar_entry(pair: Pair, partnership: Partnership, client: Client) -> None:
    activity = record(pair, partnership)
    address = f"/partnerships/{partnership.slug}/activities/{activity.pk}/calendar/"
    answer = sign_in(client, pair.bo).get(address)
    assert len(Calendar.from_ical(answer.content).walk("VEVENT")) == 1
    assert sign_in(client, pair.zoe).get(address).status_code == 404


def exported(client: Client, partnership: Partnership) -> bytes:
    answer = client.get(f"/partnerships/{partnership.slug}/export/")
    return b"".join(answer)


def test_every_side_takes_the_same_along(pair: Pair, partnership: Partnership, client: Client) -> None:
    record(pair, partnership)
    file = share(pair, partnership, b"words", "notes.txt")
    start_thread(
        partnership=partnership,
        side=partnership.sides.get(number=1),
        title="Trees",
        text="Hello",
        language="en",
        form_key=uuid.uuid4(),
        by=pair.bo,
        now=NOW,
    )
    ours = exported(sign_in(client, pair.ada), partnership)
    theirs = exported(sign_in(client, pair.mo), partnership)
    assert ours == theirs
    with zipfile.ZipFile(io.BytesIO(ours)) as archive:
        assert archive.testzip() is None
        told = json.loads(archive.read("partnership.json"))
        table = archive.read("activities.csv").decode()
        assert archive.read(f"files/{file.pk}-notes.txt") == b"words"
    assert told["activities"][0]["contributions"][0]["people"] == 3
    assert told["activities"][0]["carried_by"][0]["person"] == "Ada"
    assert told["messages"][0]["text"] == "Hello"
    assert "'=First" in table
    assert pair.ada.email not in json.dumps(told)


def test_of_a_side_in_safety_mode_nobody_is_named(client: Client) -> None:
    pair = make_pair(a={"pseudonym": "Lanterns", "hides_city": True})
    partnership = partnered(pair)
    activity = record(pair, partnership)
    sign_in(client, pair.bo)
    with zipfile.ZipFile(io.BytesIO(exported(client, partnership))) as archive:
        told = archive.read("partnership.json").decode()
    page = client.get(f"/partnerships/{partnership.slug}/activities/{activity.pk}/").content.decode()
    assert "Lanterns" in told
    for text in (told, page):
        assert "Repair Café" not in text
        assert "Ada" not in text
        assert "Karlsruhe" not in text


def test_a_file_that_is_missing_does_not_stop_the_export(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    file = share(pair, partnership, b"words")
    path_of(partnership.pk, file.key).unlink()
    with zipfile.ZipFile(io.BytesIO(exported(sign_in(client, pair.ada), partnership))) as archive:
        assert f"files/{file.pk}-missing.txt" in archive.namelist()
