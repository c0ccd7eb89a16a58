"""Activities for tests that count them."""

import datetime as dt
import uuid
from typing import Any

from twincitylab.partnerships.models import Activity, ActivitySide, Partnership


def add_activities(partnership: Partnership, days: list[dt.datetime], **more: Any) -> list[Activity]:
    """One activity on each day; ``gifts`` are ``ActivitySide`` fields, the same for each side."""
    gifts = more.pop("gifts", None)
    sides = list(partnership.sides.order_by("number"))
    made = Activity.objects.bulk_create(
        Activity(
            **{
                "partnership": partnership,
                "kind": "meeting",
                "title": f"Meeting {number}",
                "starts_at": day,
                "made_by_side": sides[0],
                "made_at": day,
                "changed_at": day,
                "form_key": uuid.uuid4(),
                **more,
            }
        )
        for number, day in enumerate(days)
    )
    if gifts:
        ActivitySide.objects.bulk_create(
            ActivitySide(activity=one, side=side, **gifts) for one in made for side in sides
        )
    return made
