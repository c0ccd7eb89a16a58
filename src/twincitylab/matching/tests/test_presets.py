"""Presets and weights: what may be asked, and what is refused with the field named."""

import math

import pytest

from twincitylab.matching.choices import PRESET_KEYS
from twincitylab.matching.engine.presets import blocks, effective_weights, find_preset, presets
from twincitylab.matching.engine.results import InvalidRequest


def test_presets_are_the_six_in_order() -> None:
    assert tuple(preset.key for preset in presets()) == PRESET_KEYS


@pytest.mark.parametrize("key", PRESET_KEYS)
def test_effective_weights_of_a_preset_sum_to_one(key: str) -> None:
    assert math.isclose(sum(effective_weights(key, personal=None).values()), 1.0)


@pytest.mark.parametrize("key", PRESET_KEYS)
def test_only_established_has_no_country_rule(key: str) -> None:
    rules = find_preset(key).rules
    assert (rules.abroad, rules.per_country) == ((False, None) if key == "established" else (True, 2))


def test_find_preset_unknown_lists_the_names() -> None:
    with pytest.raises(InvalidRequest) as refused:
        find_preset("best")
    assert refused.value.field == "preset"
    assert str(refused.value).endswith(", ".join(PRESET_KEYS) + ".")


def test_effective_weights_personal_are_proportions() -> None:
    assert effective_weights("balanced", personal={"size": 3, "language": 1}) == {
        "size": 0.75,
        "language": 0.25,
    }


@pytest.mark.parametrize(
    "weights",
    [
        {},
        {"size": 0.0},
        {"size": -1.0},
        {"size": math.nan},
        {"size": math.inf},
        {"size": 101.0},
        {"colour": 1.0},
    ],
)
def test_effective_weights_refuses(weights: dict[str, float]) -> None:
    with pytest.raises(InvalidRequest) as refused:
        effective_weights("balanced", personal=weights)
    assert refused.value.field == "weights"


def test_blocks_are_those_a_visitor_can_weigh() -> None:
    assert [block.name for block in blocks()] == [
        "size", "place", "hours", "climate", "sea", "language", "ties",
    ]  # fmt: skip
