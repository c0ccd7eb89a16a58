"""What the worker does for people between its tasks."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone
from tests.sample_atlas import store_sample_atlas

from twincitylab.cli.worker import _look_after_people
from twincitylab.community.models import Notice
from twincitylab.community.tests.world import make_community, make_person
from twincitylab.partnerships.choices import IntroductionState
from twincitylab.partnerships.tests.pair import make_pair, proposed


@pytest.fixture
def lasting_atlas(real_database: None) -> None:
    """The sample atlas in a database on which mails go out after a true commit."""
    store_sample_atlas()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("lasting_atlas")
class TestLookAfterPeople:
    def test_it_ends_what_is_overdue_and_mails_it(self) -> None:
        pair = make_pair()
        made = proposed(pair, now=timezone.now() - dt.timedelta(days=61))
        _look_after_people()
        made.refresh_from_db()
        assert made.state == IntroductionState.EXPIRED
        assert {message.to[0] for message in mail.outbox} == {
            person.email for person in (pair.ada, pair.al, pair.bo, pair.bea)
        }

    def test_what_goes_wrong_keeps_nothing_else(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def fail(*, now: dt.datetime) -> int:
            raise ValueError(now)

        monkeypatch.setattr("twincitylab.partnerships.operations.answering.end_introductions", fail)
        ada = make_person()
        ours = make_community(steward=ada)
        Notice.objects.create(
            person=ada, community=ours, kind="introduction-sent", address="/", made_at=timezone.now()
        )
        _look_after_people()
        assert len(mail.outbox) == 1
        assert "went wrong" in caplog.text
