"""What a page answers when it cannot do what was asked: a plain sentence, the right status, a way on."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import is_valid_path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twincitylab.atlas.queries import (
    AmbiguousCity,
    AtlasMissing,
    CityHit,
    UnknownCity,
    UnknownCountry,
    atlas_state,
)
from twincitylab.base.rate import TooManyRequests, per_minute
from twincitylab.matching.engine.results import InvalidRequest
from twincitylab.web.queries import perhaps_meant


@dataclass(frozen=True)
class Problem:
    """A field by its name in the address and on the form, and what would be right."""

    name: str
    sentence: str
    label: str = ""


def plain_answer(request: HttpRequest, refused: Exception) -> HttpResponseBase | None:
    """The page for what the atlas, the engine or the database refuses; None for a fault of ours."""
    match refused:
        case UnknownCountry():
            return not_found(request, sentence=str(refused))
        case UnknownCity():
            nearest = refused.nearest or perhaps_meant(refused.text)
            return not_found(request, sentence=str(refused), nearest=nearest)
        case AmbiguousCity():
            return not_found(request, sentence=str(refused), nearest=refused.choices)
        case InvalidRequest():
            return unprocessable(request, problems=[Problem(refused.field, str(refused))])
        case TooManyRequests():
            return too_many(request)
        case AtlasMissing():
            return no_atlas(request, sentence=str(refused))
        case DatabaseError() if not atlas_state().is_ready:
            return no_atlas(request)
        case DatabaseError() if _is_of_an_earlier_version():
            sentence = _("The database is of an earlier version. Run `twincitylab setup` to renew it.")
            return no_atlas(request, sentence=sentence)
    return None


def _is_of_an_earlier_version() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def not_found(request: HttpRequest, *, sentence: str, nearest: Sequence[CityHit] = ()) -> HttpResponse:
    """404 with the nearest names."""
    return render(request, "404.html", {"sentence": sentence, "nearest": nearest}, status=404)


def not_taken(request: HttpRequest) -> HttpResponse:
    """405 that leads to the page where the form stands; for GET on an address that only takes a form."""
    is_form = request.method not in {"GET", "HEAD"}
    above = request.path if is_form else page_above(request.path)
    return render(request, "405.html", {"is_form": is_form, "above": above}, status=405)


def page_above(path: str) -> str:
    """The nearest address above this one at which something answers; for most forms the page they stand on.

    >>> page_above("/introductions/7/answer/")
    '/introductions/7/'
    """
    parts = path.strip("/").split("/")
    for count in range(len(parts) - 1, 0, -1):
        above = f"/{'/'.join(parts[:count])}/"
        if is_valid_path(above):
            return above
    return "/"


def no_atlas(request: HttpRequest, *, sentence: str = "") -> HttpResponse:
    """503 that says how the atlas is loaded."""
    return render(request, "503.html", {"sentence": sentence}, status=503)


def too_many(request: HttpRequest) -> HttpResponse:
    """429 that says when to come back."""
    seconds = max(1, math.ceil(per_minute.wait()))
    words = {"seconds": seconds}
    sentence = (
        ngettext("Try again in %(seconds)s second.", "Try again in %(seconds)s seconds.", seconds) % words
    )
    headers = {"Retry-After": str(seconds)}
    if request.path.endswith(".json"):
        return JsonResponse({"problems": {"": sentence}}, status=429, headers=headers)
    response = render(request, "web/too_many.html", {"sentence": sentence}, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


def unprocessable(
    request: HttpRequest, *, problems: Iterable[Problem], form: BaseForm | None = None
) -> HttpResponse:
    """422 that names each field and says what would be right; the form keeps what was typed."""
    context = {"problems": list(problems), "form": form}
    return render(request, "web/unprocessable.html", context, status=422)


def form_problems(form: BaseForm) -> list[Problem]:
    """What is wrong with each field."""
    return [
        Problem(
            name if name in form.fields else _("the whole form"),
            " ".join(map(str, errors)),
            str(form.fields[name].label or "") if name in form.fields else "",
        )
        for name, errors in form.errors.items()
    ]
