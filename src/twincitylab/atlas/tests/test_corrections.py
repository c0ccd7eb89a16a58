"""What the town halls tell about their twinning stands in the atlas, with what stood there before."""

from dataclasses import replace

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from twincitylab.atlas.models import Twinning, TwinningChange
from twincitylab.atlas.operations import TwinningFacts, WrongFact, correct_twinning, import_twinnings
from twincitylab.atlas.operations.well_known import load_well_known
from twincitylab.atlas.queries import city_by_slug, twinning_history
from twincitylab.atlas.signals import twinnings_changed
from twincitylab.atlas.tests.sample import NOW
from twincitylab.base.models import AuditEntry

BERLIN, MUNICH = 2950159, 2867714
TOLD = TwinningFacts(kind="friendship", status="active", since=1987, reason="Two choirs began it.")

pytestmark = pytest.mark.usefixtures("sample_atlas")


@pytest.fixture(autouse=True)
def bare(sample_atlas: None) -> None:
    Twinning.objects.all().delete()


def take(text: str) -> None:
    import_twinnings(
        f"geonameid_a,geonameid_b,kind,status,since,reason\n{text}".encode(),
        file_name="mine.csv",
        now=NOW,
        by="tester",
    )


def correct(facts: TwinningFacts) -> Twinning:
    return correct_twinning(first=BERLIN, second=MUNICH, facts=facts, by="person 1", now=NOW)


def test_what_stood_there_before_is_kept(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    take(f"{BERLIN},{MUNICH},partnership,ended,1986,A fair.")
    heard: list[str] = []
    twinnings_changed.connect(lambda **_more: heard.append("changed"), weak=False, dispatch_uid="here")
    with django_capture_on_commit_callbacks(execute=True):
        row = correct(TOLD)
    twinnings_changed.disconnect(dispatch_uid="here")
    change = TwinningChange.objects.get()
    assert (row.kind, row.status, row.since, row.source.title) == (
        "friendship",
        "active",
        1987,
        "The two town halls",
    )
    assert change.facts == ["kind", "status", "since", "reason"]
    assert (change.before["since"], change.before["source"], change.after["since"]) == (
        1986,
        "mine.csv",
        1987,
    )
    assert AuditEntry.objects.filter(action="correct twinning").count() == 1
    assert heard == ["changed"]


def test_an_import_never_overwrites_what_the_town_halls_say() -> None:
    correct(replace(TOLD, until=None))
    take(f"{BERLIN},{MUNICH},partnership,ended,1950,Something else.")
    load_well_known(now=NOW)
    row = Twinning.objects.get(a_id=MUNICH, b_id=BERLIN)
    assert (row.kind, row.status, row.since, row.reason) == (
        "friendship",
        "active",
        1987,
        "Two choirs began it.",
    )
    assert row.source_id == "town-halls"


def test_the_history_is_told_newest_first_and_only_of_changes() -> None:
    correct(TOLD)
    correct(TOLD)
    correct(replace(TOLD, status="sleeping"))
    berlin, munich = city_by_slug("berlin-de"), city_by_slug("munich-de")
    assert [change.facts for change in twinning_history(berlin, munich)] == [
        ["status"],
        ["kind", "status", "since", "until", "reason"],
    ]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (replace(TOLD, kind="love"), "kind"),
        (replace(TOLD, status="alive"), "status"),
        (replace(TOLD, since=1), "since"),
        (replace(TOLD, until=3000), "until"),
        (replace(TOLD, until=1900), "until"),
        (replace(TOLD, reason="x" * 501), "reason"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(facts: TwinningFacts, field: str) -> None:
    with pytest.raises(WrongFact) as refused:
        correct(facts)
    assert refused.value.field == field
    assert not Twinning.objects.exists()
