"""What every kind of proposal brings along: how it is checked, and what it does when it takes effect."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from twincitylab.community.models import Person
from twincitylab.community.rules.refusals import Refused, fitting_text
from twincitylab.partnerships.models import Consent, Partnership, Proposal, ProposalVersion, Side
from twincitylab.partnerships.queries.vanished import vanished
from twincitylab.partnerships.rules.consent import Vote, voters


@dataclass(frozen=True)
class Case:
    """A partnership under its lock, with all its sides as they are now, and who acts in it."""

    partnership: Partnership
    sides: tuple[Side, ...]
    by: Person | None
    now: dt.datetime
    is_closing: bool = False
    """Whether a side's community is being given up, which holds that community's lock."""

    @property
    def active(self) -> tuple[Side, ...]:
        return tuple(side for side in self.sides if side.is_active)

    @property
    def gone(self) -> frozenset[int]:
        """The sides that have vanished: nobody acts for them any more."""
        return vanished(self.active)

    def side(self, pk: int | None) -> Side | None:
        return next((side for side in self.sides if side.pk == pk), None)


Check = Callable[[Case, Mapping[str, Any]], dict[str, Any]]
"""What is proposed, cleaned; ``Refused`` when it cannot be. Asked again before it takes effect."""

Effect = Callable[[Case, Mapping[str, Any]], None]
"""Changes ``case.partnership``, which is stored afterwards, and whatever else it needs."""


@dataclass(frozen=True)
class Matter:
    check: Check
    take_effect: Effect


def reasoned(text: object, *, longest: int, missing: str) -> str:
    """A reason, cleaned; ``Refused`` when there is none."""
    reason = fitting_text(str(text or ""), longest=longest, field="reason", one_line=False)
    if not reason:
        raise Refused(missing, field="reason")
    return reason


def newest_version(proposal: Proposal) -> ProposalVersion:
    return proposal.versions.select_related("side").latest("number")


def vote_on(case: Case, version: ProposalVersion) -> Vote:
    """Who must say yes to this version, and who has."""
    given = Consent.objects.filter(version=version).values_list("side_id", flat=True)
    needed = voters(
        version.proposal.kind,
        version.payload,
        active=[side.pk for side in case.active],
        gone=case.gone,
    )
    return Vote(needed=needed, given=frozenset(given))
