"""What pages show of an agreement."""

from django import template

from twincitylab.partnerships.models import AgreementVersion
from twincitylab.partnerships.queries.agreements import ArticleShown, articles_of

register = template.Library()


@register.filter
def articles(version: AgreementVersion) -> tuple[ArticleShown, ...]:
    """The articles of a version in which something stands."""
    return articles_of(version)


@register.filter
def html_lang(code: str) -> str:
    """``zh_Hant`` -> ``zh-Hant``: a language as pages name it."""
    return code.replace("_", "-")
