"""What the API answers when it cannot do what was asked: a sentence, the right status, a way on."""

import math
from collections.abc import Callable, Sequence
from typing import Any

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.decorators import decorate_view
from ninja.errors import HttpError, Throttled, ValidationError

from twincitylab.atlas.queries import AmbiguousCity, AtlasMissing, CityHit, UnknownCity, atlas_state
from twincitylab.matching.engine.results import InvalidRequest

Problem = dict[str, str]
View = Callable[..., Any]


def teach(api: NinjaAPI) -> None:
    """Register an answer for everything that may be refused."""

    def handle(kind: type[Exception], answer: Callable[[Any], tuple[int, dict[str, Any]]]) -> None:
        def handler(request: HttpRequest, refused: Any) -> HttpResponse:
            status, content = answer(refused)
            return api.create_response(request, content, status=status)

        api.add_exception_handler(kind, handler)

    handle(ValidationError, _unreadable)
    handle(InvalidRequest, _invalid)
    handle(UnknownCity, lambda unknown: (404, _refusal(str(unknown), hits=unknown.nearest)))
    handle(AmbiguousCity, lambda several: (409, _refusal(str(several), hits=several.choices)))
    handle(AtlasMissing, lambda missing: (503, _refusal(str(missing))))
    handle(DatabaseError, _database)
    handle(Http404, lambda _nothing: (404, _refusal(_("There is nothing at this address."))))

    @api.exception_handler(HttpError)
    def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
        return api.create_response(request, _refusal(str(error)), status=error.status_code)

    @api.exception_handler(Throttled)
    def too_many(request: HttpRequest, error: Throttled) -> HttpResponse:
        seconds = max(math.ceil(error.wait or 1), 1)
        message = _("Too many requests. Ask again in %(seconds)s seconds.") % {"seconds": seconds}
        response = api.create_response(request, _refusal(message), status=429)
        response["Retry-After"] = str(seconds)
        return response


def only(query: type[Schema] | None = None) -> Callable[[View], View]:
    """Refuses what an address does not ask for: a misspelt filter must not silently filter nothing."""
    known = [] if query is None else list(query.model_fields)

    def around(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if unknown := [name for name in request.GET if name not in known]:
                return _unknown(unknown, known=known)
            return run(request, *args, **kwargs)

        return checked

    return decorate_view(around)


def _unknown(names: Sequence[str], *, known: Sequence[str]) -> HttpResponse:
    message = _("This address asks for nothing of this name.")
    if known:
        message = _("There is no such parameter. Choose from: %(names)s.") % {"names": ", ".join(known)}
    problems = [{"field": name[:40], "message": message} for name in names]
    return JsonResponse(_refusal(_sentence(problems), problems=problems), status=422)


def nothing_here(request: HttpRequest) -> HttpResponse:
    """The answer at an address the API does not have."""
    return JsonResponse(_refusal(_("There is nothing at this address.")), status=404)


def _unreadable(error: ValidationError) -> tuple[int, dict[str, Any]]:
    problems = [_problem(one) for one in error.errors]
    return 422, _refusal(_sentence(problems), problems=problems)


def _invalid(error: InvalidRequest) -> tuple[int, dict[str, Any]]:
    problems = [{"field": error.field, "message": str(error)}]
    return 422, _refusal(_sentence(problems), problems=problems)


def _database(error: DatabaseError) -> tuple[int, dict[str, Any]]:
    # A database without tables is an atlas that is not there; anything else is a fault of ours.
    if atlas_state().is_ready:
        raise error
    return _missing()


def _missing() -> tuple[int, dict[str, Any]]:
    return 503, _refusal(str(AtlasMissing()))


def _problem(error: dict[str, Any]) -> Problem:
    place = [str(part) for part in error.get("loc", ())]
    return {"field": place[-1] if place else "", "message": _plain(error)}


def _plain(error: dict[str, Any]) -> str:
    """What would be right, in words."""
    limits = {name: error.get("ctx", {}).get(name) for name in ("ge", "le", "min_length", "max_length")}
    sentences = {
        "missing": _("This is needed."),
        "int_parsing": _("This must be a whole number."),
        "int_parsing_size": _("This number is too large."),
        "int_from_float": _("This must be a whole number."),
        "float_parsing": _("This must be a number."),
        "finite_number": _("This must be a number."),
        "bool_parsing": _("This must be true or false."),
        "greater_than_equal": _("This must be at least %(ge)s."),
        "less_than_equal": _("This must be at most %(le)s."),
        "string_too_short": _("This must not be empty."),
        "string_too_long": _("This may have at most %(max_length)s characters."),
        "string_pattern_mismatch": _("This must be a code of two letters, such as DE."),
    }
    sentence = sentences.get(str(error.get("type")))
    return sentence % limits if sentence else str(error.get("msg", "")).removeprefix("Value error, ")


def _sentence(problems: Sequence[Problem]) -> str:
    return " ".join(f"{problem['field']}: {problem['message']}" for problem in problems)


def _refusal(
    message: str, *, problems: Sequence[Problem] = (), hits: Sequence[CityHit] = ()
) -> dict[str, Any]:
    return {"message": message, "problems": list(problems), "choices": [plain_hit(hit) for hit in hits]}


def plain_hit(hit: CityHit) -> dict[str, Any]:
    """A city found by name, as JSON says it."""
    return {
        "geonameid": hit.geonameid,
        "slug": hit.slug,
        "name": hit.name,
        "country": hit.country,
        "country_name": hit.country_name,
        "population": hit.population,
        "matched_name": hit.matched_name,
        "region": hit.region,
    }
