"""What the pages of matches between communities draw and say."""

from collections.abc import Collection

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from twincitylab.base.components.charts import level_beam
from twincitylab.base.components.words import tongue_name
from twincitylab.community.rules.languages import base_code
from twincitylab.matching.engine.communities.results import CommunityMatch
from twincitylab.matching.queries.pair_states import Said, address_of

register = template.Library()

ROW = (
    '<dt>{}</dt><dd title="{}"><svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
    '<rect width="{}" height="4"/></svg></dd><dd class="value">{}</dd>'
)


@register.inclusion_tag("matching/both_gain.html")
def both_gain(match: CommunityMatch) -> dict[str, object]:
    """What you and they have from each other, on one beam, in words."""
    beam = level_beam(a_name="", b_name="", a=match.benefit_here, b=match.benefit_there)
    here, there = match.benefits
    return {**beam, "here": here.word, "there": there.word}


@register.simple_tag
def factor_bars(match: CommunityMatch, *, is_wide: bool = False) -> SafeString:
    """How well each factor fits, one bar and one word each. Written here and not as a template: a list of
    matches has sixty of them."""
    rows = ((one.label, one.figure, one.level.width, one.level.word) for one in match.factors)
    names = "bars wide" if is_wide else "bars"
    return format_html('<dl class="{}">{}</dl>', names, format_html_join("", ROW, rows))


@register.simple_tag
def in_language(code: str, reads: Collection[str]) -> SafeString | str:
    """Names the language of a text that the reader may not read; nothing for one that the reader does."""
    if base_code(code) in reads:
        return ""
    words = _("in %(language)s") % {"language": tongue_name(base_code(code))}
    return format_html(' <span class="soft small in-language">({})</span>', words)


@register.simple_tag
def pair_address(said: Said, us: str, them: str) -> str:
    """Where one reads on about the state of a pair."""
    return address_of(said, us, them)
