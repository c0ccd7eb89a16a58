"""Why two cities fit: the sentences, and how each factor speaks for the pair."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """One sentence why; ``block`` names the factor it comes from, ``strength`` (0 to 1) orders them."""

    block: str
    text: str
    strength: float

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class BlockShare:
    """How one factor speaks for a pair.

    ``value`` (0 to 1) is how well it fits, ``weight`` (they sum to 1) how much it counts here,
    ``contribution`` their product. ``here`` and ``there`` differ only for factors with a direction.
    """

    name: str
    label: str
    value: float
    weight: float
    contribution: float
    here: float
    there: float

    @property
    def percent(self) -> int:
        return round(100 * self.value)
