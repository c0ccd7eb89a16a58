"""From whom a community does not want to hear; for its stewards only."""

from dataclasses import dataclass

from twincitylab.community.models import Community, CommunityBlock
from twincitylab.community.queries.cards import CommunityCard, card


@dataclass(frozen=True)
class BlockLine:
    """One block, with the other as it lets itself be seen."""

    pk: int
    card: CommunityCard


def blocks_of(community: Community) -> tuple[BlockLine, ...]:
    """The newest first: three queries."""
    rows = (
        CommunityBlock.objects.filter(community=community, is_silent=False)
        .select_related("blocked__city__country")
        .prefetch_related("blocked__topics", "blocked__languages")
        .order_by("-made_at", "-pk")
    )
    return tuple(BlockLine(row.pk, card(row.blocked)) for row in rows)
