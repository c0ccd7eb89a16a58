"""A list asks the database as often for thirty rows as for one."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from twincitylab.atlas.models import City, Source, Twinning

pytestmark = pytest.mark.usefixtures("atlas")


@pytest.mark.parametrize(
    "address", ["/map/?country=jp", "/countries/jp/", "/cities/kyoto-jp/", "/cities/?q=Kyoto+J"]
)
def test_thirty_rows_ask_no_more_than_one(client: Client, address: str) -> None:
    _more_cities(1)
    client.get(address)
    few = _queries(client, address)
    _more_cities(30)
    client.get(address)
    assert _queries(client, address) == few


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def _more_cities(count: int) -> None:
    kyoto, source = City.objects.get(slug="kyoto-jp"), Source.objects.get()
    for number in range(count):
        city = City.objects.get(slug="kyoto-jp")
        city.pk, city.slug, city.name = (
            90_000_000 + 100 * count + number,
            f"new-{count}-{number}-jp",
            f"New {number}",
        )
        city.save(force_insert=True)
        Twinning.objects.create(a=kyoto, b=city, source=source, imported_at=source.loaded_at)
