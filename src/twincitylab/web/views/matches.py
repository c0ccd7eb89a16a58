"""The ranked partners of a city: as a page, as CSV and as JSON."""

import csv
import dataclasses
from io import StringIO

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from twincitylab.atlas.models import City
from twincitylab.atlas.queries import AmbiguousCity, UnknownCity, require_atlas, resolve_city
from twincitylab.base.components.cards import Chip
from twincitylab.base.rate import admit
from twincitylab.base.text import inert_cell
from twincitylab.community.queries.directory_places import community_counts
from twincitylab.matching.engine import fair_progress, matches_for
from twincitylab.matching.engine.presets import find_preset, presets
from twincitylab.matching.engine.results import LIMITS, MatchList, Relaxation
from twincitylab.web.forms import MatchForm, slider_positions
from twincitylab.web.refusals import form_problems, unprocessable


def matches(request: HttpRequest, slug: str) -> HttpResponse:
    """``/cities/<slug>/matches/``"""
    require_atlas()
    city = resolve_city(slug)
    if city.slug != slug:
        return redirect("web:matches", city.slug)
    form = MatchForm(request.GET)
    if not form.is_valid():
        return unprocessable(request, problems=form_problems(form), form=form)
    if form.weights is not None:
        admit(request)
    other, choices, refusal = _compared(form.cleaned_data["compare"], city=city)
    found = _found(city, form=form, compare_with=other.pk if other else None)
    context = {
        "city": city,
        "form": form,
        "found": found,
        "communities": _communities(found),
        "chips": _chips(city, current=found.preset.key, asked=request.GET),
        "sliders": _sliders(form, found=found),
        "query": _without(request.GET, "compare").urlencode(),
        "ways_out": [_way_out(advice, city=city, asked=request.GET) for advice in found.advice],
        "compare_choices": choices,
        "compare_refusal": refusal,
    }
    return render(request, "web/matches.html", context)


def matches_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """``/cities/<slug>/matches.csv``: the list as a table, with its reasons."""
    require_atlas()
    city = resolve_city(slug)
    form = MatchForm(request.GET)
    if not form.is_valid():
        return unprocessable(request, problems=form_problems(form))
    admit(request)
    table = StringIO()
    writer = csv.writer(table)
    head = ("rank", "geonameid", "name", "country", "population", "score", "benefit_here", "benefit_there")
    writer.writerow((*head, "distance_km", "reasons"))
    for match in _found(city, form=form).matches:
        partner = match.city
        facts = (match.rank, partner.geonameid, inert_cell(partner.name), partner.country, partner.population)
        figures = (match.score, match.benefit_here, match.benefit_there)
        words = inert_cell(" ".join(str(reason) for reason in match.reasons))
        writer.writerow((*facts, *(f"{figure:.4f}" for figure in figures), round(match.distance_km), words))
    return _file(HttpResponse(table.getvalue(), "text/csv; charset=utf-8"), f"matches-{city.slug}.csv")


def matches_json(request: HttpRequest, slug: str) -> HttpResponse:
    """``/cities/<slug>/matches.json``: the list with everything the page knows."""
    require_atlas()
    city = resolve_city(slug)
    form = MatchForm(request.GET)
    if not form.is_valid():
        problems = {problem.name: problem.sentence for problem in form_problems(form)}
        return JsonResponse({"problems": problems}, status=422)
    admit(request)
    found = _found(city, form=form)
    content = {
        "city": dataclasses.asdict(found.city),
        "preset": found.preset.key,
        "weights": dict(found.weights),
        "origin": found.origin,
        "note": found.note,
        "matches": [dataclasses.asdict(match) for match in found.matches],
    }
    options = {"ensure_ascii": False}
    return _file(JsonResponse(content, json_dumps_params=options), f"matches-{city.slug}.json")


def progress(request: HttpRequest, preset: str) -> HttpResponse:
    """``/matching/<preset>/progress.json``: how far the lists for everyone are."""
    state = fair_progress(find_preset(preset).key)
    return JsonResponse(
        {"percent": state.percent, "is_ready": state.state == "ready", "sentence": state.sentence}
    )


def _communities(found: MatchList) -> dict[int, int]:
    """How many communities anybody may find in each city of the list."""
    shown = [*found.matches, *([found.compared] if found.compared else [])]
    return community_counts([match.city.geonameid for match in shown])


def _found(city: City, *, form: MatchForm, compare_with: int | None = None) -> MatchList:
    return matches_for(
        city.pk,
        preset=form.preset_used.key,
        weights=form.weights,
        filters=form.filters,
        top=form.cleaned_data["top"] or LIMITS.usual_top,
        compare_with=compare_with,
    )


def _compared(text: str, *, city: City) -> tuple[City | None, list[object], str]:
    """The city to compare with; or the choices, and why there is none."""
    if not text.strip():
        return None, [], ""
    try:
        other = resolve_city(text)
    except UnknownCity as unknown:
        return None, list(unknown.nearest), str(unknown)
    except AmbiguousCity as ambiguous:
        return None, list(ambiguous.choices), str(ambiguous)
    if other.pk == city.pk:
        return None, [], _("A city cannot be compared with itself. Name another one.")
    return other, [], ""


def _chips(city: City, *, current: str, asked: QueryDict) -> list[Chip]:
    """The presets: filters stay, weights go, because they were those of another preset."""
    weights = [name for name in asked if name.startswith("w_")]
    kept = _without(asked, "preset", "compare", *weights)
    address = reverse("web:matches", args=[city.slug])
    return [
        Chip(
            preset.label,
            f"{address}?{_with(kept, preset=preset.key).urlencode()}",
            preset.key == current,
            preset.sentence,
        )
        for preset in presets()
    ]


def _way_out(advice: Relaxation, *, city: City, asked: QueryDict) -> tuple[str, str]:
    """What to drop for a list that is not empty: the address without it, and the sentence."""
    is_by_rule = advice.field in {"own_country", "include_twinned"}
    rest = _with(asked, **{advice.field: "on"}) if is_by_rule else _without(asked, advice.field)
    return f"{reverse('web:matches', args=[city.slug])}?{rest.urlencode()}", advice.sentence


def _sliders(form: MatchForm, *, found: MatchList) -> list[dict[str, object]]:
    positions = slider_positions(found.weights)
    names = [name for name in form.fields if name.startswith("w_")]
    return [
        {
            "name": name,
            "label": form.fields[name].label,
            "hint": form.fields[name].help_text,
            "value": positions.get(name.removeprefix("w_"), 0),
        }
        for name in names
    ]


def _without(params: QueryDict, *names: str) -> QueryDict:
    copy = params.copy()
    for name in names:
        copy.pop(name, None)
    return copy


def _with(params: QueryDict, **values: str) -> QueryDict:
    copy = params.copy()
    for name, value in values.items():
        copy[name] = value
    return copy


def _file(response: HttpResponse, name: str) -> HttpResponse:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
