"""What pages of a partnership show of what is proposed in it."""

from django import template

from twincitylab.partnerships.queries.proposals import ProposalLine, proposals_of
from twincitylab.partnerships.queries.workspaces import Workspace

register = template.Library()


@register.simple_tag
def waiting_of(workspace: Workspace) -> tuple[ProposalLine, ...]:
    """What is proposed and not settled, what waits for the reader first."""
    return proposals_of(workspace, only_living=True)
