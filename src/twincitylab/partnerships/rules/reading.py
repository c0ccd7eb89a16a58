"""How long a side that has left reads on: long enough to take everything along, and no longer."""

import datetime as dt

READS_ON = dt.timedelta(days=30)


def reads_until(left_at: dt.datetime | None, *, ended_at: dt.datetime | None) -> dt.datetime | None:
    """Until when a side may read; None for as long as it likes.

    Whoever is here reads always, and so does whoever was here at the end, or made it by going.
    """
    if left_at is None:
        return None
    return None if ended_at is not None and ended_at <= left_at else left_at + READS_ON
