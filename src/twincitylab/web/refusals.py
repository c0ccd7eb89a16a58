"""What a page answers when it cannot do what was asked: a plain sentence, the right status, a way on."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps

from django.db import DatabaseError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
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
from twincitylab.base.rate import per_minute
from twincitylab.matching.engine.results import InvalidRequest
from twincitylab.web.queries import perhaps_meant

View = Callable[..., HttpResponseBase]


class TooManyRequests(Exception):
    """One address asked for more than its share of what takes long."""


@dataclass(frozen=True)
class Problem:
    """A field by its name in the address and on the form, and what would be right."""

    name: str
    sentence: str
    label: str = ""


def admit(request: HttpRequest) -> None:
    """Count what is computed for one visitor alone against the minute of the address."""
    if not per_minute.allow_request(request):
        raise TooManyRequests


def plainly(view: View) -> View:
    """Turn what the atlas and the engine refuse into pages."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except UnknownCountry as unknown:
            return not_found(request, sentence=str(unknown))
        except UnknownCity as unknown:
            nearest = unknown.nearest or perhaps_meant(unknown.text)
            return not_found(request, sentence=str(unknown), nearest=nearest)
        except AmbiguousCity as ambiguous:
            return not_found(request, sentence=str(ambiguous), nearest=ambiguous.choices)
        except InvalidRequest as invalid:
            return unprocessable(request, problems=[Problem(invalid.field, str(invalid))])
        except TooManyRequests:
            return too_many(request)
        except AtlasMissing as missing:
            return no_atlas(request, sentence=str(missing))
        except DatabaseError:
            if atlas_state().is_ready:
                raise
            return no_atlas(request)

    return answer


def not_found(request: HttpRequest, *, sentence: str, nearest: Sequence[CityHit] = ()) -> HttpResponse:
    """404 with the nearest names."""
    return render(request, "404.html", {"sentence": sentence, "nearest": nearest}, status=404)


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
