"""Mails about what is new: as often as wished, once, and with a way out."""

import datetime as dt
import re
from email.message import Message
from functools import partial
from typing import Any
from unittest.mock import patch

import pytest
from django.core import mail

from twincitylab.community.choices import Digest
from twincitylab.community.emails import person_of_token, unsubscribe_path
from twincitylab.community.models import Community, Notice, Person
from twincitylab.community.operations.notices import choose_digest, mark_read, notify, send_digests
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.tests.world import NOW, at_once, make_community, make_person

HOUR = dt.timedelta(hours=1)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("lasting_atlas")]


def news(person: Person, *, now: dt.datetime = NOW) -> None:
    ours = make_community("Fixers", steward=person, slug=f"fixers-{Notice.objects.count()}")
    theirs = make_community(
        "Rainbow House", pseudonym="Quiet Hands", slug=f"quiet-{ours.pk}", city="leeds-gb"
    )
    notify(
        [person],
        kind="introduction-proposed",
        words={"community_id": ours.pk, "other_id": theirs.pk},
        address="/introductions/7/",
        community=ours,
        now=now,
    )


def sent(*, now: dt.datetime) -> int:
    """How many mails a round of the worker sends."""
    before = len(mail.outbox)
    told = send_digests(now=now)
    assert len(mail.outbox) - before == told
    return told


def test_at_once_means_the_next_round() -> None:
    ada = make_person()
    news(ada)
    assert (sent(now=NOW), sent(now=NOW)) == (1, 0)
    news(ada)
    assert sent(now=NOW + HOUR) == 1


@pytest.mark.parametrize(("digest", "days"), [(Digest.DAILY, 1), (Digest.WEEKLY, 7)])
def test_never_more_than_one_digest_a_period(digest: Digest, days: int) -> None:
    ada = make_person(digest=digest)
    news(ada)
    assert sent(now=NOW) == 1
    for _number in range(3):
        news(ada, now=NOW + HOUR)
    period = dt.timedelta(days=days)
    assert (sent(now=NOW + period - HOUR), sent(now=NOW + period), sent(now=NOW + period)) == (0, 1, 0)
    assert str(mail.outbox[-1].body).count("Quiet Hands would like to meet") == 3


def test_no_mail_for_those_who_wish_none_have_read_or_are_not_there() -> None:
    never, inactive, demonstration, reads = (
        make_person(digest=Digest.NEVER),
        make_person(is_active=False),
        make_person(is_demonstration=True),
        make_person(),
    )
    for person in (never, inactive, demonstration, reads):
        news(person)
    mark_read(by=reads, now=NOW)
    assert sent(now=NOW) == 0


def test_who_turns_mails_on_again_is_not_told_everything_that_ever_happened() -> None:
    ada = make_person(digest=Digest.NEVER)
    news(ada, now=NOW - dt.timedelta(days=15))
    choose_digest(person=ada, digest=Digest.AT_ONCE, now=NOW)
    assert sent(now=NOW) == 0


def test_the_mail_is_in_the_readers_language_and_tells_only_what_may_be_seen() -> None:
    ada = make_person("Ada", language="de")
    news(ada)
    sent(now=NOW)
    (message,) = mail.outbox
    assert message.to == [ada.email]
    assert "Rainbow House" not in f"{message.subject}{message.body}"
    assert "Quiet Hands" in str(message.body)
    assert "Quiet Hands" not in message.subject
    assert message.extra_headers["Content-Language"] == "de"


def test_every_mail_has_the_one_click_way_out() -> None:
    ada = make_person()
    news(ada)
    sent(now=NOW)
    headers: Message = mail.outbox[0].message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = re.fullmatch(r"<https?://[^/]+(/unsubscribe/[^>]+)>", str(headers["List-Unsubscribe"]))
    assert found is not None
    assert found[1] == unsubscribe_path(ada)
    assert found[1] in str(mail.outbox[0].body)


def test_a_token_is_good_for_one_person_and_only_as_signed() -> None:
    ada, bo = make_person(), make_person()
    token = unsubscribe_path(ada).split("/")[2]
    assert person_of_token(token) == ada
    _pk, _colon, signature = token.partition(":")
    for forged in (f"{bo.pk}:{signature}", f"{token}x", str(ada.pk), "", "x:y"):
        assert person_of_token(forged) is None
    ada.delete()
    assert person_of_token(token) is None


def test_two_workers_mail_once() -> None:
    for _round in range(3):
        ada = make_person()
        news(ada, now=NOW)
        before = len(mail.outbox)
        at_once(*[partial(_round_of, NOW)] * 2)
        assert len(mail.outbox) - before == 1


def _round_of(now: dt.datetime) -> str:
    return str(send_digests(now=now))


def test_a_crash_while_writing_the_mail_loses_nothing() -> None:
    ada = make_person()
    news(ada)
    with (
        patch("twincitylab.community.operations.notices.send_digest", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
    ):
        send_digests(now=NOW)
    assert sent(now=NOW) == 1


def test_while_the_mail_server_is_away_everything_waits(settings: Any) -> None:
    ada = make_person(digest=Digest.WEEKLY)
    news(ada)
    with patch("smtplib.SMTP", side_effect=ConnectionRefusedError):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        assert send_digests(now=NOW) == 0
    ada.refresh_from_db()
    assert (Notice.objects.get().mailed_at, ada.digest_sent_at) == (None, None)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert sent(now=NOW + HOUR) == 1


def test_an_unknown_wish_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        choose_digest(person=make_person(), digest="hourly", now=NOW)
    assert refused.value.field == "digest"


def test_one_mail_tells_at_most_fifty_and_how_many_more() -> None:
    ada = make_person()
    news(ada)
    first = Notice.objects.get()
    Notice.objects.bulk_create(
        Notice(person=ada, kind=first.kind, words=first.words, address=first.address, made_at=NOW)
        for _number in range(54)
    )
    sent(now=NOW)
    body = str(mail.outbox[0].body)
    assert (body.count("Quiet Hands"), "and 5 more" in body) == (50, True)
    assert not Notice.objects.filter(mailed_at=None).exists()
    assert Community.objects.filter(pseudonym="Quiet Hands").exists()
