"""What the database itself refuses."""

import pytest
from django.db import IntegrityError, transaction

from twincitylab.atlas.models import City, Country, Source, Twinning
from twincitylab.atlas.tests.sample import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_atlas")]

BERLIN, KARLSRUHE, MUNICH = 2950159, 2892794, 2867714


def twin(a: int, b: int, **facts: object) -> Twinning:
    with transaction.atomic():
        return Twinning.objects.create(a_id=a, b_id=b, source_id="geonames", imported_at=NOW, **facts)


def test_twinning_of_two_cities_is_taken() -> None:
    Twinning.objects.all().delete()
    assert (twin(MUNICH, KARLSRUHE).kind, Twinning.objects.get().status) == ("partnership", "unknown")


def test_twinning_of_a_city_with_itself_is_refused() -> None:
    with pytest.raises(IntegrityError):
        twin(MUNICH, MUNICH)


def test_twinning_in_the_other_direction_is_refused() -> None:
    with pytest.raises(IntegrityError):
        twin(KARLSRUHE, MUNICH)


def test_second_twinning_of_a_pair_is_refused() -> None:
    Twinning.objects.all().delete()
    twin(MUNICH, KARLSRUHE)
    with pytest.raises(IntegrityError):
        twin(MUNICH, KARLSRUHE, kind="friendship")


@pytest.mark.parametrize(
    "facts",
    [{"since": 799}, {"since": 2101}, {"until": 0}, {"since": 2000, "until": 1999}, {"kind": "love"},
     {"status": ""}],
)  # fmt: skip
def test_twinning_with_impossible_facts_is_refused(facts: dict[str, object]) -> None:
    Twinning.objects.all().delete()
    with pytest.raises(IntegrityError):
        twin(MUNICH, KARLSRUHE, **facts)


def test_city_off_the_earth_is_refused() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        City.objects.filter(pk=BERLIN).update(latitude=90.5)


def test_two_cities_never_share_a_slug() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        City.objects.filter(pk=BERLIN).update(slug="munich-de")


def test_objects_are_named_as_people_name_them() -> None:
    assert [str(City.objects.get(pk=BERLIN)), str(Country.objects.get(pk="DE"))] == ["Berlin", "Germany"]
    assert str(Source.objects.get(pk="geonames")) == "GeoNames"
