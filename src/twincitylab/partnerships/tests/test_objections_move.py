"""A database from before every side had an objection of its own keeps what was objected."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from twincitylab.partnerships.models import Proposal
from twincitylab.partnerships.tests.consents import objects, proposes, withdraws
from twincitylab.partnerships.tests.pair import make_pair, partnered

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("lasting_atlas")]


def migrated(name: str) -> None:
    MigrationExecutor(connection).migrate([("partnerships", name)])


def test_what_stands_and_what_was_withdrawn_is_moved_to_its_side() -> None:
    pair = make_pair()
    partnership = partnered(pair)
    over = objects(proposes(partnership, pair.ada), pair.bo, reason="Too many.")
    withdraws(over, pair.ada)
    standing = objects(proposes(partnership, pair.ada), pair.bo, reason="Too early.")
    try:
        migrated("0003_veils")
        with connection.cursor() as cursor:
            cursor.execute("SELECT objection, settled_by_side_id FROM partnerships_proposal ORDER BY id")
            sides = [side.pk for side in partnership.sides.order_by("number")]
            assert cursor.fetchall() == [("Too many.", sides[0]), ("Too early.", sides[1])]
    finally:
        migrated("0004_objections")
    for made, reason in ((over, "Too many."), (standing, "Too early.")):
        assert [(one.side.number, one.reason) for one in made.objections.all()] == [(1, reason)]
    rows = Proposal.objects.order_by("pk")
    assert [(one.state, one.settled_by_side and one.settled_by_side.number) for one in rows] == [
        ("withdrawn", 0),
        ("objected", None),
    ]
