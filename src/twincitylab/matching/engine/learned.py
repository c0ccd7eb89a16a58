"""Reads what was learned from real twinnings: weights.json, written by ``python -m evaluation learn``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from twincitylab.matching.engine.habits import Habits
from twincitylab.matching.engine.pull import Pull, parse_pull


@dataclass(frozen=True, eq=False)
class Learned:
    """Block weights of the preset *established*, the habits of countries, the pull, and the second stage."""

    weights: Mapping[str, float]
    habits: Habits
    second_stage: Mapping[str, Any] | None = None
    pull: Pull | None = None


@cache
def learned() -> Learned:
    """The parameters that are shipped."""
    text = resources.files(__package__).joinpath("weights.json").read_text(encoding="utf-8")
    return parse_learned(json.loads(text))


def parse_learned(content: Mapping[str, Any]) -> Learned:
    """Read the parameters from the content of weights.json."""
    habits = content.get("habits")
    return Learned(
        weights=content["weights"],
        habits=parse_habits(habits) if habits else Habits.none(),
        second_stage=content.get("second_stage"),
        pull=parse_pull(content["pull"]) if content.get("pull") else None,
    )


def parse_habits(content: Mapping[str, Any]) -> Habits:
    by_country: Mapping[str, list[float]] = content["by_country"]
    table = np.array(list(by_country.values()), dtype=np.float64)
    return Habits(tuple(by_country), table[:, 0], table[:, 1:], table[:, 1:] * np.array(content["signs"]))
