"""How the names of a city weigh against each other."""

import math
from typing import Final

# A main name counts as much as another name of a city 6.3 times larger: 'york' is York first.
MAIN_NAME_BONUS: Final = 80
TIER_FLOORS: Final = (600, 520, 450)
TIERS: Final = len(TIER_FLOORS) + 1


def name_weight(population: int, *, is_main: bool) -> int:
    """100 times the decimal logarithm of the population, more for the main name."""
    return round(100 * math.log10(max(population, 0) + 1)) + (MAIN_NAME_BONUS if is_main else 0)


def name_tier(weight: int) -> int:
    """The step a weight stands on: search takes the heaviest first and stops when it has enough."""
    return sum(weight < floor for floor in TIER_FLOORS)
