"""``twincitylab facilitator``."""

import pytest
from typer.testing import CliRunner, Result

from twincitylab.base.models import AuditEntry
from twincitylab.cli import app
from twincitylab.community.tests.world import make_person

pytestmark = pytest.mark.django_db


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["facilitator", *words])


def test_a_person_becomes_a_facilitator_and_is_none_again() -> None:
    person = make_person("Kim", email="kim@example.org")
    made = run("Kim@Example.org")
    person.refresh_from_db()
    assert (made.exit_code, person.is_facilitator, person.is_staff) == (0, True, False)
    assert made.output == "Kim (kim@example.org) may now verify communities and introduce them.\n"
    assert run("kim@example.org", "--remove").output == "Kim (kim@example.org) is no facilitator any more.\n"
    person.refresh_from_db()
    assert person.is_facilitator is False
    actions = AuditEntry.objects.order_by("pk").values_list("actor", "action", "subject")
    assert list(actions) == [
        ("command line", "appoint facilitator", f"person {person.pk}"),
        ("command line", "dismiss facilitator", f"person {person.pk}"),
    ]


def test_saying_it_again_changes_nothing() -> None:
    person = make_person(email="kim@example.org", is_facilitator=True)
    assert (run(person.email).exit_code, AuditEntry.objects.count()) == (0, 0)


def test_an_unknown_address_is_named() -> None:
    answer = run("nobody@example.org")
    assert (answer.exit_code, answer.output) == (
        2,
        "Nobody has signed up with the address nobody@example.org.\n",
    )
