"""How long a side that has left reads on: long enough to take everything along, and no longer."""

import datetime as dt

READS_ON = dt.timedelta(days=30)


def reads_until(left_at: dt.datetime | None, *, ended_at: dt.datetime | None) -> dt.datetime | None:
    """Until when a side may read; None for as long as it likes.

    Whoever is here reads always, and so does whoever was at the end, or had left within the days before it.
    """
    if left_at is None:
        return None
    last = left_at + READS_ON
    return None if ended_at is not None and ended_at <= last else last
