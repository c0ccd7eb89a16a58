"""Everything that reads the lists of cities (``cities``) and what is known of pairs of communities."""

from twincitylab.matching.queries.cities import (
    all_fair_runs,
    fair_blobs,
    fair_runs,
    pause_after,
    presets_without,
)

__all__ = ["all_fair_runs", "fair_blobs", "fair_runs", "pause_after", "presets_without"]
