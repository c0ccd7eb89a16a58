"""Components refuse what they do not declare, and say in words what they draw."""

import datetime as dt
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import timezone, translation

from twincitylab.base.components.charts import ListScale, Span, list_scale
from twincitylab.base.components.texts import laid_out
from twincitylab.base.components.words import comma, country_name, number, percent, zone_name


def _rendered(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def test_unknown_prop_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError, match="unexpected keyword argument 'colour'"):
        Template("{% level_beam a_name='A' b_name='B' a=1 b=1 colour='red' %}")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "November 23, 2026 | November 23, 2026, 8:28 AM"),
        ("de", "23. November 2026 | 23. November 2026, 08:28"),
        ("ar", "23 نوفمبر 2026 | 23 نوفمبر 2026، 8:28 ص"),
        ("zh-hans", "2026年11月23日 | 2026年11月23日 08:28"),
    ],
)
def test_a_moment_is_written_one_way_on_the_readers_clock(language: str, words: str) -> None:
    moment = dt.datetime(2026, 11, 22, 23, 28, tzinfo=dt.UTC)
    with translation.override(language), timezone.override("Asia/Tokyo"):
        written = _rendered("{{ moment|full_date }} | {{ moment|full_moment }}", moment=moment)
    assert written.replace("\u202f", " ") == words


def test_no_page_or_mail_writes_a_moment_another_way() -> None:
    folder = Path(__file__).parents[2]
    pages = [path for end in ("html", "txt") for path in folder.glob(f"*/templates/**/*.{end}")]
    assert [str(path) for path in pages if re.search(r"\|(date|time):(?!'c')", path.read_text())] == []


def test_missing_prop_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError, match="did not receive value"):
        Template("{% level_beam a_name='A' b_name='B' a=1 %}")


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [(0.71, 0.74, "nearly level"), (0.9, 0.4, "Nancy gains more"), (0.4, 0.9, "Győr gains more")],
)
def test_level_beam_says_who_gains(a: float, b: float, words: str) -> None:
    page = _rendered("{% level_beam a_name='Nancy' b_name='Győr' a=a b=b %}", a=a, b=b)
    assert f'aria-label="Benefit for Nancy {a:.2f}, for Győr {b:.2f}: {words}"' in page


def test_level_beam_is_level_when_both_have_the_same() -> None:
    page = _rendered("{% level_beam a_name='A' b_name='B' a=0.5 b=0.5 %}")
    assert '<line class="arm" x1="12" y1="18" x2="99%" y2="18"/>' in page


def test_block_bars_repeat_the_figure() -> None:
    page = _rendered("{% block_bars blocks=blocks %}", blocks=[SimpleNamespace(label="Size", percent=62)])
    assert '<rect width="62" height="4"/>' in page
    assert '<dd class="value">62</dd>' in page


def _cards(*rows: tuple[int, int]) -> list[SimpleNamespace]:
    labels = ("Size", "Nearness")
    return [
        SimpleNamespace(
            blocks=[SimpleNamespace(label=label, percent=at) for label, at in zip(labels, row, strict=True)]
        )
        for row in rows
    ]


def test_list_scale_runs_from_least_to_most_and_names_what_is_alike() -> None:
    assert list_scale(cards=_cards((40, 98), (60, 98), (90, 99))) == ListScale(
        spans=(Span(low=40, high=90, middle=60), None), alike=(("Nearness", "98–99"),)
    )


def test_list_scale_does_not_enlarge_small_differences() -> None:
    scale = list_scale(cards=_cards((96, 2), (100, 9)))
    assert scale is not None
    assert scale.spans == (Span(80, 100, 98), Span(0, 9, 5.5))


def test_list_of_one_has_no_scale() -> None:
    assert list_scale(cards=_cards((50, 50))) is None


def test_scaled_bars_show_where_a_card_stands_out() -> None:
    source = "{% list_scale cards=cards as scale %}{% block_bars blocks=cards.0.blocks scale=scale %}"
    page = _rendered(source, cards=_cards((40, 98), (60, 98), (90, 99)))
    assert '<rect width="3.0" height="4"/><path d="M40.0 0v4"/>' in page
    assert '<dd class="value">40</dd>' in page
    assert "Nearness" not in page


def test_scaled_bars_are_left_out_in_the_middle_of_the_list() -> None:
    source = "{% list_scale cards=cards as scale %}{% block_bars blocks=cards.1.blocks scale=scale %}"
    assert _rendered(source, cards=_cards((40, 98), (60, 98), (90, 99))) == ""


def test_factors_of_one_name_are_one_bar() -> None:
    blocks = [SimpleNamespace(label="Habit", percent=percent) for percent in (30, 60, 60)]
    page = _rendered("{% block_bars blocks=blocks %}", blocks=blocks)
    assert (page.count("Habit"), '<dd class="value">50</dd>' in page) == (1, True)


def test_bar_stays_within_its_track() -> None:
    assert 'width="100"' in _rendered("{% bar share=1.7 %}")
    assert 'width="0"' in _rendered("{% bar share=share %}", share=-0.2)


def test_names_are_escaped() -> None:
    assert "<b>" not in _rendered(
        "{% city_link name='<b>x</b>' href='/x/' %}".replace("'<b>x</b>'", "name"), name="<b>"
    )


def test_numbers_and_names_follow_the_reader() -> None:
    with translation.override("de"):
        assert (number(1234567), percent(0.4), country_name("DE")) == ("1.234.567", "40\xa0%", "Deutschland")
    with translation.override("zh-hans"):
        assert country_name("DE") == "德国"


def test_share_that_rounds_to_nothing_is_not_nothing() -> None:
    assert (percent(0.001), percent(0.0)) == ("<1%", "0%")


def test_a_text_keeps_its_paragraphs_and_lines() -> None:
    assert laid_out("One\r\ntwo\n\n \nThree") == "<p>One<br>two</p>\n<p>Three</p>"
    assert laid_out("") == laid_out(" \n") == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<b>&", "<p>&lt;b&gt;&amp;</p>"),
        ("see https://a.org/x?y=1&z=2.", "https://a.org/x?y=1&amp;z=2</bdi></a>.</p>"),
        ("(https://a.org/b_(c))", '"https://a.org/b_(c)"'),
        ('https://a.org/"onclick=x', 'href="https://a.org/" rel="nofollow ugc noopener"'),
        ("https://a.org/<script>", "</a>&lt;script&gt;"),
    ],
)
def test_a_plain_address_is_a_link_and_the_rest_stays_text(text: str, shown: str) -> None:
    assert shown in laid_out(text)


@pytest.mark.parametrize(
    "text",
    ["http://a.org", "javascript:alert(1)", "https://good.org@bad.org/", "https://[", "https://nowhere"],
)
def test_what_may_mislead_is_no_link(text: str) -> None:
    assert "<a" not in laid_out(text)


def test_names_are_parted_and_zones_named_in_the_language_of_the_reader() -> None:
    told = {}
    for language in ("en", "ar", "zh-hans"):
        with translation.override(language):
            told[language] = (comma(), zone_name("Asia/Amman"))
    assert told == {"en": (", ", "Amman"), "ar": ("، ", "عمّان"), "zh-hans": ("，", "安曼")}
    assert zone_name("America/Argentina/Ushuaia") == "Argentina – Ushuaia"
    assert zone_name("UTC") == "UTC"
    assert zone_name("Nowhere/At_all") == "Nowhere – At all"
