"""What takes long is limited for one address, and methods of which no page has heard are refused."""

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from twincitylab.base.rate import per_minute

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("atlas")]


@pytest.fixture
def one_a_minute(settings: Settings) -> Iterator[None]:
    settings.API_RATE_PER_MINUTE = 1
    per_minute.forget()
    yield
    per_minute.forget()


@pytest.mark.usefixtures("one_a_minute")
@pytest.mark.parametrize(
    "address",
    [
        "/communities/?q=repair",
        "/communities/export.csv",
        "/communities/answers.json?direction=need&topic=trees",
    ],
)
def test_searching_communities_is_limited(client: Client, address: str) -> None:
    answers = [client.get(address) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert 1 <= int(answers[1]["Retry-After"]) <= 60
    assert client.get("/communities/").status_code == 200


@pytest.mark.parametrize("address", ["/", "/communities/", "/api/v1/cities"])
@pytest.mark.parametrize("method", ["TRACE", "BREW"])
def test_a_method_nobody_knows_is_refused(client: Client, method: str, address: str) -> None:
    response = client.generic(method, address)
    assert (response.status_code, "GET" in response["Allow"]) == (405, True)
