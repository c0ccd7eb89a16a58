"""Name, purpose and currency: any steward changes them, and nobody loses what was typed."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from twincitylab.community.tests.world import sign_in
from twincitylab.partnerships.models import Partnership
from twincitylab.partnerships.tests.pair import Pair, make_pair, partnered, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("atlas")]


@pytest.fixture
def pair() -> Pair:
    return make_pair()


@pytest.fixture
def partnership(pair: Pair) -> Partnership:
    return partnered(pair, now=timezone.now())


def at(partnership: Partnership) -> str:
    return f"/partnerships/{partnership.slug}/settings/"


def form(**more: Any) -> dict[str, Any]:
    was = {"was_name": "", "was_purpose": "", "was_language": "en", "was_currency": "EUR"}
    return {"name": "", "purpose": "", "language": "en", "currency": "EUR", **was, **more}


def test_any_steward_describes_it_and_the_others_hear(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    sent = form(name="Repairing together", purpose="Less waste", currency="gbp")
    for _again in range(2):
        assert sign_in(client, pair.bo).post(at(partnership), sent).status_code == 302
    partnership.refresh_from_db()
    assert (partnership.name, partnership.purpose) == ("Repairing together", "Less waste")
    assert partnership.currency == "GBP"
    assert [told(one).count("partnership-renamed") for one in (pair.ada, pair.bo)] == [1, 0]
    assert sign_in(client, pair.ada).get(at(partnership)).status_code == 200
    assert sign_in(client, pair.mo).get(at(partnership)).status_code == 403
    assert sign_in(client, pair.zoe).get(at(partnership)).status_code == 404


def test_the_second_of_two_sees_what_changed_and_loses_nothing(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    sign_in(client, pair.bo).post(at(partnership), form(name="From Leeds"))
    answer = sign_in(client, pair.ada).post(at(partnership), form(name="From Karlsruhe"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "From Leeds" in page
    assert 'value="From Karlsruhe"' in page
    again = form(name="From Karlsruhe", was_name="From Leeds")
    assert client.post(at(partnership), again).status_code == 302
    partnership.refresh_from_db()
    assert partnership.name == "From Karlsruhe"


def test_the_currency_stays_once_there_is_a_sum(pair: Pair, partnership: Partnership, client: Client) -> None:
    partnership.sides.filter(number=0).update(money_a_year=100)
    answer = sign_in(client, pair.bo).post(at(partnership), form(name="Kept", currency="USD"))
    assert answer.status_code == 422
    assert "so the currency stays" in answer.content.decode()
    assert 'value="Kept"' in answer.content.decode()
    partnership.refresh_from_db()
    assert partnership.currency == "EUR"


@pytest.mark.parametrize(
    ("field", "typed"),
    [("name", "x" * 3000), ("purpose", "x" * 3000), ("currency", ""), ("currency", "€"), ("language", "xx")],
)
def test_what_does_not_fit_is_named_and_kept(
    pair: Pair, partnership: Partnership, client: Client, field: str, typed: str
) -> None:
    sent = {**form(name="A name", purpose="A purpose"), field: typed}
    answer = sign_in(client, pair.bo).post(at(partnership), sent)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    if field != "purpose":
        assert "A purpose" in answer.content.decode()
