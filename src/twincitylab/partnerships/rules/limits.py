"""How many introductions may be open, and for how long: so that nobody is flooded."""

import datetime as dt

OPEN_FOR = dt.timedelta(days=60)
REST_AFTER_DECLINE = dt.timedelta(days=180)
REST_AFTER_WITHDRAWAL = dt.timedelta(days=7)
INTEREST_KEPT_FOR = dt.timedelta(days=365)
MOST_INTERESTS = 20
MOST_NOTES_IN_A_ROW = 3


def most_received(capacity: int) -> int:
    """How many proposals may wait for a community's answer at the same time.

    >>> most_received(1), most_received(4)
    (5, 11)
    """
    return 3 + 2 * capacity


def most_sent(capacity: int) -> int:
    """How many proposals of a community may wait for answers at the same time.

    >>> most_sent(1), most_sent(4)
    (4, 10)
    """
    return 2 + 2 * capacity
