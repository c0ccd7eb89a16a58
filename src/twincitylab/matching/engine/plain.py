"""The engine's answers as plain dictionaries and lists, one shape for the JSON API and the command line."""

from typing import Any

from twincitylab.matching.engine.results import (
    BlockShare,
    CityCard,
    FairProgress,
    Match,
    MatchList,
    PairAnalysis,
    Preset,
    TwinningFact,
    WorkingHours,
)

Plain = dict[str, Any]


def plain_city(city: CityCard) -> Plain:
    """The facts of one city."""
    return {
        "geonameid": city.geonameid,
        "name": city.name,
        "slug": city.slug,
        "country": city.country,
        "country_name": city.country_name,
        "continent": city.continent,
        "population": city.population,
        "latitude": city.latitude,
        "longitude": city.longitude,
        "timezone": city.timezone,
        "climate": city.climate,
        "climate_words": city.climate_words,
        "sea_km": round(city.sea_km, 1),
        "twin_count": city.twin_count,
        "beside": city.beside_name,
        "languages": [
            {"code": language.code, "name": language.name, "share": round(language.share, 4)}
            for language in city.languages
        ],
    }


def plain_match_list(found: MatchList) -> Plain:
    """A whole list with everything that explains it."""
    return {
        "city": plain_city(found.city),
        "preset": plain_preset(found.preset),
        "weights": {name: round(weight, 4) for name, weight in found.weights.items()},
        "is_personal": found.is_personal,
        "origin": found.origin.value,
        "note": found.note,
        "fair_lists": plain_progress(found.fair),
        "certificate": None
        if found.proof is None
        else {
            "exact": found.proof.exact,
            "threshold": found.proof.threshold,
            "bound": found.proof.bound,
            "examined": found.proof.examined,
        },
        "candidate_count": found.candidate_count,
        "matches": [plain_match(match) for match in found.matches],
        "advice": [
            {"filter": hint.field, "count": hint.count, "sentence": hint.sentence} for hint in found.advice
        ],
        "advice_sentence": found.advice_sentence,
        "compared": None if found.compared is None else plain_match(found.compared),
    }


def plain_match(match: Match) -> Plain:
    """One ranked candidate."""
    return {
        "rank": match.rank,
        "city": plain_city(match.city),
        "score": round(match.score, 6),
        "benefit_here": round(match.benefit_here, 6),
        "benefit_there": round(match.benefit_there, 6),
        "distance_km": round(match.distance_km, 1),
        "is_twinned": match.is_twinned,
        "reasons": [reason.text for reason in match.reasons],
        "blocks": [_block(share) for share in match.blocks],
    }


def brief_match(match: Match) -> Plain:
    """The short form of the many-cities command."""
    return {
        "geonameid": match.city.geonameid,
        "name": match.city.name,
        "country": match.city.country,
        "score": round(match.score, 6),
        "reasons": [reason.text for reason in match.reasons],
    }


def plain_preset(preset: Preset) -> Plain:
    """A preset with its rules."""
    rules = preset.rules
    return {
        "key": preset.key,
        "label": preset.label,
        "sentence": preset.sentence,
        "weights": {name: round(weight, 4) for name, weight in preset.weights.items()},
        "rules": {
            "abroad": rules.abroad,
            "per_country": rules.per_country,
            "other_continent": rules.other_continent,
            "few_twinnings_first": rules.few_twinnings_first,
            "learned": rules.learned,
        },
    }


def plain_progress(progress: FairProgress) -> Plain:
    """Where fair lists stand."""
    return {
        "state": progress.state.value,
        "fraction": round(progress.fraction, 4),
        "started_at": progress.started_at,
        "finished_at": progress.finished_at,
        "sentence": progress.sentence,
    }


def plain_pair(pair: PairAnalysis) -> Plain:
    """The potential analysis of two cities."""
    return {
        "a": plain_city(pair.a),
        "b": plain_city(pair.b),
        "score": round(pair.score, 6),
        "benefit_a": round(pair.benefit_a, 6),
        "benefit_b": round(pair.benefit_b, 6),
        "blocks": [_block(share) for share in pair.blocks],
        "scores": [
            {
                "preset": score.preset.key,
                "score": round(score.score, 6),
                "benefit_a": round(score.benefit_a, 6),
                "benefit_b": round(score.benefit_b, 6),
            }
            for score in pair.scores
        ],
        "shared": [reason.text for reason in pair.shared],
        "differences": [reason.text for reason in pair.differences],
        "hours": _hours(pair.hours),
        "languages": [
            {
                "code": one.code,
                "name": one.name,
                "share_a": round(one.share_a, 4),
                "share_b": round(one.share_b, 4),
            }
            for one in pair.languages
        ],
        "distance_km": round(pair.distance_km, 1),
        "distance": pair.distance_sentence,
        "climate": pair.climate_sentence,
        "sea": pair.sea_sentence,
        "common_twins": [plain_city(city) for city in pair.common_twins],
        "common_twin_count": pair.common_twin_count,
        "twins_of_twins": [[path.via_a.slug, path.via_b.slug] for path in pair.paths],
        "twins_of_twins_count": pair.path_count,
        "twinning": None if pair.twinning is None else _twinning(pair.twinning),
        "next_step": {
            "key": pair.next_step.key,
            "title": pair.next_step.title,
            "sentence": pair.next_step.sentence,
        },
        "attribution": list(pair.attribution),
    }


def _block(share: BlockShare) -> Plain:
    return {
        "name": share.name,
        "label": share.label,
        "value": round(share.value, 4),
        "weight": round(share.weight, 4),
        "contribution": round(share.contribution, 4),
    }


def _hours(hours: WorkingHours) -> Plain:
    return {
        "day": hours.day,
        "timezone_a": hours.timezone_a,
        "timezone_b": hours.timezone_b,
        "offset_a": hours.offset_a,
        "offset_b": hours.offset_b,
        "shared_hours": hours.shared_hours,
        "local_a": list(hours.local_a),
        "local_b": list(hours.local_b),
        "sentence": hours.sentence,
        "year_sentence": hours.year_sentence,
        "seasons": [
            {"first": one.first, "last": one.last, "shared_hours": one.shared_hours} for one in hours.seasons
        ],
    }


def _twinning(fact: TwinningFact) -> Plain:
    return {
        "kind": fact.kind,
        "status": fact.status,
        "since": fact.since,
        "until": fact.until,
        "reason": fact.reason,
        "source": fact.source_title,
        "licence": fact.source_licence,
    }
