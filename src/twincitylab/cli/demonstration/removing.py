"""Taking the demonstration world away again, with all that visitors added to it, and nothing else."""

import datetime as dt
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from twincitylab.base.audit import record
from twincitylab.base.models import AuditEntry
from twincitylab.cli.demonstration.cast import ACTOR
from twincitylab.cli.demonstration.loading import one_at_a_time
from twincitylab.community.choices import Role
from twincitylab.community.models import Community, Invitation, Membership, Notice, Person
from twincitylab.partnerships.choices import ProposalState
from twincitylab.partnerships.models import Introduction, Partnership, Proposal
from twincitylab.partnerships.queries.papers import folder_of

AT_ONCE = 400


@dataclass(frozen=True)
class RemovalReport:
    """What was taken away; all zero when nothing was there."""

    communities: int = 0
    people: int = 0


@transaction.atomic
def remove_demonstration(*, now: dt.datetime) -> RemovalReport:
    """Remove invented communities and people, all or nothing. What real people have of their own stays."""
    one_at_a_time()
    communities = list(_invented().select_for_update().order_by("pk").values_list("pk", flat=True))
    people = dict(Person.objects.filter(is_demonstration=True).values_list("pk", "email"))
    if not communities and not people:
        return RemovalReport()
    met = Introduction.objects.filter(Q(a__in=communities) | Q(b__in=communities))
    introductions = list(met.values_list("pk", flat=True))
    partnerships = _end_partnerships(communities)
    _forget_notices(communities, introductions)
    _withdraw_badges(people)
    _forget_trail(
        [
            *(f"community {pk}" for pk in communities),
            *(f"introduction {pk}" for pk in introductions),
            *(f"partnership {pk}" for pk in partnerships),
            *(f"person {pk}" for pk in people),
        ]
    )
    for session in UserSession.objects.filter(user__in=people):
        session.end()
    Invitation.objects.filter(email__in=people.values()).delete()
    Community.objects.filter(pk__in=communities).delete()
    Person.objects.filter(pk__in=people).delete()
    report = RemovalReport(communities=len(communities), people=len(people))
    detail: dict[str, object] = {"communities": report.communities, "people": report.people}
    record(actor=ACTOR, action="remove demonstration", subject="demonstration", now=now, detail=detail)
    return report


def _invented() -> QuerySet[Community]:
    """Those that came with the demonstration, and those that only invented people act for."""
    stewards = Membership.objects.filter(community=OuterRef("pk"), role=Role.STEWARD)
    return Community.objects.filter(
        Q(is_demonstration=True)
        | (
            Exists(stewards.filter(person__is_demonstration=True))
            & ~Exists(stewards.filter(person__is_demonstration=False))
        )
    )


def _end_partnerships(communities: list[int]) -> list[int]:
    """Those with an invented side go whole, so that no community is held by one."""
    found = list(
        Partnership.objects.filter(sides__community__in=communities).values_list("pk", flat=True).distinct()
    )
    Partnership.objects.filter(pk__in=found).update(agreement=None)
    # What is in effect holds its version; only what is not can let go of it.
    Proposal.objects.filter(partnership__in=found).update(state=ProposalState.WITHDRAWN, effective=None)
    folders = [folder_of(pk) for pk in found]
    Partnership.objects.filter(pk__in=found).delete()
    transaction.on_commit(lambda: _remove_folders(folders))
    return found


def _remove_folders(folders: Iterable[Path]) -> None:
    """The bytes of files shared there, once nothing can bring their rows back."""
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _forget_notices(communities: list[int], introductions: list[int]) -> None:
    """What real people were told of invented communities would lead nowhere."""
    addresses = [reverse("partnerships:introduction", args=[pk]) for pk in introductions]
    Notice.objects.filter(
        Q(words__other_id__in=communities) | Q(words__community_id__in=communities) | Q(address__in=addresses)
    ).delete()


def _withdraw_badges(people: Iterable[int]) -> None:
    """An invented facilitator vouches for nobody."""
    given = Community.objects.filter(verified_by__in=people)
    given.update(verified_at=None, verified_by=None, verified_reason="")


def _forget_trail(subjects: list[str]) -> None:
    for start in range(0, len(subjects), AT_ONCE):
        AuditEntry.objects.filter(subject__in=subjects[start : start + AT_ONCE]).delete()
