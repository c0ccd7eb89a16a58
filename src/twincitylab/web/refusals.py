"""What a page answers when it cannot do what was asked: a plain sentence, the right status, a way on."""

from collections.abc import Callable, Iterable, Sequence
from functools import wraps

from django.db import DatabaseError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from twincitylab.atlas.queries import (
    AmbiguousCity,
    AtlasMissing,
    CityHit,
    UnknownCity,
    UnknownCountry,
    atlas_state,
)
from twincitylab.matching.engine.results import InvalidRequest
from twincitylab.web.queries import perhaps_meant

View = Callable[..., HttpResponseBase]


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
            return unprocessable(request, problems=[(invalid.field, str(invalid))])
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


def unprocessable(
    request: HttpRequest, *, problems: Iterable[tuple[str, str]], form: BaseForm | None = None
) -> HttpResponse:
    """422 that names each field and says what would be right; the form keeps what was typed."""
    context = {"problems": list(problems), "form": form}
    return render(request, "web/unprocessable.html", context, status=422)


def form_problems(form: BaseForm) -> list[tuple[str, str]]:
    """The name of each field as it stands in the address, and what is wrong with it."""
    return [
        (name if name != "__all__" else _("the whole form"), " ".join(map(str, errors)))
        for name, errors in form.errors.items()
    ]
