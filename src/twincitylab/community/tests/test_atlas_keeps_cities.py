"""The atlas set up again with larger places only: the city of a community stays."""

import threading

import pytest
from django.db import connection

from twincitylab.atlas.models import City, CityName
from twincitylab.atlas.queries.search import resolve_city
from twincitylab.atlas.tests.sample import CITIES, load_sample_atlas
from twincitylab.community.models import Community
from twincitylab.community.tests.world import make_community

SUVA = 2198148
LARGER = tuple(row[0] for row in CITIES if row[6] > 100_000)


@pytest.mark.django_db
def test_a_small_town_with_a_community_stays_and_is_found() -> None:
    load_sample_atlas()
    community = make_community(city="suva-fj")
    report = load_sample_atlas(only=LARGER)
    assert (report.kept_count, City.objects.count()) == (1, len(LARGER) + 1)
    assert Community.objects.get().city == community.city == resolve_city("Suva")
    assert CityName.objects.filter(city=SUVA).exists()


@pytest.mark.django_db
def test_also_when_the_community_was_given_up_and_no_longer_when_it_is_gone() -> None:
    load_sample_atlas()
    community = make_community(city="suva-fj", closed_at="2026-03-02T09:00Z")
    assert load_sample_atlas(only=LARGER).kept_count == 1
    community.delete()
    assert load_sample_atlas(only=LARGER).kept_count == 0
    assert not City.objects.filter(pk=SUVA).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("real_database")
def test_founded_while_the_atlas_is_loaded_either_comes_before_or_is_refused() -> None:
    """Never a load that fails, and never a community without its city."""
    load_sample_atlas()
    outcomes: list[str] = []

    def found() -> None:
        try:
            make_community(city="suva-fj")
            outcomes.append("founded")
        except Exception as problem:  # the city had just left
            outcomes.append(type(problem).__name__)
        finally:
            connection.close()

    founder = threading.Thread(target=found)
    founder.start()
    load_sample_atlas(only=LARGER)
    founder.join(timeout=60)
    assert outcomes in (["founded"], ["DoesNotExist"], ["IntegrityError"])
    assert Community.objects.filter(city=SUVA).exists() == City.objects.filter(pk=SUVA).exists()
