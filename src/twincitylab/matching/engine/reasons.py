"""Two or three sentences why a match fits: each concrete, each true by the atlas, the strongest first."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twincitylab.matching.engine.clocks import say_half_hours
from twincitylab.matching.engine.facts import OFFICE_DAY, PairFacts
from twincitylab.matching.engine.results import BlockShare, Reason, Rules
from twincitylab.matching.engine.words import (
    BY_THE_SEA_KM,
    about,
    count_words,
    kilometres,
    listed,
    number,
    percent,
)

MOST_REASONS = 3
FEWEST_REASONS = 2
LIKE_SIZE = 0.8
NEARLY_LIKE_SIZE = 1 / 1.35
UNLIKE_SIZE = 0.6
NEAR_KM = 400.0
ACROSS_THE_BORDER_KM = 300.0
# The tropics and their edge have no winter to speak of: São Paulo lies a breath beyond the tropic itself.
WINTERS_FROM_LATITUDE = 25.0
NEAR_THE_SEA_KM = 30.0
NOT_FAR_FROM_THE_SEA_KM = 100.0
FAR_INLAND_KM = 300.0
FEWEST_SPEAKERS = 0.1
# A sentence that stood beside earlier matches of the same list says less each time, and so does its kind,
# but never so little that something weak is told instead.
SAME_AGAIN, KIND_AGAIN = 0.65, 0.93
LEAST_LEFT = 0.2
# A factor without weight may still be told, but seldom instead of one that counts.
UNWEIGHTED = 0.35


@dataclass(frozen=True)
class _Candidate:
    """A reason not yet put into words; a spare one is told only where there are too few others."""

    block: str
    strength: float
    say: Callable[[PairFacts], str]
    sameness: object
    is_by_rule: bool = False
    is_spare: bool = False


def reasons_for(
    facts: PairFacts,
    *,
    weights: Mapping[str, float],
    rules: Rules,
    blocks: tuple[BlockShare, ...] = (),
    told: Counter[object] | None = None,
) -> tuple[Reason, ...]:
    """The two or three reasons of different kinds that say most about this match, the strongest among them.

    ``told`` counts what the list said before: what is particular about this match comes before what many
    have in common.
    """
    told = Counter() if told is None else told
    values = {share.name: share.there for share in blocks}
    worths = _best_of_each_kind(
        ((_worth(candidate, weights), candidate) for candidate in _candidates(facts, rules, values)), told
    )
    strongest = max(worths, key=lambda pair: (not pair[1].is_spare, pair[0]))
    news = sorted(
        ((_left(candidate, worth, told), candidate) for worth, candidate in worths),
        key=lambda pair: (pair[1] is not strongest[1], pair[1].is_spare, -pair[0]),
    )[:MOST_REASONS]
    count = max(FEWEST_REASONS, sum(not candidate.is_spare for _strength, candidate in news))
    news = news[:count]
    for _strength, candidate in news:
        told.update((candidate.block, (candidate.block, candidate.sameness)))
    return tuple(
        Reason(candidate.block, candidate.say(facts), round(min(strength, 1.0), 4))
        for strength, candidate in sorted(news, key=lambda pair: (pair[1].is_spare, -pair[0]))
    )


def _worth(candidate: _Candidate, weights: Mapping[str, float]) -> float:
    """How strong a reason is under these weights."""
    heaviest = max(weights.values(), default=1.0)
    importance = 1.0 if candidate.is_by_rule else weights.get(candidate.block, 0.0) / heaviest
    return candidate.strength * (UNWEIGHTED + (1 - UNWEIGHTED) * importance)


def _left(candidate: _Candidate, worth: float, told: Counter[object]) -> float:
    """What a reason is still worth after what the list said before."""
    again = SAME_AGAIN ** told[candidate.block, candidate.sameness] * KIND_AGAIN ** told[candidate.block]
    return float(worth * max(again, LEAST_LEFT))


def _best_of_each_kind(
    worths: Iterator[tuple[float, _Candidate]], told: Counter[object]
) -> list[tuple[float, _Candidate]]:
    best: dict[str, tuple[float, _Candidate]] = {}
    for worth, candidate in worths:
        known = best.get(candidate.block)
        if known is None or _rank(candidate, worth, told) > _rank(known[1], known[0], told):
            best[candidate.block] = (worth, candidate)
    return list(best.values())


def _rank(candidate: _Candidate, worth: float, told: Counter[object]) -> tuple[bool, float]:
    return not candidate.is_spare, _left(candidate, worth, told)


def strengths_shared(facts: PairFacts, *, but: Collection[str] = ()) -> tuple[Reason, ...]:
    """Everything two cities share, one sentence per factor, the strongest first; for the pair page.

    ``but`` names the factors in which they differ. How far apart they are is said elsewhere.
    """
    ranked = sorted(_candidates(facts, Rules(), {}), key=lambda candidate: -candidate.strength)
    best: dict[str, Reason] = {}
    for candidate in ranked:
        if not candidate.is_spare and candidate.block not in {"place", *but}:
            best.setdefault(
                candidate.block, Reason(candidate.block, candidate.say(facts), candidate.strength)
            )
    return tuple(best.values())


def _candidates(facts: PairFacts, rules: Rules, values: Mapping[str, float]) -> Iterator[_Candidate]:
    yield from _ties(facts, values)
    yield from _language(facts)
    yield from _size(facts)
    yield from _hours(facts)
    yield from _climate(facts)
    yield from _sea(facts)
    yield from _place(facts, rules)
    if rules.few_twinnings_first and facts.is_covered and facts.b.twin_count < 2:
        yield _Candidate(
            "twinnings",
            0.9 - 0.2 * facts.b.twin_count,
            _say_few_twinnings,
            facts.b.twin_count,
            is_by_rule=True,
        )


def _size(facts: PairFacts) -> Iterator[_Candidate]:
    small, large = sorted((facts.a.population, facts.b.population))
    ratio = small / large if large else 0.0
    if ratio >= LIKE_SIZE:
        yield _Candidate("size", ratio, _say_same_size, about((small + large) / 2))
    elif ratio >= NEARLY_LIKE_SIZE:
        yield _Candidate("size", 0.7 * ratio, _say_like_size, (about(small), about(large)))
    elif ratio >= UNLIKE_SIZE:
        yield _spare("size", 0.004, _say_like_size)
    else:
        yield _spare("size", 0.001, _say_sizes)


# A spare reason is weaker than any other, however often that one was told.
def _spare(block: str, strength: float, say: Callable[[PairFacts], str]) -> _Candidate:
    return _Candidate(block, strength, say, say, is_spare=True)


def _say_same_size(facts: PairFacts) -> str:
    mean = (facts.a.population + facts.b.population) / 2
    return _("Both have about %(people)s people.") % {"people": about(mean)}


def _say_like_size(facts: PairFacts) -> str:
    small, large = sorted((facts.a.population, facts.b.population))
    words = {"small": about(small), "large": about(large)}
    return _("Both are cities of %(small)s to %(large)s people.") % words


def _say_sizes(facts: PairFacts) -> str:
    return _("%(a)s has about %(people_a)s people, %(b)s about %(people_b)s.") % {
        "a": facts.a.name,
        "b": facts.b.name,
        "people_a": about(facts.a.population),
        "people_b": about(facts.b.population),
    }


def _hours(facts: PairFacts) -> Iterator[_Candidate]:
    if facts.fewest_hours >= OFFICE_DAY / 2:
        share = facts.fewest_hours / OFFICE_DAY
        yield _Candidate("hours", 0.85 * share, say_hours, (facts.fewest_hours, facts.most_hours))
    elif facts.fewest_hours >= 1:
        yield _spare("hours", 0.003, say_hours)


def say_hours(facts: PairFacts) -> str:
    """How many office hours are shared over the year."""
    if facts.fewest_hours >= OFFICE_DAY:
        return _("All eight office hours are shared.")
    if facts.fewest_hours == facts.most_hours:
        return say_half_hours(facts.fewest_hours) or ngettext(
            "%(hours)s of eight office hours is shared.",
            "%(hours)s of eight office hours are shared.",
            2 if facts.fewest_hours != 1 else 1,
        ) % {"hours": count_words(facts.fewest_hours)}
    if facts.fewest_hours >= 2 and facts.fewest_hours % 1 == facts.most_hours % 1 == 0.5:
        return _(
            "%(fewest)s and a half to %(most)s and a half of eight office hours are shared, "
            "depending on the season."
        ) % {
            "fewest": count_words(facts.fewest_hours // 1),
            "most": count_words(facts.most_hours // 1).lower(),
        }
    return _("%(fewest)s to %(most)s of eight office hours are shared, depending on the season.") % {
        "fewest": count_words(facts.fewest_hours),
        "most": count_words(facts.most_hours).lower(),
    }


def _language(facts: PairFacts) -> Iterator[_Candidate]:
    shared = facts.language
    if shared is None or facts.a.country == facts.b.country:
        return
    fewest = min(shared.share_a, shared.share_b)
    if fewest >= FEWEST_SPEAKERS:
        yield _Candidate("language", 0.95 * fewest**0.5, _say_language, shared.code)


def _say_language(facts: PairFacts) -> str:
    shared = facts.language
    if shared is None:
        return ""
    words = {
        "language": shared.name,
        "a": facts.a.country_name,
        "b": facts.b.country_name,
        "share_a": percent(shared.share_a),
        "share_b": percent(shared.share_b),
    }
    if min(shared.share_a, shared.share_b) >= 0.5:
        return (
            _("People of both countries speak %(language)s (%(a)s %(share_a)s, %(b)s %(share_b)s).") % words
        )
    return (
        _("Some people of both countries speak %(language)s (%(a)s %(share_a)s, %(b)s %(share_b)s).") % words
    )


def _climate(facts: PairFacts) -> Iterator[_Candidate]:
    """Only where the first two letters of Köppen agree: a desert and a monsoon are no common climate."""
    a, b = facts.a.climate, facts.b.climate
    if not a or a[:2] != b[:2]:
        return
    if a[0] in "CD" and not _have_winters(facts):
        yield from _climate_without_winters(facts)
    elif a == b:
        yield _Candidate("climate", 0.8, _say_climate, a)
    elif a[0] in "BCD":
        yield _Candidate("climate", 0.45, _say_climate_group, a[:2])


def _have_winters(facts: PairFacts) -> bool:
    return min(abs(facts.a.latitude), abs(facts.b.latitude)) > WINTERS_FROM_LATITUDE


def _climate_without_winters(facts: PairFacts) -> Iterator[_Candidate]:
    """Highlands of the tropics are mild all year; the rest shares at most how the year is divided."""
    a, b = facts.a, facts.b
    if (
        max(abs(a.latitude), abs(b.latitude)) < WINTERS_FROM_LATITUDE
        and a.climate[2:] == b.climate[2:] == "b"
    ):
        yield _Candidate("climate", 0.6, _say_mild, a.climate[:2])
    elif a.climate[1] == "w":
        yield _Candidate("climate", 0.45, _say_dry_and_wet, a.climate[:2])


def _say_climate(facts: PairFacts) -> str:
    return _("Both have %(climate)s.") % {"climate": facts.a.climate_words}


def _say_climate_group(facts: PairFacts) -> str:
    group = facts.a.climate[:2]
    if group == "BW":
        return _("Rain is scarce in both.")
    if group == "BS":
        return _("It is rather dry in both.")
    return _("Winters are mild in both.") if group[0] == "C" else _("Winters are cold in both.")


def _say_mild(_facts: PairFacts) -> str:
    return _("It is mild in both all year.")


def _say_dry_and_wet(_facts: PairFacts) -> str:
    return _("Both have a dry and a wet season.")


def _sea(facts: PairFacts) -> Iterator[_Candidate]:
    near, far = sorted((facts.a.sea_km, facts.b.sea_km))
    if far < BY_THE_SEA_KM:
        yield _Candidate("sea", 0.85, _say_by_the_sea, "by")
    elif far <= NEAR_THE_SEA_KM:
        yield _Candidate("sea", 0.55, _say_near_the_sea, "near")
    elif far <= NOT_FAR_FROM_THE_SEA_KM:
        yield _spare("sea", 0.006, _say_not_far_from_the_sea)
    elif near >= FAR_INLAND_KM:
        yield _Candidate("sea", 0.35, _say_inland, "inland")


def _say_by_the_sea(_facts: PairFacts) -> str:
    return _("Both lie by the sea.")


def _say_near_the_sea(_facts: PairFacts) -> str:
    return _("Both lie within %(km)s km of the sea.") % {"km": number(NEAR_THE_SEA_KM)}


def _say_not_far_from_the_sea(_facts: PairFacts) -> str:
    return _("Both lie within %(km)s km of the sea.") % {"km": number(NOT_FAR_FROM_THE_SEA_KM)}


def _say_inland(_facts: PairFacts) -> str:
    return _("Both lie far inland, more than %(km)s km from the sea.") % {"km": number(FAR_INLAND_KM)}


def _place(facts: PairFacts, rules: Rules) -> Iterator[_Candidate]:
    km = facts.distance_km
    if rules.other_continent and facts.a.continent != facts.b.continent:
        yield _Candidate("place", 0.9, _say_continent, facts.b.continent, is_by_rule=True)
    elif km <= ACROSS_THE_BORDER_KM:
        yield _Candidate("place", 0.98 - km / 1500, _say_near, km)
    elif km <= NEAR_KM:
        yield _Candidate("place", 0.55 - km / 3000, _say_distance, km)
    elif facts.a.country == facts.b.country:
        yield _spare("place", 0.008, _say_country)
    elif facts.a.continent == facts.b.continent:
        yield _spare("place", 0.005, _say_same_continent)
    else:
        yield _spare("place", 0.0005, _say_continent)


def _say_country(facts: PairFacts) -> str:
    return _("Both are in %(country)s.") % {"country": facts.a.country_name}


def _say_same_continent(facts: PairFacts) -> str:
    return _("Both are in %(continent)s.") % {"continent": facts.a.continent_name}


def _say_continent(facts: PairFacts) -> str:
    return _("%(b)s lies in %(continent)s, %(km)s km away.") % {
        "b": facts.b.name,
        "continent": facts.b.continent_name,
        "km": kilometres(facts.distance_km),
    }


def _say_near(facts: PairFacts) -> str:
    if facts.a.country == facts.b.country:
        return _("Both are in %(country)s, only %(km)s km apart.") % {
            "country": facts.a.country_name,
            "km": kilometres(facts.distance_km),
        }
    return _("Only %(km)s km apart, across the border.") % {"km": kilometres(facts.distance_km)}


def _say_distance(facts: PairFacts) -> str:
    return _("%(km)s km apart.") % {"km": kilometres(facts.distance_km)}


def _ties(facts: PairFacts, values: Mapping[str, float]) -> Iterator[_Candidate]:
    if facts.common_twins:
        yield _Candidate("ties", 1.4, say_common_twins, facts.common_twins)
    elif facts.b.twin_count and values.get("ties", 0.0) >= 0.75:
        yield _Candidate("ties", 0.6, _say_similar_twins, "ties")
    if facts.country_links >= 5 and facts.a.country != facts.b.country:
        yield _Candidate("affinity", 0.5, _say_country_links, facts.b.country)


def say_common_twins(facts: PairFacts) -> str:
    """Which cities both are twinned with."""
    names, more = facts.common_twins[:3], len(facts.common_twins) - 3
    if more <= 0:
        return _("Both are twinned with %(cities)s.") % {"cities": listed(names)}
    return ngettext(
        "Both are twinned with %(cities)s and %(count)s more city.",
        "Both are twinned with %(cities)s and %(count)s more cities.",
        more,
    ) % {"cities": ", ".join(names), "count": number(more)}


def _say_similar_twins(facts: PairFacts) -> str:
    return _("%(b)s is twinned with cities like %(a)s.") % {"a": facts.a.name, "b": facts.b.name}


def _say_country_links(facts: PairFacts) -> str:
    words = {"a": facts.a.country_name, "b": facts.b.country_name, "count": number(facts.country_links)}
    if facts.is_twinned:
        sentence = ngettext(
            "Beside their own, %(count)s twinning is known between %(a)s and %(b)s.",
            "Beside their own, %(count)s twinnings are known between %(a)s and %(b)s.",
            facts.country_links,
        )
    else:
        sentence = ngettext(
            "%(count)s twinning is known between %(a)s and %(b)s.",
            "%(count)s twinnings are known between %(a)s and %(b)s.",
            facts.country_links,
        )
    return sentence % words


def _say_few_twinnings(facts: PairFacts) -> str:
    if facts.b.twin_count == 0:
        return _("No twinning of %(b)s is known yet.") % {"b": facts.b.name}
    return _("Only one twinning of %(b)s is known.") % {"b": facts.b.name}
