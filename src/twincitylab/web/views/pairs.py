"""Two cities side by side: the potential analysis."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from twincitylab.atlas.queries import require_atlas, resolve_city, twinning_history
from twincitylab.matching.engine import pair_analysis
from twincitylab.partnerships.queries.faces import faces_between
from twincitylab.web.letters import draft_letter
from twincitylab.web.refusals import Problem, unprocessable


def pair(request: HttpRequest, slug: str, other: str) -> HttpResponse:
    """``/pairs/<slug>/<slug>/``"""
    require_atlas()
    a, b = resolve_city(slug), resolve_city(other)
    if (a.slug, b.slug) != (slug, other):
        return redirect("web:pair", a.slug, b.slug)
    if a.pk == b.pk:
        return unprocessable(
            request, problems=[Problem(other, _("A city cannot be compared with itself. Name another one."))]
        )
    analysis = pair_analysis(a.pk, b.pk, now=timezone.now())
    context = {
        "pair": analysis,
        "letter": draft_letter(analysis),
        "history": twinning_history(a, b),
        "faces": faces_between(a.pk, b.pk),
    }
    return render(request, "web/pair.html", context)
