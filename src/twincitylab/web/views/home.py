"""The first page: what this is, the search box, the world."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from twincitylab.atlas.models import Twinning
from twincitylab.atlas.queries import atlas_state, require_atlas
from twincitylab.web.map_files import map_version

EXAMPLES = ("Karlsruhe", "Nairobi", "Medellín", "Ōsaka", "القاهرة")


def home(request: HttpRequest) -> HttpResponse:
    """``/``"""
    require_atlas()
    context = {
        "state": atlas_state(),
        "twinning_count": Twinning.objects.count(),
        "examples": EXAMPLES,
        "map_version": map_version(),
    }
    return render(request, "web/home.html", context)
