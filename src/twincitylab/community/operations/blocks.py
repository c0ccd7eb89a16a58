"""Not wanting to hear from another community. The other is never told."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from twincitylab.base.audit import record
from twincitylab.community.models import Community, CommunityBlock, Person
from twincitylab.community.operations.changes import touch
from twincitylab.community.rules.access import Standing, require_standing
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.signals import community_blocked


@transaction.atomic
def block_community(*, community: Community, blocked: Community, by: Person, now: dt.datetime) -> None:
    """From now on the other can propose nothing, and neither is shown to the other as a match."""
    community = Community.objects.select_for_update().get(pk=community.pk)
    require_standing(by, community, Standing.STEWARD)
    if community.pk == blocked.pk:
        raise Refused(_("A community cannot block itself."))
    block, is_new = CommunityBlock.objects.get_or_create(
        community=community, blocked=blocked, defaults={"made_at": now}
    )
    if block.is_silent:
        block.is_silent, block.made_at = False, now
        block.save(update_fields=["is_silent", "made_at"])
    if is_new:
        _note("block community", community=community, blocked_pk=blocked.pk, by=by, now=now)
        community_blocked.send(sender=Community, community=community, blocked=blocked, by=by, now=now)


@transaction.atomic
def unblock_community(*, block: CommunityBlock, by: Person, now: dt.datetime) -> None:
    """Let the other be heard again."""
    community = Community.objects.select_for_update().get(pk=block.community_id)
    require_standing(by, community, Standing.STEWARD)
    deleted, _rows = CommunityBlock.objects.filter(pk=block.pk).delete()
    if deleted:
        _note("unblock community", community=community, blocked_pk=block.blocked_id, by=by, now=now)


def _note(action: str, *, community: Community, blocked_pk: int, by: Person, now: dt.datetime) -> None:
    touch(community, now=now)
    record(
        actor=f"person {by.pk}",
        action=action,
        subject=f"community {community.pk}",
        now=now,
        detail={"blocked": blocked_pk},
    )
