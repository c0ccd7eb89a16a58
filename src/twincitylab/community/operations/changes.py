"""Telling matching that a community has changed."""

import datetime as dt

from twincitylab.community.models import Community


def touch(community: Community, *, now: dt.datetime) -> None:
    """Something that matching looks at has changed: the community, its topics, or a need or offer of it."""
    Community.objects.filter(pk=community.pk).update(matched_at=now)
    community.matched_at = now
