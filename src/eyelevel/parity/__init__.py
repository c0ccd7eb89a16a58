"""Balance between the sides of a partnership, measured and felt, and whether it is alive."""

from eyelevel.parity.balance import Balance, balance, balance_of, direction
from eyelevel.parity.felt import Felt, FeltDimension, felt, talk_first
from eyelevel.parity.health import (
    Breadth,
    BusFactor,
    Rhythm,
    Share,
    UsedCapacity,
    breadth,
    bus_factor,
    renewal,
    rhythm,
    share,
    used_capacity,
)
from eyelevel.parity.interval import Interval, Missing

__all__ = [
    "Balance",
    "Breadth",
    "BusFactor",
    "Felt",
    "FeltDimension",
    "Interval",
    "Missing",
    "Rhythm",
    "Share",
    "UsedCapacity",
    "balance",
    "balance_of",
    "breadth",
    "bus_factor",
    "direction",
    "felt",
    "renewal",
    "rhythm",
    "share",
    "talk_first",
    "used_capacity",
]
