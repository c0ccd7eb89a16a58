"""The yearly report: figures that lead to records, in the languages of the sides, as page and PDF."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.utils import timezone

from twincitylab.community.models import Community, CommunityLanguage
from twincitylab.community.tests.world import sign_in
from twincitylab.partnerships.engine.report import Data, report_of
from twincitylab.partnerships.models import ActivitySide, AgreementVersion, EyeLevelCheck, Partnership
from twincitylab.partnerships.queries.report import report_languages, report_records
from twincitylab.partnerships.queries.workspaces import side_cards
from twincitylab.partnerships.tests.pair import Pair, make_pair, partnered
from twincitylab.partnerships.tests.records import add_activities
from twincitylab.partnerships.views.reports import PAPER

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("atlas")]

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
YEAR = 2025
NASTY = '#import "x"; $x^2$ *bold* <script>alert(1)</script> @ref `raw` #data \\ ]]'


@pytest.fixture
def pair() -> Pair:
    return make_pair()


@pytest.fixture
def partnership(pair: Pair) -> Partnership:
    return partnered(pair)


def days(*numbers: int, year: int = YEAR) -> list[dt.datetime]:
    first = dt.datetime(year, 1, 1, 10, tzinfo=dt.UTC)
    return [first + dt.timedelta(days=number) for number in numbers]


def made(partnership: Partnership, *languages: str, year: int = YEAR) -> Data:
    fresh = Partnership.objects.get(pk=partnership.pk)
    cards = side_cards(fresh)
    records = report_records(fresh, sides=cards, year=year, now=NOW)
    return report_of(records, languages=languages or ("en",), name="A – B", link=lambda one: f"/a/{one.pk}/")


def labels(found: Data) -> list[str]:
    return [ref["label"] for ref in found["refs"]]


def test_every_figure_names_its_records(partnership: Partnership) -> None:
    add_activities(partnership, days(1, 2, 3, 9), gifts={"people": 5, "hours": "2.5"}, goals=[11])
    add_activities(partnership, days(4), kind="ceremony")
    add_activities(partnership, days(1, year=2024), gifts={"people": 900})
    part = made(partnership)["parts"][0]
    counts = {row["label"]: (row["value"], labels(row)) for row in part["counts"]}
    assert counts == {
        "Activities": ("5", ["1–5"]),
        "Meeting": ("4", ["1–3", "5"]),
        "Ceremony": ("1", ["4"]),
    }
    people = part["gave"][0]["cells"][0]
    assert (people["value"], labels(people)) == ("20", ["1–3", "5"])
    assert people["note"] == "not said for 1 activity"
    assert [row["label"] for row in part["goals"]] == ["Goal 11: Cities that are good to live in"]
    numbers = [row["number"] for row in made(partnership)["records"]["rows"]]
    assert numbers == [1, 2, 3, 4, 5]


def test_what_nobody_said_is_never_nought_nor_level(partnership: Partnership) -> None:
    add_activities(partnership, days(1, 2, 3, 4))
    part = made(partnership)["parts"][0]
    assert {cell["value"] for row in part["gave"] for cell in row["cells"]} == {"not said"}
    assert {one["value"] for one in part["balance"]} == {"cannot be said"}
    empty = made(partnership, year=1999)["parts"][0]
    assert empty["none"]
    assert {one["value"] for one in empty["balance"]} == {"cannot be said"}


def test_balance_says_what_it_rests_on(partnership: Partnership) -> None:
    a, b = partnership.sides.order_by("number")
    many = add_activities(partnership, days(1, 2, 3, 4, 5))
    for number, one in enumerate(many):
        ActivitySide.objects.create(activity=one, side=a, hours=4 + number)
        if number:
            ActivitySide.objects.create(activity=one, side=b, hours=2 + number % 2)
    hours = made(partnership)["parts"][0]["balance"][1]
    assert hours["value"] == "cannot be said"
    assert labels(hours) == ["2–5"]
    assert "At least one side has not said how much it can give." in hours["words"]
    assert "Repair Café 26 · Fixers of Leeds 10" in hours["words"].translate({0x2068: None, 0x2069: None})
    assert "1 activity is left out" in hours["words"]
    partnership.sides.update(hours_a_month=10)
    hours = made(partnership)["parts"][0]["balance"][1]
    assert hours["value"].startswith("38% (between")
    assert "Measured by what each side can give." in hours["words"]


def test_from_too_few_or_all_alike_no_percentage_is_told(partnership: Partnership) -> None:
    partnership.sides.update(people=10, hours_a_month=10, money_a_year=100)
    add_activities(partnership, days(1, 2, 3), gifts={"people": 5, "hours": 2})
    few = made(partnership)["parts"][0]["balance"]
    assert [one["value"] for one in few] == ["cannot be said"] * 3
    assert "four records are the least" in few[0]["words"]
    add_activities(partnership, days(4, 5, 6), gifts={"people": 5, "hours": 2})
    alike = made(partnership)["parts"][0]["balance"]
    assert alike[0]["value"] == "cannot be said"
    assert "all records are alike" in alike[0]["words"]


def test_the_goals_of_the_agreement_in_force_stand_in_each_language(partnership: Partnership) -> None:
    side = partnership.sides.get(number=0)
    version = AgreementVersion.objects.create(
        partnership=partnership, number=2, side=side, made_at=days(1)[0], form_key=uuid.uuid4(),
        articles={"goals": {"de": "Zehn Bäume.", "es": "Diez árboles."}, "money": {"de": "Geld"}},
    )  # fmt: skip
    assert made(partnership)["parts"][0]["agreed"] is None
    Partnership.objects.update(agreement=version)
    parts = made(partnership, "es", "de", "en")["parts"]
    assert [one["agreed"]["text"] for one in parts] == ["Diez árboles.", "Zehn Bäume.", "Zehn Bäume."]
    assert parts[2]["agreed"]["standing"] == "Agreement · Version 2 of January 2, 2025 · in German"


def test_days_are_those_of_the_reader(partnership: Partnership) -> None:
    add_activities(partnership, [dt.datetime(YEAR, 4, 16, 23, 31, tzinfo=dt.UTC)])
    with timezone.override("Europe/Berlin"):
        found = made(partnership)
    assert found["records"]["rows"][0]["day"] == "2025-04-17"
    assert "time zone Europe/Berlin" in found["parts"][0]["records_about"]


def test_the_paper_keeps_a_space_before_the_numbers_of_the_records() -> None:
    paper = PAPER.read_text(encoding="utf-8")
    assert "super(" not in paper
    assert '[ #text(size: 7pt, fill: luma(60), dir: ltr, box("["' in paper


def test_it_is_in_the_main_languages_of_the_sides(pair: Pair, partnership: Partnership) -> None:
    Community.objects.filter(pk=pair.a.pk).update(about_language="de")
    Community.objects.filter(pk=pair.b.pk).update(about_language="sw")
    CommunityLanguage.objects.filter(community=pair.b).delete()
    CommunityLanguage.objects.create(community=pair.b, language="ar")
    languages = report_languages(side_cards(partnership))
    assert languages == ("de", "ar")
    parts = made(partnership, *languages)["parts"]
    assert [(one["language"], one["is_rtl"]) for one in parts] == [("de", False), ("ar", True)]


def test_the_check_is_told_only_as_it_was_frozen(partnership: Partnership) -> None:
    EyeLevelCheck.objects.create(
        partnership=partnership,
        number=1,
        state="closed",
        opened_at=days(1)[0],
        closes_at=days(20)[0],
        closed_at=days(20)[0],
        result={
            "dimensions": [
                {"key": "money", "felt": {"missing": None, "balance": 0.8, "balance_interval": [0.6, 1.0]}},
                {"key": "voice", "felt": {"missing": "too_few"}},
            ]
        },
    )
    rows = made(partnership)["parts"][0]["check"]["rows"]
    assert rows == [
        {"label": "Money", "value": "80% (between 60% and 100%)"},
        {"label": "Voice", "value": "too few answers"},
    ]
    assert made(partnership, year=2024)["parts"][0]["check"]["rows"] == []


def test_the_page_and_the_pdf_are_for_all_sides_and_nobody_else(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    words = {"title": NASTY[:100], "story": NASTY, "outcome": "سلام عليكم. Привет."}
    add_activities(partnership, days(1, 2), **words)
    partnership.sides.filter(number=1).update(left_at=timezone.now())
    root = f"/partnerships/{partnership.slug}/report/"
    for person in (pair.ada, pair.mo):
        sign_in(client, person)
        assert client.get(root).status_code == 200
        page = client.get(f"{root}{YEAR}/")
        assert "<script>alert" not in page.content.decode()
        assert 'href="#r1"' in page.content.decode()
        paper = client.get(f"{root}{YEAR}.pdf")
        assert paper.headers["Content-Type"] == "application/pdf"
        assert paper.content.startswith(b"%PDF")
    assert sign_in(client, pair.zoe).get(f"{root}{YEAR}.pdf").status_code == 404
    assert client.get(f"{root}{YEAR}/").status_code == 404


@pytest.mark.parametrize("year", ["0", "1899", "1999", "2099", "99999999999999999999"])
def test_there_is_no_report_of_a_year_that_cannot_be(
    pair: Pair, partnership: Partnership, client: Client, year: str
) -> None:
    answer = sign_in(client, pair.ada).get(f"/partnerships/{partnership.slug}/report/{year}/")
    assert answer.status_code == 404


def test_a_hidden_side_keeps_its_shown_name(pair: Pair, partnership: Partnership, client: Client) -> None:
    Community.objects.filter(pk=pair.b.pk).update(is_safe_mode=True, pseudonym="Lanterns")
    add_activities(partnership, days(1), form_key=uuid.uuid4())
    page = sign_in(client, pair.ada).get(f"/partnerships/{partnership.slug}/report/{YEAR}/").content.decode()
    assert "Lanterns" in page
    assert "Fixers of Leeds" not in page
