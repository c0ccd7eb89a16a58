"""Importing twinnings: every good line is taken, every bad one named, and nothing known is lost."""

import datetime as dt

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from twincitylab.atlas.models import Source, Twinning
from twincitylab.atlas.operations import FileProblem, ImportReport, import_twinnings
from twincitylab.atlas.queries import AtlasMissing, city_by_slug, twinnings_fingerprint, twinnings_of
from twincitylab.atlas.signals import twinnings_changed
from twincitylab.atlas.tests.sample import NOW
from twincitylab.base.models import AuditEntry

HEADER = "geonameid_a,geonameid_b,name_a,country_a,name_b,country_b,confidence,multilateral,source"
BERLIN, KARLSRUHE, MUNICH, LAGOS, LIMA = 2950159, 2892794, 2867714, 2332459, 3936456
TOWN_OF_700 = 2803664


@pytest.fixture
def bare(sample_atlas: None) -> None:
    Twinning.objects.all().delete()


def take(*lines: str, licence: str = "", now: dt.datetime = NOW) -> ImportReport:
    return take_bytes("\n".join(lines).encode(), licence=licence, now=now)


def take_bytes(content: bytes, *, licence: str = "", now: dt.datetime = NOW) -> ImportReport:
    return import_twinnings(content, file_name="mine.csv", licence=licence, now=now, by="tester")


def complaints(report: ImportReport) -> list[str]:
    return [str(line) for line in report.refused]


@pytest.mark.usefixtures("bare")
def test_import_takes_the_columns_of_the_shared_file() -> None:
    report = take(
        HEADER,
        f"{MUNICH},{BERLIN},Munich,DE,Berlin,DE,high,0,enwiki-lists",
        f"{KARLSRUHE},{LAGOS},Karlsruhe,DE,Lagos,NG,low,1,enwiki-lists",
        licence="CC BY-SA 4.0",
    )
    row = Twinning.objects.get()
    assert (report.added, report.memberships, report.refused) == (1, 1, ())
    assert (row.a_id, row.b_id, row.kind, row.status, row.since) == (
        MUNICH,
        BERLIN,
        "partnership",
        "unknown",
        None,
    )
    assert (row.source.title, row.source.licence) == ("enwiki-lists", "CC BY-SA 4.0")


@pytest.mark.usefixtures("bare")
def test_import_takes_every_optional_fact() -> None:
    columns = "geonameid_b;geonameid_a;kind;status;since;until;reason"
    take(columns, f"{MUNICH};{BERLIN};Friendship;ended;1955.0;1990;a choir; ".strip("; "))
    row = Twinning.objects.get()
    assert (row.a_id, row.b_id, row.kind, row.status) == (MUNICH, BERLIN, "friendship", "ended")
    assert (row.since, row.until, row.reason, row.source.title) == (1955, 1990, "a choir", "mine.csv")


@pytest.mark.usefixtures("bare")
def test_import_names_every_bad_line_and_takes_the_rest() -> None:
    report = take(
        "geonameid_a,geonameid_b,kind,status,since,until,reason",
        f"{BERLIN},{BERLIN}",
        f"{BERLIN},99",
        f",{BERLIN}",
        f"{BERLIN},Munich",
        f"{BERLIN},99999999999999999999999",
        f"{BERLIN},-5",
        f"{BERLIN},{MUNICH},love",
        f"{BERLIN},{MUNICH},,alive",
        f"{BERLIN},{MUNICH},,,19",
        f"{BERLIN},{MUNICH},,,2027",
        f"{BERLIN},{MUNICH},,,1990,1980",
        f"{BERLIN},{MUNICH},,,1e3",
        f"{BERLIN},{MUNICH},,,,,{'x' * 501}",
        f"{BERLIN},{MUNICH},,,,,,,more",
        "",
        f"{BERLIN},{MUNICH}",
        f"{MUNICH},{BERLIN}",
    )
    assert (report.added, Twinning.objects.count()) == (1, 1)
    assert complaints(report) == [
        "line 2: a city cannot be twinned with itself (2950159)",
        "line 3: city 99 is unknown",
        "line 4: geonameid_a is empty",
        "line 5: geonameid_b “Munich” is not a GeoNames id (a whole number such as 2892794)",
        "line 6: geonameid_b “99999999999999999999999” is not a GeoNames id (a whole number such as 2892794)",
        "line 7: geonameid_b “-5” is not a GeoNames id (a whole number such as 2892794)",
        "line 8: kind “love” is unknown; use one of partnership, friendship, contact",
        "line 9: status “alive” is unknown; use one of active, sleeping, paused, ended, unknown",
        "line 10: since “19” is not a year between 800 and 2100",
        "line 11: since 2027 lies in the future",
        "line 12: until 1980 lies before since 1990",
        "line 13: since “1e3” is not a year between 800 and 2100",
        "line 14: reason is longer than 500 letters",
        "line 15: it has 9 columns, the first line names 7",
        "line 18: the same twinning as in line 17",
    ]


@pytest.mark.usefixtures("bare")
def test_import_survives_broken_bytes_and_quotes() -> None:
    lines = [
        b"geonameid_a,geonameid_b,reason",
        b"%d,%d,M\xfcnchen" % (BERLIN, LAGOS),
        b"%d,%d,a\x00b" % (BERLIN, LIMA),
        b'%d,%d,"never closed' % (KARLSRUHE, LAGOS),
        b'%d,%d,"two\nlines"' % (BERLIN, MUNICH),
    ]
    report = take_bytes(b"\r\n".join(lines))
    assert complaints(report) == [
        "line 2: it is not UTF-8 text and looks like Latin-1; save the file as UTF-8",
        "line 3: it holds a zero byte, which no text has",
        "line 4: a quotation mark is opened and not closed",
    ]
    assert Twinning.objects.get().reason == "two\nlines"


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_import_reads_what_spreadsheets_write(encoding: str) -> None:
    text = f"geonameid_a\tgeonameid_b\treason\r\n{BERLIN}\t{MUNICH}\tKöln\r\n"
    assert take_bytes(text.encode(encoding)).added == 1
    assert Twinning.objects.get().reason == "Köln"


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty"),
        (b" \n\n", "The file is empty"),
        (b"a,b\n1,2", "the columns geonameid_a, geonameid_b are missing"),
        (b"geonameid_a,b\n1,2", "the columns geonameid_b are missing"),
        (b"geonameid_a,geonameid_b,geonameid_a\n", "the column geonameid_a stands there twice"),
        ("geonameid_a,geonameid_b".encode("utf-16-le"), "The file looks like UTF-16; save it as UTF-8."),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "the columns geonameid_a, geonameid_b are missing"),
    ],
)
def test_import_refuses_a_file_without_a_header(content: bytes, message: str) -> None:
    with pytest.raises(FileProblem, match=message):
        take_bytes(content)


@pytest.mark.usefixtures("bare")
def test_import_again_changes_nothing() -> None:
    lines = (
        "geonameid_a,geonameid_b,since,source",
        f"{BERLIN},{MUNICH},1988,list",
        f"{BERLIN},{LAGOS},,list",
    )
    take(*lines)
    before, sources = (
        list(Twinning.objects.order_by("id").values()),
        list(Source.objects.order_by("key").values()),
    )
    report = take(*lines, now=NOW + dt.timedelta(days=1))
    assert (report.added, report.updated, report.unchanged) == (0, 0, 2)
    assert list(Twinning.objects.order_by("id").values()) == before
    assert list(Source.objects.order_by("key").values()) == sources


@pytest.mark.usefixtures("bare")
def test_import_updates_facts_and_keeps_what_it_does_not_mention() -> None:
    take("geonameid_a,geonameid_b,since,status,reason", f"{BERLIN},{MUNICH},1988,active,music")
    report = take("geonameid_a,geonameid_b,since,status,reason", f"{BERLIN},{MUNICH},,ended,")
    row = Twinning.objects.get()
    assert (report.updated, row.since, row.status, row.reason) == (1, 1988, "ended", "music")


@pytest.mark.usefixtures("bare")
def test_import_refuses_what_contradicts_a_known_year() -> None:
    take("geonameid_a,geonameid_b,since", f"{BERLIN},{MUNICH},1988")
    report = take("geonameid_a,geonameid_b,until", f"{BERLIN},{MUNICH},1970")
    assert complaints(report) == ["line 2: it contradicts what is known: since 1988, until 1970"]


@pytest.mark.usefixtures("bare")
def test_import_says_which_level_knows_a_small_town() -> None:
    report = take("geonameid_a,geonameid_b", f"{BERLIN},99", f"{BERLIN},{TOWN_OF_700}")
    assert complaints(report) == [
        "line 2: city 99 is unknown",
        f"line 3: city {TOWN_OF_700} is not in this atlas; `twincitylab setup --level 500` would add it",
    ]
    assert report.levels == {500: 1}


@pytest.mark.usefixtures("bare")
def test_import_is_noted_and_announced(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    heard: list[str] = []

    def listen(sender: str, **_kwargs: object) -> None:
        heard.append(sender)

    twinnings_changed.connect(listen)
    before = twinnings_fingerprint()
    try:
        for _turn in range(2):
            with django_capture_on_commit_callbacks(execute=True):
                take("geonameid_a,geonameid_b", f"{BERLIN},{MUNICH}")
    finally:
        twinnings_changed.disconnect(listen)
    assert (heard, twinnings_fingerprint() == before) == (["atlas"], False)
    assert [
        row.detail["added"] for row in AuditEntry.objects.filter(action="import twinnings").order_by("id")
    ] == [1, 0]


@pytest.mark.django_db
def test_import_without_an_atlas_says_what_to_do() -> None:
    with pytest.raises(AtlasMissing, match="twincitylab setup"):
        take("geonameid_a,geonameid_b", f"{BERLIN},{MUNICH}")


@pytest.mark.usefixtures("bare")
def test_import_leaves_facts_it_does_not_tell_with_their_earlier_source() -> None:
    take("geonameid_a,geonameid_b,since,reason,source", f"{BERLIN},{MUNICH},1988,music,first")
    take("geonameid_a,geonameid_b,since,status,source", f"{BERLIN},{MUNICH},1989,active,second")
    (seen,) = twinnings_of(city_by_slug("berlin-de"))
    assert (seen.source.title, [source.title for source in seen.earlier_sources]) == ("second", ["first"])
    take("geonameid_a,geonameid_b,reason,source", f"{BERLIN},{MUNICH},choirs,third")
    (seen,) = twinnings_of(city_by_slug("berlin-de"))
    assert (seen.source.title, [source.title for source in seen.earlier_sources]) == ("third", ["second"])


@pytest.mark.usefixtures("bare")
def test_import_forgets_sources_that_tell_of_nothing_any_more() -> None:
    take("geonameid_a,geonameid_b,since,source", f"{BERLIN},{MUNICH},1988,first")
    take("geonameid_a,geonameid_b,since,source", f"{BERLIN},{MUNICH},1989,second")
    titles = Source.objects.filter(kind="twinnings").values_list("title", flat=True)
    assert list(titles) == ["second"]
    assert Source.objects.filter(kind="places").count() == 3


def test_pages_of_others_are_not_under_the_licence_of_the_collection(sample_atlas: None) -> None:
    licences = {source.key: source.licence for source in Source.objects.filter(kind="twinnings")}
    ours = licences.pop("well-known-twinnings", "Apache-2.0")
    assert ours == "Apache-2.0"
    assert set(licences.values()) == {"facts, no licence claimed; collected under Apache-2.0"}
