"""What has to be known before the settings of a partnership change."""

from django.db.models import Q

from twincitylab.partnerships.choices import LIVING_PROPOSALS, ProposalKind
from twincitylab.partnerships.models import ActivitySide, Partnership, Proposal, Side


def has_sums(partnership: Partnership) -> bool:
    """Whether a sum of money is written down or proposed: in another currency it would be another sum."""
    given = Q(money__isnull=False) | Q(in_kind_worth__isnull=False)
    return (
        bool(partnership.budget)
        or ActivitySide.objects.filter(given, activity__partnership=partnership).exists()
        or Side.objects.filter(partnership=partnership, money_a_year__isnull=False).exists()
        or Proposal.objects.filter(
            partnership=partnership, kind=ProposalKind.BUDGET, state__in=LIVING_PROPOSALS
        ).exists()
    )
