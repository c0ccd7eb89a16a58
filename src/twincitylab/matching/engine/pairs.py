"""The potential analysis: what two cities share, where they differ, and what each has from the other."""

import datetime as dt
from collections.abc import Iterator

import numpy as np
from django.db.models import Q
from django.utils.translation import gettext as _

from eyelevel.matching import both_directions, harmonic_mean
from twincitylab.atlas.models import Source, Twinning
from twincitylab.atlas.queries import earlier_sources
from twincitylab.matching.engine.asking import checked_plan, row_of
from twincitylab.matching.engine.cards import card
from twincitylab.matching.engine.clocks import working_hours
from twincitylab.matching.engine.differences import differences, say_sea
from twincitylab.matching.engine.facts import (
    PairFacts,
    common_twins,
    distances_km,
    pair_facts,
    shared_languages,
)
from twincitylab.matching.engine.live import block_shares
from twincitylab.matching.engine.presets import effective_weights, presets
from twincitylab.matching.engine.reasons import strengths_shared
from twincitylab.matching.engine.results import (
    BlockShare,
    InvalidRequest,
    NextStep,
    PairAnalysis,
    Preset,
    PresetScore,
    SharedLanguage,
    TwinningFact,
    TwinPath,
)
from twincitylab.matching.engine.store import world as current_world
from twincitylab.matching.engine.words import kilometres
from twincitylab.matching.engine.world import World

# Where the facts of every city come from.
PLACE_SOURCES = ("geonames", "cldr", "koppen")
MOST_COMMON_TWINS = 20
MOST_PATHS = 10
SMALLEST_SHARE_IN_COMMON = 0.02


def pair_analysis(a: int, b: int, *, now: dt.datetime) -> PairAnalysis:
    """Everything the atlas and the matcher know of two cities, by GeoNames id, on the day of ``now``.

    Raises ``InvalidRequest`` for an unknown city or a city with itself, ``AtlasMissing`` before set-up.
    """
    world = current_world()
    rows = row_of(a, world=world), row_of(b, world=world)
    if rows[0] == rows[1]:
        raise InvalidRequest(_("A city cannot be compared with itself."), field="b")
    facts = _facts(rows, world=world)
    twinning = _twinning(a, b)
    scores = tuple(_preset_score(preset, *rows, world=world) for preset in presets())
    balanced = scores[0]
    blocks = _blocks(*rows, world=world)
    unlike = differences(facts, fits={block.name: block.value for block in blocks})
    common = common_twins(*rows, world=world)
    paths = list(_paths(*rows, world=world))
    return PairAnalysis(
        a=facts.a,
        b=facts.b,
        score=balanced.score,
        benefit_a=balanced.benefit_a,
        benefit_b=balanced.benefit_b,
        blocks=blocks,
        scores=scores,
        shared=strengths_shared(facts, but={reason.block for reason in unlike}),
        differences=unlike,
        hours=working_hours(facts.a.timezone, facts.b.timezone, day=now.date()),
        languages=_languages(facts),
        distance_km=facts.distance_km,
        distance_sentence=_distance(facts),
        climate_sentence=_climate(facts),
        sea_sentence=say_sea(facts),
        common_twins=tuple(card(row, world=world) for row in common[:MOST_COMMON_TWINS]),
        common_twin_count=len(common),
        paths=_path_cards(paths, world=world),
        path_count=len(paths),
        twinning=twinning,
        next_step=_next_step(facts, twinning=twinning),
        attribution=_attribution(twinning),
    )


def _facts(rows: tuple[int, int], *, world: World) -> PairFacts:
    here, there = (card(row, world=world) for row in rows)
    distance = float(distances_km(rows[0], to=np.array([rows[1]]), world=world)[0])
    return pair_facts(here, there, rows=rows, distance_km=distance, world=world)


def _languages(facts: PairFacts) -> tuple[SharedLanguage, ...]:
    """The languages that enough people of both countries use."""
    return tuple(
        shared
        for shared in shared_languages(facts.a, facts.b)
        if min(shared.share_a, shared.share_b) >= SMALLEST_SHARE_IN_COMMON
    )


def _attribution(twinning: TwinningFact | None) -> tuple[str, ...]:
    """What the licences ask to be written beside the facts, each sentence once."""
    used = Q(key__in=PLACE_SOURCES)
    if twinning is not None:
        used |= Q(title=twinning.source_title)
    named = Source.objects.filter(used).exclude(attribution="")
    return tuple(dict.fromkeys(named.values_list("attribution", flat=True)))


def _preset_score(preset: Preset, a: int, b: int, *, world: World) -> PresetScore:
    if preset.rules.learned:
        # Here and not above: the other presets need neither SciPy nor what was learned.
        from twincitylab.matching.engine.established import chances

        forward, backward = chances(world.ground, a, np.array([b]))
        score = float(harmonic_mean(forward, backward)[0])
        return PresetScore(preset, score, float(forward[0]), float(backward[0]))
    query = world.space.query(a, weights=effective_weights(preset.key, personal=None))
    forward, backward = both_directions(world.space.rows[[b]], query)
    score = float(harmonic_mean(forward, backward)[0])
    return PresetScore(preset, score, float(forward[0]), float(backward[0]))


def _blocks(a: int, b: int, *, world: World) -> tuple[BlockShare, ...]:
    return block_shares(a, np.array([b]), plan=checked_plan(world=world))[0]


def _paths(a: int, b: int, *, world: World) -> Iterator[tuple[int, int]]:
    """Twins of twins: a - first - second - b, all four different."""
    ends = set(world.twins(b).tolist()) - {a}
    for first in set(world.twins(a).tolist()) - {b}:
        for second in ends.intersection(world.twins(first).tolist()) - {first}:
            yield first, second


def _path_cards(paths: list[tuple[int, int]], *, world: World) -> tuple[TwinPath, ...]:
    weights = world.table.population
    largest = sorted(paths, key=lambda path: (-int(weights[path[0]] + weights[path[1]]), path))
    return tuple(
        TwinPath(card(first, world=world), card(second, world=world))
        for first, second in largest[:MOST_PATHS]
    )


def _twinning(a: int, b: int) -> TwinningFact | None:
    small, large = sorted((a, b))
    found = Twinning.objects.select_related("source").filter(a_id=small, b_id=large).first()
    if found is None:
        return None
    return TwinningFact(
        kind=found.kind,
        kind_label=str(found.get_kind_display()),
        status=found.status,
        status_label=str(found.get_status_display()),
        since=found.since,
        until=found.until,
        reason=found.reason,
        source_title=found.source.title,
        source_licence=found.source.licence,
        source_url=found.source.url,
        earlier_sources=tuple(source.title for source in earlier_sources([found])[found.pk]),
    )


def _distance(facts: PairFacts) -> str:
    words = {"a": facts.a.name, "b": facts.b.name, "km": kilometres(facts.distance_km)}
    return _("%(a)s and %(b)s are %(km)s km apart as the crow flies.") % words


def _climate(facts: PairFacts) -> str:
    if facts.a.climate == facts.b.climate:
        return _("Both have %(climate)s.") % {"climate": facts.a.climate_words}
    words = {"a": facts.a.name, "b": facts.b.name}
    words |= {"climate_a": facts.a.climate_words, "climate_b": facts.b.climate_words}
    return _("%(a)s has %(climate_a)s; %(b)s has %(climate_b)s.") % words


def _next_step(facts: PairFacts, *, twinning: TwinningFact | None) -> NextStep:
    words = {"a": facts.a.name, "b": facts.b.name}
    if twinning is not None and twinning.status == "ended":
        return NextStep(
            "ask-why",
            _("Ask why it ended"),
            _("%(a)s and %(b)s were twinned before: ask the town hall what went well and what did not.")
            % words,
        )
    if twinning is not None:
        return NextStep(
            "see-how-it-lives",
            _("See how it lives"),
            _("%(a)s and %(b)s are twinned: ask both town halls what they did together last year.") % words,
        )
    if facts.common_twins:
        return NextStep(
            "ask-common-twin",
            _("Ask the twin you share"),
            _("%(twin)s knows both %(a)s and %(b)s: ask there for an introduction.")
            % {**words, "twin": facts.common_twins[0]},
        )
    return NextStep(
        "write",
        _("Write to the town hall"),
        _("Print this page and send it to the town hall of %(b)s with one concrete question.") % words,
    )
