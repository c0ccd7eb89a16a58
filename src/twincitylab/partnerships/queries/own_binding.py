"""What a person has proposed, said yes to and written of agreements, for the export of what is theirs."""

from typing import Any

from twincitylab.community.models import Person
from twincitylab.partnerships.models import AgreementVersion, Consent, ProposalVersion


def own_binding(person: Person) -> dict[str, list[dict[str, Any]]]:
    """Three queries."""
    versions = ProposalVersion.objects.filter(made_by=person).select_related("proposal__partnership")
    yes = Consent.objects.filter(person=person).select_related("version__proposal__partnership")
    texts = AgreementVersion.objects.filter(made_by=person).select_related("partnership")
    return {
        "proposed": [
            {
                "partnership": one.proposal.partnership.slug,
                "kind": one.proposal.kind,
                "version": one.number,
                "payload": one.payload,
                "reason": one.reason,
                "made_at": one.made_at.isoformat(),
            }
            for one in versions.order_by("pk")
        ],
        "said_yes": [
            {
                "partnership": one.version.proposal.partnership.slug,
                "kind": one.version.proposal.kind,
                "version": one.version.number,
                "digest": one.version.digest,
                "given_at": one.given_at.isoformat(),
            }
            for one in yes.order_by("pk")
        ],
        "agreements_written": [
            {
                "partnership": one.partnership.slug,
                "version": one.number,
                "articles": one.articles,
                "made_at": one.made_at.isoformat(),
            }
            for one in texts.order_by("pk")
        ],
    }
