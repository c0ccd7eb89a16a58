"""What the API answers when it cannot do what was asked: a sentence, the right status, a way on."""

import math
from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, RequestDataTooBig
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.decorators import decorate_view
from ninja.errors import HttpError, Throttled, ValidationError

from twincitylab.api.bearer import TokenRefused
from twincitylab.atlas.queries import AmbiguousCity, AtlasMissing, CityHit, UnknownCity, atlas_state
from twincitylab.community.rules.refusals import Refused
from twincitylab.matching.engine.results import InvalidRequest

Problem = dict[str, str]
View = Callable[..., Any]
SECONDS_OF_GATHERING = 3
UNREADABLE = 400


class Overtaken(Exception):
    """Somebody was quicker: ``current`` is how it stands now, ``yours`` what was sent."""

    def __init__(self, message: str, *, current: dict[str, Any], yours: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.current, self.yours = current, yours or {}


class UnclearCity(Exception):
    """What was sent names no city, or several; ``hits`` are those it may mean."""

    def __init__(self, message: str, *, hits: Sequence[CityHit]) -> None:
        super().__init__(message)
        self.hits = hits


class Gathering(Exception):
    """The answer is being prepared; ask again in a few seconds."""


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
    handle(UnclearCity, _unclear)
    handle(Refused, _refused)
    handle(Overtaken, _overtaken)
    handle(DatabaseError, _database)
    for nothing in (Http404, ObjectDoesNotExist):
        handle(nothing, lambda _nothing: (404, _refusal(_("There is nothing at this address."))))
    handle(PermissionDenied, lambda _denied: (403, _refusal(_not_yours())))
    handle(RequestDataTooBig, lambda _big: (413, _refusal(_("This is too much at once."))))
    _teach_ways_on(api)


def _teach_ways_on(api: NinjaAPI) -> None:
    """Refusals whose status or header says how to go on."""

    @api.exception_handler(TokenRefused)
    def who(request: HttpRequest, refused: TokenRefused) -> HttpResponse:
        response = api.create_response(request, _refusal(str(refused)), status=401)
        response["WWW-Authenticate"] = "Bearer"
        return response

    @api.exception_handler(Gathering)
    def later(request: HttpRequest, _gathering: Gathering) -> HttpResponse:
        message = _("The communities are being read. Ask again in a few seconds.")
        response = api.create_response(request, _refusal(message), status=503)
        response["Retry-After"] = str(SECONDS_OF_GATHERING)
        return response

    @api.exception_handler(HttpError)
    def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
        message = (
            str(error) if error.status_code != UNREADABLE else _('Send JSON, such as {"name": "value"}.')
        )
        return api.create_response(request, _refusal(message), status=error.status_code)

    @api.exception_handler(Throttled)
    def too_many(request: HttpRequest, error: Throttled) -> HttpResponse:
        seconds = max(math.ceil(error.wait or 1), 1)
        message = _("Too many requests. Ask again in %(seconds)s seconds.") % {"seconds": seconds}
        response = api.create_response(request, _refusal(message), status=429)
        response["Retry-After"] = str(seconds)
        return response


def only(query: type[Schema] | None = None) -> Callable[[View], View]:
    """Refuses what an address does not ask for: a misspelt filter must not silently filter nothing."""
    fields = {} if query is None else query.model_fields
    known = [field.alias or name for name, field in fields.items()]

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


def only_so(method: str, *, takes: Sequence[str]) -> HttpResponse:
    """The answer to a method that an address does not take."""
    words = {"method": method[:20], "methods": ", ".join(takes)}
    message = _("This address does not answer %(method)s. It takes %(methods)s.") % words
    response = JsonResponse(_refusal(message), status=405)
    response["Allow"] = ", ".join(takes)
    return response


def _unreadable(error: ValidationError) -> tuple[int, dict[str, Any]]:
    problems = [_problem(one) for one in error.errors]
    return 422, _refusal(_sentence(problems), problems=problems)


def _invalid(error: InvalidRequest) -> tuple[int, dict[str, Any]]:
    problems = [{"field": error.field, "message": str(error)}]
    return 422, _refusal(_sentence(problems), problems=problems)


def _unclear(city: UnclearCity) -> tuple[int, dict[str, Any]]:
    problems = [{"field": "city", "message": str(city)}]
    return 422, _refusal(_sentence(problems), problems=problems, hits=city.hits)


def _refused(refused: Refused) -> tuple[int, dict[str, Any]]:
    if not refused.field:
        return 422, _refusal(refused.message)
    problems = [{"field": refused.field, "message": refused.message}]
    return 422, _refusal(_sentence(problems), problems=problems)


def _overtaken(overtaken: Overtaken) -> tuple[int, dict[str, Any]]:
    return 409, {**_refusal(str(overtaken)), "current": overtaken.current, "yours": overtaken.yours}


def _not_yours() -> str:
    return _("You may not do this here: it is for those who have a seat in it, or who act for it.")


def _database(error: DatabaseError) -> tuple[int, dict[str, Any]]:
    # A database without tables is an atlas that is not there; anything else is a fault of ours.
    if atlas_state().is_ready:
        raise error
    return _missing()


def _missing() -> tuple[int, dict[str, Any]]:
    return 503, _refusal(str(AtlasMissing()))


def _problem(error: dict[str, Any]) -> Problem:
    # A number is a place in a list: the list is what has a name.
    place = [str(part) for part in error.get("loc", ()) if not isinstance(part, int)]
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
        "string_type": _("This must be a text."),
        "list_type": _("This must be a list."),
        "too_long": _("This may have at most %(max_length)s entries."),
        "extra_forbidden": _("This address asks for nothing of this name."),
        "uuid_parsing": _("This must be a UUID, made anew for each thing that is created."),
        "date_from_datetime_parsing": _("Write the day as year-month-day, such as 2026-03-31."),
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
