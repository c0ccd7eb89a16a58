"""Reciprocal matching: blocks -> space -> top (with certificate) -> candidates -> rounds."""

from eyelevel.matching.blocks import (
    Block,
    LowRank,
    bump_width,
    bumps,
    classes,
    clock,
    language_shares,
    low_rank,
    sphere,
    stack,
    unit_rows,
)
from eyelevel.matching.candidates import Candidates, candidates
from eyelevel.matching.exposure import Shared, gini, mutual, share_exposure, tempered
from eyelevel.matching.meeting import Rules
from eyelevel.matching.rounds import Rounds, Stage, successive_rounds
from eyelevel.matching.search import Certificate, both_directions, harmonic_mean
from eyelevel.matching.space import Features, Query, Space, Span
from eyelevel.matching.top import Top, top, top_one_way

__all__ = [
    "Block",
    "Candidates",
    "Certificate",
    "Features",
    "LowRank",
    "Query",
    "Rounds",
    "Rules",
    "Shared",
    "Space",
    "Span",
    "Stage",
    "Top",
    "both_directions",
    "bump_width",
    "bumps",
    "candidates",
    "classes",
    "clock",
    "gini",
    "harmonic_mean",
    "language_shares",
    "low_rank",
    "mutual",
    "share_exposure",
    "sphere",
    "stack",
    "successive_rounds",
    "tempered",
    "top",
    "top_one_way",
    "unit_rows",
]
