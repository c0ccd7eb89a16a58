"""About the data: sources, how matching works, measured figures; and the gallery of components."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from twincitylab.atlas.models import Twinning
from twincitylab.atlas.queries import atlas_state
from twincitylab.matching.engine.presets import blocks, presets
from twincitylab.web.gallery import samples
from twincitylab.web.queries import attribution

FIGURES = Path(__file__).resolve().parent.parent / "figures.json"


def data(request: HttpRequest) -> HttpResponse:
    """``/about/data/``"""
    context = {
        "state": atlas_state(),
        "sources": attribution(),
        "figures": measured_figures(),
        "twinning_count": Twinning.objects.count(),
        "presets": presets(),
        "blocks": blocks(),
    }
    return render(request, "web/about_data.html", context)


def gallery(request: HttpRequest) -> HttpResponse:
    """``/gallery/``: every component, for those who build pages and for the accessibility test."""
    if not settings.GALLERY:
        raise Http404
    return render(request, "web/gallery.html", samples())


def measured_figures() -> list[dict[str, Any]]:
    """What was measured, with the command that measures it and the day; empty until there is something."""
    if not FIGURES.exists():
        return []
    figures: list[dict[str, Any]] = json.loads(FIGURES.read_text(encoding="utf-8"))["figures"]
    return figures
