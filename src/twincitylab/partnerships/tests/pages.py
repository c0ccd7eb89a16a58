"""What the tests of pages ask for: addresses, forms and pages of introductions."""

import re
import uuid

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from twincitylab.partnerships.models import Introduction
from twincitylab.partnerships.tests.pair import Pair

MOST_QUERIES = 12


def typed(**more: str) -> dict[str, str]:
    return {"message": "Hello, shall we meet?", "language": "en", "form_key": str(uuid.uuid4()), **more}


def introduce(pair: Pair) -> str:
    return reverse("partnerships:introduce", args=[pair.a.slug, pair.b.slug])


def interest(pair: Pair) -> str:
    return reverse("partnerships:interest", args=[pair.a.slug, pair.b.slug])


def address(name: str, made: Introduction) -> str:
    return reverse(f"partnerships:{name}", args=[made.pk])


def page(client: Client, where: str, *, status: int = 200) -> str:
    response = client.get(where)
    assert response.status_code == status
    return response.content.decode()


def queries(client: Client, where: str) -> int:
    page(client, where)
    with CaptureQueriesContext(connection) as asked:
        page(client, where)
    return len(asked)


def still(text: str) -> str:
    """A page without what differs from one call to the next."""
    return re.sub(r'name="(csrfmiddlewaretoken|form_key)" value="[^"]*"', "", text)
