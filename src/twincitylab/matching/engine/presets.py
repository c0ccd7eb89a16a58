"""The six ways to look for partners and the factors a visitor can weigh, in words anybody understands."""

import json
import math
from collections.abc import Mapping
from functools import cache
from importlib import resources

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twincitylab.matching.choices import DEFAULT_PRESET, PRESET_KEYS
from twincitylab.matching.engine.results import LIMITS, BlockInfo, InvalidRequest, Preset, Rules

BLOCK_NAMES = ("size", "place", "hours", "climate", "sea", "language", "ties")

_WEIGHTS: dict[str, dict[str, float]] = {
    "balanced": {
        "size": 0.26, "place": 0.10, "hours": 0.12, "climate": 0.18, "sea": 0.10, "language": 0.16,
        "ties": 0.08,
    },
    "like-us": {"size": 0.35, "climate": 0.27, "sea": 0.18, "language": 0.20},
    "easy": {"size": 0.10, "place": 0.25, "hours": 0.25, "language": 0.40},
    "far": {"size": 0.42, "climate": 0.38, "sea": 0.20},
    "beyond": {"size": 0.30, "place": 0.10, "hours": 0.14, "climate": 0.20, "sea": 0.10, "language": 0.16},
}  # fmt: skip

_RULES = {
    "far": Rules(other_continent=True),
    "beyond": Rules(few_twinnings_first=True),
    "established": Rules(abroad=False, per_country=None, learned=True),
}


def presets() -> tuple[Preset, ...]:
    """All six, the default first, in the reader's language."""
    return tuple(find_preset(key) for key in PRESET_KEYS)


def find_preset(key: str = DEFAULT_PRESET) -> Preset:
    """The preset of this name; raises ``InvalidRequest`` that lists the names there are."""
    if key not in PRESET_KEYS:
        message = _("There is no preset “%(name)s”. Choose one of: %(names)s.")
        raise InvalidRequest(message % {"name": key, "names": ", ".join(PRESET_KEYS)}, field="preset")
    label, sentence = _words(key)
    return Preset(key, label, sentence, preset_weights(key), rules_of(key))


def rules_of(key: str) -> Rules:
    """What a preset demands beyond its weights."""
    return _RULES.get(key, Rules())


def preset_weights(key: str) -> Mapping[str, float]:
    """The block weights of a preset; those of *established* are the learned ones."""
    return {name: weight for name, weight in _raw_weights(key).items() if weight > 0}


def blocks() -> tuple[BlockInfo, ...]:
    """The factors a visitor can weigh, in the order they are shown."""
    return tuple(BlockInfo(name, *block_words(name)) for name in BLOCK_NAMES)


def block_words(name: str) -> tuple[str, str]:
    """Label and explanation of a factor."""
    label, sentence = _BLOCK_WORDS.get(name, _HABIT_WORDS)
    return str(label), str(sentence)


_BLOCK_WORDS = {
    "size": (gettext_lazy("Size"), gettext_lazy("Cities of about the same number of people.")),
    "place": (gettext_lazy("Nearness"), gettext_lazy("Cities that are a short journey apart.")),
    "hours": (gettext_lazy("Working hours"), gettext_lazy("Cities whose office hours overlap.")),
    "climate": (gettext_lazy("Climate"), gettext_lazy("Cities that live with similar weather.")),
    "sea": (gettext_lazy("Distance to the sea"), gettext_lazy("Both by the sea, or both far from it.")),
    "language": (gettext_lazy("Language"), gettext_lazy("Cities whose people can speak with each other.")),
    "ties": (gettext_lazy("Ties"), gettext_lazy("Cities like those your city is already twinned with.")),
}
_HABIT_WORDS = (gettext_lazy("Habit"), gettext_lazy("What twinned cities usually have in common."))


def effective_weights(preset: str, *, personal: Mapping[str, float] | None) -> dict[str, float]:
    """Weights that sum to 1: the personal ones if given (a factor left out counts 0), else the preset's.

    Raises ``InvalidRequest`` for an unknown factor, a weight outside 0 to 100, or when nothing counts.
    """
    if personal is None:
        return _normalised(preset_weights(preset))
    for name, weight in personal.items():
        _check_weight(name, weight=weight)
    if not any(personal.values()):
        raise InvalidRequest(_("At least one factor must count for something."), field="weights")
    return _normalised(personal)


def _check_weight(name: str, *, weight: float) -> None:
    if name not in BLOCK_NAMES:
        message = _("There is no factor “%(name)s”. Choose from: %(names)s.")
        raise InvalidRequest(message % {"name": name, "names": ", ".join(BLOCK_NAMES)}, field="weights")
    if not math.isfinite(weight) or not 0 <= weight <= LIMITS.weight:
        message = _("The weight of %(name)s must be a number from 0 to 100.")
        raise InvalidRequest(message % {"name": name}, field="weights")


def _normalised(weights: Mapping[str, float]) -> dict[str, float]:
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items() if weight > 0}


def _words(key: str) -> tuple[str, str]:
    return {
        "balanced": (_("Balanced"), _("A bit of everything: cities that fit on the whole.")),
        "like-us": (_("Like us"), _("Cities much like yours in size, climate and distance to the sea.")),
        "easy": (
            _("Easy to work with"),
            _("A common language, shared office hours and a short journey make the first year easy."),
        ),
        "far": (
            _("Far horizons"),
            _("Another continent, but the same size and climate: similar tasks, other answers."),
        ),
        "beyond": (
            _("Beyond the usual"),
            _("Cities with few twinnings come first: new partners instead of the usual ones."),
        ),
        "established": (
            _("Established"),
            _("What twinned cities usually have in common, learned from real twinnings; any country."),
        ),
    }[key]


def _raw_weights(key: str) -> dict[str, float]:
    return _WEIGHTS[key] if key in _WEIGHTS else _learned_weights()


@cache
def _learned_weights() -> dict[str, float]:
    text = resources.files(__package__).joinpath("weights.json").read_text(encoding="utf-8")
    weights: dict[str, float] = json.loads(text)["weights"]
    return weights
