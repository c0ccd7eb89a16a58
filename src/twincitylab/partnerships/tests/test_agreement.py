"""The agreement is written together; nobody's words are lost, and a version binds by consent."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from twincitylab.community.models import CommunityLanguage
from twincitylab.community.tests.world import sign_in
from twincitylab.partnerships.models import AgreementVersion, Partnership
from twincitylab.partnerships.rules.articles import ARTICLE_KEYS, starter
from twincitylab.partnerships.rules.differences import Fate, differences
from twincitylab.partnerships.tests.consents import proposes, says_yes
from twincitylab.partnerships.tests.pair import Pair, make_pair, partnered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("atlas")]


@pytest.fixture
def pair() -> Pair:
    made = make_pair(a={"about_language": "de", "languages": ["de", "en"]})
    assert CommunityLanguage.objects.filter(community=made.a).count() == 2
    return made


@pytest.fixture
def partnership(pair: Pair) -> Partnership:
    return partnered(pair)


def page(partnership: Partnership, more: str = "") -> str:
    return f"/partnerships/{partnership.slug}/agreement/{more}"


def ahead(days: int) -> str:
    return str(timezone.localdate() + dt.timedelta(days=days))


def typed(base: int = 0, **more: Any) -> dict[str, Any]:
    return {"base": base, "form_key": str(uuid.uuid4()), **more}


def test_it_is_written_in_the_languages_of_both_sides(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    sign_in(client, pair.mo)
    empty = client.get(page(partnership, "write/")).content.decode()
    assert 'name="purpose_de"' in empty
    assert 'name="purpose_en"' in empty
    sent = client.post(
        page(partnership, "write/"),
        typed(purpose_de="Wir lernen.", purpose_en="We learn.", review_on=ahead(90)),
    )
    assert sent.status_code == 302
    made = AgreementVersion.objects.get()
    assert made.articles == {"purpose": {"de": "Wir lernen.", "en": "We learn."}}
    shown = client.get(page(partnership)).content.decode()
    assert "Wir lernen." in shown
    assert "the newest draft" in shown


def test_words_to_begin_with_fill_only_what_is_empty(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    sent = sign_in(client, pair.ada).post(
        page(partnership, "write/"), typed(purpose_en="Ours alone.", use="all")
    )
    text = sent.content.decode()
    assert "Ours alone." in text
    assert "Each side carries its own costs." in text
    assert not AgreementVersion.objects.exists()


def test_who_is_second_sees_what_has_changed_and_loses_nothing(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    sign_in(client, pair.ada).post(
        page(partnership, "write/"), typed(purpose_en="We meet twice.", goals_en="One goal.")
    )
    sign_in(client, pair.bo).post(
        page(partnership, "write/"), typed(1, purpose_en="We meet often.", goals_en="Two goals.")
    )
    sent = sign_in(client, pair.ada).post(
        page(partnership, "write/"),
        typed(1, purpose_en="We meet once.", goals_en="One goal.", money_en="None."),
    )
    text = sent.content.decode()
    assert sent.status_code == 409
    for words in ("We meet once.", "Two goals.", "None.", "often"):
        assert words in text
    assert 'name="base" value="2"' in text
    merged = typed(2, purpose_en="We meet once.", goals_en="Two goals.", money_en="None.")
    assert client.post(page(partnership, "write/"), merged).status_code == 302
    assert AgreementVersion.objects.count() == 3


def test_the_same_form_and_the_same_text_make_no_new_version(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    sign_in(client, pair.ada)
    form = typed(purpose_en="We learn.")
    client.post(page(partnership, "write/"), form)
    client.post(page(partnership, "write/"), form)
    client.post(page(partnership, "write/"), typed(1, purpose_en="We learn."))
    assert AgreementVersion.objects.count() == 1


def test_too_long_is_refused_and_kept(pair: Pair, partnership: Partnership, client: Client) -> None:
    sent = sign_in(client, pair.ada).post(page(partnership, "write/"), typed(purpose_en="word " * 900))
    assert sent.status_code == 422
    assert "word word" in sent.content.decode()


@pytest.mark.parametrize(("review", "end"), [(400, 35), (-1, 400), (36600, 36700), (90, 2_000_000)], ids=str)
def test_dates_lie_ahead_and_in_their_order(
    pair: Pair, partnership: Partnership, client: Client, review: int, end: int
) -> None:
    wrong = typed(purpose_en="We learn.", review_on=ahead(review), runs_until=ahead(end))
    sent = sign_in(client, pair.ada).post(page(partnership, "write/"), wrong)
    assert sent.status_code == 422
    assert "We learn." in sent.content.decode()


def test_a_date_that_has_passed_meanwhile_stays(pair: Pair, partnership: Partnership, client: Client) -> None:
    sign_in(client, pair.ada).post(page(partnership, "write/"), typed(purpose_en="We learn."))
    AgreementVersion.objects.update(review_on=ahead(-30))
    sent = typed(1, purpose_en="We learn more.", review_on=ahead(-30))
    assert client.post(page(partnership, "write/"), sent).status_code == 302


def test_a_version_is_in_force_when_both_have_said_yes(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    sign_in(client, pair.ada).post(
        page(partnership, "write/"), typed(purpose_en="We learn.", review_on=ahead(90))
    )
    assert "Propose this version" in client.get(page(partnership)).content.decode()
    made = proposes(partnership, pair.ada, kind="agreement", payload={"version": 1})
    client.post(page(partnership, "write/"), typed(1, purpose_en="We learn more."))
    says_yes(made, pair.bo)
    partnership.refresh_from_db()
    assert partnership.agreement is not None
    assert (partnership.agreement.number, partnership.stage) == (1, "agreed")
    assert str(partnership.review_on) == ahead(90)
    shown = client.get(page(partnership)).content.decode()
    assert "in force" in shown
    assert "data-print hidden" in shown
    assert "There is a newer draft." in shown


def test_two_versions_differ_word_by_word(pair: Pair, partnership: Partnership, client: Client) -> None:
    sign_in(client, pair.ada)
    client.post(page(partnership, "write/"), typed(purpose_en="We meet twice."))
    client.post(page(partnership, "write/"), typed(1, purpose_en="We meet often."))
    text = client.get(page(partnership, "1/2/")).content.decode()
    assert "<del>" in text
    assert "often" in text
    assert client.get(page(partnership, "compare/"), {"before": "1", "after": "2"}).status_code == 302
    assert client.get(page(partnership, "compare/"), {"before": "x"}).status_code == 302
    assert client.get(page(partnership, "1/9/")).status_code == 404


def test_the_paper_for_signature_holds_every_script(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    words = typed(purpose_en='#panic("never typst") $x$ *bold*', goals_en="نتعلم معا 一起学习")
    sign_in(client, pair.ada).post(page(partnership, "write/"), words)
    sent = client.get(page(partnership, "1.pdf"))
    assert sent.status_code == 200
    assert sent.content.startswith(b"%PDF")
    with translation.override("ar"):
        assert client.get(page(partnership, "1.pdf")).content.startswith(b"%PDF")


def test_each_article_has_words_to_begin_with() -> None:
    assert all(starter(key, language="en") for key in ARTICLE_KEYS)
    assert starter("purpose", language="xx") == ""


@pytest.mark.parametrize(
    ("before", "after"),
    [("", "new"), ("old", ""), ("一起学习吧", "一起工作吧"), ("a\n\nb c", "a\nb d"), ("same", "same")],
)
def test_pieces_give_back_both_texts(before: str, after: str) -> None:
    pieces = differences(before, after)
    assert "".join(piece.text for piece in pieces if piece.fate != Fate.NEW) == before
    assert "".join(piece.text for piece in pieces if piece.fate != Fate.GONE) == after
