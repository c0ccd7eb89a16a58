"""Loading the atlas: complete or not at all, again without change, larger and smaller."""

import datetime as dt

import pytest

from twincitylab.atlas.models import AtlasLoad, City, CityName, Country, Source, Twinning
from twincitylab.atlas.operations import UnknownLevel, load_atlas
from twincitylab.atlas.operations.load import store_atlas
from twincitylab.atlas.queries import (
    AtlasMissing,
    atlas_fingerprint,
    atlas_state,
    city_table,
    require_atlas,
)
from twincitylab.atlas.sources import runner
from twincitylab.atlas.tests.sample import CITIES, NOW, load_sample_atlas, sample_facts
from twincitylab.base.models import AuditEntry

pytestmark = pytest.mark.django_db

KARLSRUHE, NOTTINGHAM, MUNICH = 2892794, 2641170, 2867714


def contents() -> list[object]:
    """All that a load writes, without when."""
    return [
        list(City.objects.order_by("geonameid").values()),
        list(CityName.objects.order_by("city_id", "key").values("city_id", "key", "name", "weight", "tier")),
        list(Twinning.objects.order_by("a_id", "b_id").values("a_id", "b_id", "since", "kind", "status")),
        list(Country.objects.order_by("iso2").values()),
    ]


def test_load_says_what_it_did() -> None:
    report = load_sample_atlas()
    assert (report.changed, report.city_count, report.kept_count) == (True, len(CITIES), 0)
    assert atlas_state().city_count == City.objects.count() == len(CITIES)
    assert AuditEntry.objects.filter(action="load atlas").count() == 1


def test_load_again_writes_the_same() -> None:
    load_sample_atlas()
    before, fingerprint = contents(), atlas_fingerprint()
    load_sample_atlas()
    assert (contents(), atlas_fingerprint()) == (before, fingerprint)


def test_load_that_breaks_off_leaves_the_old_atlas_whole() -> None:
    load_sample_atlas(only=(KARLSRUHE, NOTTINGHAM))
    before, state = contents(), atlas_state()

    def pull_the_plug(message: str, share: float) -> None:
        if share > 0.85:
            raise RuntimeError(message)

    with pytest.raises(RuntimeError):
        store_atlas(sample_facts(), inputs="sample", now=NOW, progress=pull_the_plug)
    assert (contents(), atlas_state()) == (before, state)


def test_first_load_that_breaks_off_leaves_no_atlas() -> None:
    def pull_the_plug(message: str, share: float) -> None:
        raise RuntimeError(message)

    with pytest.raises(RuntimeError):
        store_atlas(sample_facts(), inputs="sample", now=NOW, progress=pull_the_plug)
    assert (City.objects.count(), Source.objects.count(), atlas_state().is_ready) == (0, 0, False)


def test_load_of_fewer_cities_keeps_those_that_are_twinned() -> None:
    load_sample_atlas()
    twinned = {city for pair in Twinning.objects.values_list("a_id", "b_id") for city in pair}
    names = CityName.objects.filter(city_id=KARLSRUHE).count()
    assert KARLSRUHE in twinned
    report = load_sample_atlas(only=(MUNICH,))
    assert set(City.objects.values_list("geonameid", flat=True)) == twinned | {MUNICH}
    assert report.kept_count == len(twinned - {MUNICH})
    assert CityName.objects.filter(city_id=KARLSRUHE).count() == names


def test_load_gives_a_passed_on_slug_to_the_larger_city() -> None:
    massachusetts, missouri = 4951788, 4409896
    load_sample_atlas(only=(massachusetts,))
    assert City.objects.get(pk=massachusetts).slug == "springfield-us"
    load_sample_atlas(only=(massachusetts, missouri))
    slugs = dict(City.objects.values_list("geonameid", "slug"))
    assert slugs == {massachusetts: f"springfield-us-{massachusetts}", missouri: "springfield-us"}


def test_load_that_is_up_to_date_reads_and_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = sample_facts()
    monkeypatch.setattr("twincitylab.atlas.operations.load.read_atlas", lambda level, say: facts)
    assert load_atlas(level=15000, now=NOW).changed is True
    monkeypatch.setattr("twincitylab.atlas.operations.load.read_atlas", None)
    later = NOW + dt.timedelta(days=1)
    assert load_atlas(level=15000, now=later).changed is False
    assert AtlasLoad.objects.count() == 1


def test_load_mends_an_atlas_that_lost_cities(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = sample_facts()
    monkeypatch.setattr("twincitylab.atlas.operations.load.read_atlas", lambda level, say: facts)
    load_atlas(level=15000, now=NOW)
    Twinning.objects.all().delete()
    City.objects.get(pk=KARLSRUHE).delete()
    assert load_atlas(level=15000, now=NOW).changed is True
    assert City.objects.count() == len(CITIES)


@pytest.mark.parametrize("level", [-1, 0, 14999, 10**30])
def test_load_refuses_an_unknown_level(level: int) -> None:
    with pytest.raises(UnknownLevel, match="Choose 15000, 5000, 1000 or 500"):
        load_atlas(level=level, now=NOW)


def test_atlas_missing_says_what_to_do() -> None:
    with pytest.raises(AtlasMissing, match="twincitylab setup"):
        require_atlas()


def test_city_table_of_the_database_is_that_of_the_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    load_sample_atlas()
    monkeypatch.setattr(runner, "read_atlas", lambda level: sample_facts())
    ours, theirs = city_table(), runner.city_table_from_sources()
    for name, value in vars(ours).items():
        other = getattr(theirs, name)
        assert value == other if isinstance(value, (list, tuple)) else (value == other).all(), name
