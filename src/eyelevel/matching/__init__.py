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
from eyelevel.matching.search import Certificate, both_directions, harmonic_mean
from eyelevel.matching.space import Features, Query, Space, Span
from eyelevel.matching.top import Top, top, top_one_way

__all__ = [
    "Block",
    "Certificate",
    "Features",
    "LowRank",
    "Query",
    "Space",
    "Span",
    "Top",
    "both_directions",
    "bump_width",
    "bumps",
    "classes",
    "clock",
    "harmonic_mean",
    "language_shares",
    "low_rank",
    "sphere",
    "stack",
    "top",
    "top_one_way",
    "unit_rows",
]
