"""Writing the agreement: each article in each language, side by side."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from twincitylab.base.components.words import tongue_name
from twincitylab.partnerships.forms.introductions import KEY_AGAIN
from twincitylab.partnerships.models import AgreementVersion
from twincitylab.partnerships.rules.articles import ARTICLES, LONGEST_ARTICLE, starter

DAYS = ("review_on", "runs_until")


@dataclass(frozen=True)
class ArticleFields:
    """One article of the form: its title, its question, and a field for each language."""

    key: str
    title: str
    question: str
    fields: tuple[Any, ...]


class AgreementForm(forms.Form):
    """``base`` is the version that is edited, 0 for none."""

    form_key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": KEY_AGAIN, "invalid": KEY_AGAIN}
    )
    base = forms.IntegerField(min_value=0, max_value=10**6, widget=forms.HiddenInput)
    review_on = forms.DateField(
        label=_("Look at it again on"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Both sides are reminded when this day comes."),
    )
    runs_until = forms.DateField(
        label=_("Runs until"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: without an end."),
    )

    def __init__(self, *args: Any, languages: Sequence[str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.languages = tuple(languages)
        for article in ARTICLES:
            for language in self.languages:
                self.fields[field_name(article.key, language)] = forms.CharField(
                    label=tongue_name(language),
                    required=False,
                    # New lines count as two characters on their way here and one once they are stored.
                    max_length=2 * LONGEST_ARTICLE,
                    widget=forms.Textarea({"rows": 5, "dir": "auto", "lang": language.replace("_", "-")}),
                )

    @property
    def articles(self) -> tuple[ArticleFields, ...]:
        return tuple(
            ArticleFields(
                article.key,
                str(article.title),
                str(article.question),
                tuple(self[field_name(article.key, language)] for language in self.languages),
            )
            for article in ARTICLES
        )

    @property
    def texts(self) -> dict[str, dict[str, str]]:
        """What was typed, by article and language."""
        return {
            article.key: {
                language: self.cleaned_data.get(field_name(article.key, language), "")
                for language in self.languages
            }
            for article in ARTICLES
        }


def field_name(key: str, language: str) -> str:
    return f"{key}_{language}"


def first_values(version: AgreementVersion | None) -> dict[str, Any]:
    """The fields as a version has them."""
    if version is None:
        return {"base": 0}
    texts = {
        field_name(key, language): text
        for key, texts in version.articles.items()
        for language, text in texts.items()
    }
    days: dict[str, dt.date | None] = {name: getattr(version, name) for name in DAYS}
    return {**texts, **days, "base": version.number}


def with_words(typed: Mapping[str, Any], *, which: str, languages: Sequence[str]) -> dict[str, Any]:
    """What was typed, with words to begin with in the empty fields of an article, or of all."""
    filled = dict(typed)
    for article in ARTICLES:
        if which not in (article.key, "all"):
            continue
        for language in languages:
            name = field_name(article.key, language)
            if not str(filled.get(name) or "").strip():
                filled[name] = starter(article.key, language=language)
    return filled


def merged(
    typed: Mapping[str, Any],
    *,
    base: AgreementVersion | None,
    theirs: AgreementVersion,
    languages: Sequence[str],
) -> dict[str, Any]:
    """What was typed, with what only they have changed; where both have, what was typed stays."""
    was, now = first_values(base), first_values(theirs)
    names = [field_name(article.key, language) for article in ARTICLES for language in languages]
    result = dict(typed)
    for name in (*names, *DAYS):
        mine, before, there = (_plain(one.get(name)) for one in (typed, was, now))
        if mine == before and there != before:
            result[name] = now.get(name, "")
    return {**result, "base": theirs.number}


def _plain(value: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    return "\n".join(line.rstrip() for line in str(value or "").replace("\r\n", "\n").split("\n")).strip()
