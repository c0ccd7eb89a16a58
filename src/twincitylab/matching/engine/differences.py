"""Where two cities differ, said as plainly as what they share: a difference can be the reason to meet."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from twincitylab.matching.engine.facts import PairFacts
from twincitylab.matching.engine.reasons import (
    FEWEST_SPEAKERS,
    UNLIKE_SIZE,
    say_hours,
)
from twincitylab.matching.engine.results import Reason
from twincitylab.matching.engine.words import BY_THE_SEA_KM, about, kilometres, number

FAR_APART_KM = 3000.0
# A factor that fits less well than this is a difference, wherever the figures differ at all.
FITS = 0.8


def differences(facts: PairFacts, *, fits: Mapping[str, float]) -> tuple[Reason, ...]:
    """One sentence per factor in which the two differ, the greatest difference first.

    ``fits`` says how well each factor fits, from 0 to 1.
    """
    return tuple(sorted(_found(facts, fits), key=lambda reason: -reason.strength))


def _found(facts: PairFacts, fits: Mapping[str, float]) -> Iterator[Reason]:
    yield from _size(facts, fits.get("size", 1.0))
    yield from _climate(facts, fits.get("climate", 1.0))
    yield from _sea(facts, fits.get("sea", 1.0))
    yield from _hours(facts)
    yield from _language(facts)
    yield from _place(facts)
    yield from _twinnings(facts)


def _size(facts: PairFacts, fit: float) -> Iterator[Reason]:
    small, large = sorted((facts.a, facts.b), key=lambda city: city.population)
    ratio = small.population / large.population if large.population else 1.0
    is_same = about(small.population) == about(large.population)
    if is_same or (ratio >= UNLIKE_SIZE and fit >= FITS):
        return
    words = {"large": large.name, "small": small.name}
    words |= {"people_large": about(large.population), "people_small": about(small.population)}
    sentence = _("%(large)s has about %(people_large)s people, %(small)s about %(people_small)s.")
    yield Reason("size", sentence % words, 1.0 - ratio)


def _climate(facts: PairFacts, fit: float) -> Iterator[Reason]:
    is_other_kind = facts.a.climate[:1] != facts.b.climate[:1]
    if facts.a.climate != facts.b.climate and (is_other_kind or fit < FITS):
        words = {"a": facts.a.name, "b": facts.b.name}
        words |= {"climate_a": facts.a.climate_words, "climate_b": facts.b.climate_words}
        unlike = 0.8 if is_other_kind else 0.4
        sentence = _("%(a)s has %(climate_a)s; %(b)s has %(climate_b)s.")
        yield Reason("climate", sentence % words, unlike)


def _sea(facts: PairFacts, fit: float) -> Iterator[Reason]:
    near, far = sorted(city.sea_km for city in (facts.a, facts.b))
    if fit < FITS and far >= BY_THE_SEA_KM and about(near) != about(far):
        yield Reason("sea", say_sea(facts), 0.7 if near < BY_THE_SEA_KM else 0.35)


def say_sea(facts: PairFacts) -> str:
    """How far each of the two is from the sea, no finer than it is known."""
    near, far = sorted((facts.a, facts.b), key=lambda city: city.sea_km)
    if far.sea_km < BY_THE_SEA_KM:
        return _("Both lie by the sea.")
    if near.sea_km < BY_THE_SEA_KM:
        words = {"near": near.name, "far": far.name, "km": about(far.sea_km)}
        return _("%(near)s lies by the sea, %(far)s about %(km)s km away from it.") % words
    words = {"a": facts.a.name, "b": facts.b.name}
    words |= {"km_a": about(facts.a.sea_km), "km_b": about(facts.b.sea_km)}
    return _("From %(a)s it is about %(km_a)s km to the sea, from %(b)s about %(km_b)s km.") % words


def _hours(facts: PairFacts) -> Iterator[Reason]:
    if facts.fewest_hours < 4:
        yield Reason("hours", say_hours(facts), 0.9 - facts.fewest_hours / 10)


def _language(facts: PairFacts) -> Iterator[Reason]:
    shared = facts.language
    if shared is not None and min(shared.share_a, shared.share_b) >= FEWEST_SPEAKERS:
        return
    mother_tongues = [next((language.name for language in city.languages), "") for city in (facts.a, facts.b)]
    if all(mother_tongues) and mother_tongues[0] != mother_tongues[1]:
        words = {"a": facts.a.country_name, "b": facts.b.country_name}
        words |= {"language_a": mother_tongues[0], "language_b": mother_tongues[1]}
        sentence = _("Most people speak %(language_a)s in %(a)s and %(language_b)s in %(b)s.")
        yield Reason("language", sentence % words, 0.75)


def _place(facts: PairFacts) -> Iterator[Reason]:
    if facts.distance_km < FAR_APART_KM:
        return
    words = {"a": facts.a.name, "b": facts.b.name, "km": kilometres(facts.distance_km)}
    if facts.a.continent != facts.b.continent:
        words |= {"continent_a": facts.a.continent_name, "continent_b": facts.b.continent_name}
        sentence = _("%(a)s lies in %(continent_a)s, %(b)s in %(continent_b)s, %(km)s km away.")
        yield Reason("place", sentence % words, 0.6)
    else:
        yield Reason("place", _("%(km)s km lie between them.") % words, 0.5)


def _twinnings(facts: PairFacts) -> Iterator[Reason]:
    if not facts.is_covered:
        return
    few, many = sorted((facts.a, facts.b), key=lambda city: city.twin_count)
    if many.twin_count >= 5 and many.twin_count >= 3 * max(few.twin_count, 1):
        words = {"many": many.name, "few": few.name}
        words |= {"count_many": number(many.twin_count), "count_few": number(few.twin_count)}
        sentence = _("Known twinnings: %(many)s %(count_many)s, %(few)s %(count_few)s.")
        yield Reason("ties", sentence % words, 0.3)
