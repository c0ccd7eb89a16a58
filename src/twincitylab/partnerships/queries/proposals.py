"""What is proposed in a partnership: what exactly would change, who has said yes, what is missing."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, prefetch_related_objects
from django.utils.translation import gettext as _

from twincitylab.atlas.choices import TwinningKind, TwinningStatus
from twincitylab.atlas.models import City
from twincitylab.atlas.queries import twinning_between
from twincitylab.base.figures import grouped
from twincitylab.community.models import Community, Membership, Person
from twincitylab.community.queries.cards import card, with_card_facts
from twincitylab.community.queries.telling import told_in
from twincitylab.community.rules.access import Standing
from twincitylab.partnerships.choices import LIVING_PROPOSALS, ProposalKind, ProposalState, Stage
from twincitylab.partnerships.models import Consent, Objection, Partnership, Proposal, ProposalVersion, Side
from twincitylab.partnerships.queries.vanished import vanished
from twincitylab.partnerships.queries.workspaces import SideCard, Workspace, side_cards
from twincitylab.partnerships.rules.consent import Vote, voters

MOST_LISTED = 100
Facts = dict[str, str]


@dataclass(frozen=True)
class Change:
    """One line of what would be different."""

    label: str
    before: str
    after: str

    @property
    def is_different(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class Answer:
    """What one side has said to the newest version; ``at`` is when it said yes."""

    side: SideCard
    at: dt.datetime | None
    objects: bool
    is_ours: bool


@dataclass(frozen=True)
class InTheWay:
    """What a side has objected."""

    side: SideCard
    reason: str


@dataclass(frozen=True)
class ProposalLine:
    """A proposal in a list; ``waits_for_us`` when our yes is missing."""

    proposal: Proposal
    by: SideCard
    missing: tuple[SideCard, ...]
    waits_for_us: bool


@dataclass(frozen=True)
class ProposalPage:
    """One proposal as one of its people sees it. ``changed`` tells how the newest version differs from the
    one before it."""

    line: ProposalLine
    version: ProposalVersion
    changes: tuple[Change, ...]
    changed: tuple[Change, ...]
    answers: tuple[Answer, ...]
    objections: tuple[InTheWay, ...]
    may_answer: bool
    has_said_yes: bool
    has_objected: bool
    may_object: bool
    may_edit: bool
    may_withdraw: bool
    agreement: int
    twinning: tuple[str, str]

    @property
    def proposal(self) -> Proposal:
        return self.line.proposal


def proposals_of(workspace: Workspace, *, only_living: bool = False) -> tuple[ProposalLine, ...]:
    """What is proposed, what waits for us first, then the newest; five queries, however many there are."""
    newer = ProposalVersion.objects.filter(proposal=OuterRef("proposal"), number__gt=OuterRef("number"))
    found = ProposalVersion.objects.filter(~Exists(newer), proposal__partnership=workspace.partnership)
    own = Objection.objects.filter(proposal=OuterRef("proposal"), side=workspace.ours.pk)
    found = found.annotate(we_object=Exists(own))
    if only_living:
        found = found.filter(proposal__state__in=LIVING_PROPOSALS)
    found = found.select_related("proposal__side").order_by("-proposal__made_at", "-proposal__pk")
    newest = list(found[:MOST_LISTED])
    said: dict[int, set[int]] = {}
    for pk, side in Consent.objects.filter(version__in=newest).values_list("version", "side"):
        said.setdefault(pk, set()).add(side)
    known = _cards(workspace, newest)
    lines = [
        _line(
            version.proposal,
            workspace=workspace,
            vote=_vote(version.proposal, version, workspace, given=said.get(version.pk, set())),
            known=known,
            we_object=version.we_object,
        )
        for version in newest
    ]
    return tuple(sorted(lines, key=lambda line: (not line.waits_for_us, line.proposal.is_settled)))


def proposal_page(workspace: Workspace, pk: int) -> ProposalPage | None:
    """One proposal of this partnership; None where there is none."""
    found = Proposal.objects.filter(partnership=workspace.partnership, pk=pk)
    proposal = found.select_related("side", "partnership").prefetch_related("objections").first()
    if proposal is None:
        return None
    versions = list(proposal.versions.select_related("side").order_by("-number")[:2])
    version = versions[0]
    known = _cards(workspace, versions)
    given = {yes.side_id: yes for yes in Consent.objects.filter(version=version)}
    vote = _vote(proposal, version, workspace, given=set(given), gone=gone_from(workspace))
    ours = workspace.ours
    _keep_quiet(proposal, versions, workspace)
    we_object = ours.pk in proposal.objecting
    line = _line(proposal, workspace=workspace, vote=vote, known=known, we_object=we_object)
    names = {key: one.name for key, one in known.items()}
    present = (
        {}
        if proposal.is_settled
        else present_facts(proposal.kind, version.payload, workspace.partnership, names)
    )
    facts = facts_of(proposal.kind, version.payload, names)
    is_steward = workspace.standing == Standing.STEWARD
    has_voice = is_steward and proposal.is_living and ours.pk in vote.needed
    is_maker = version.side_id == ours.pk and version.made_by_id is not None
    shown = sorted({*vote.needed, *given} & {*known}, key=lambda key: known[key].side.number)
    return ProposalPage(
        line=line,
        version=version,
        changes=tuple(Change(label, present.get(label, ""), value) for label, value in facts.items()),
        changed=_changed(proposal, versions, names),
        answers=tuple(
            Answer(
                side=known[key],
                at=given[key].given_at if key in given else None,
                objects=key in proposal.objecting,
                is_ours=key == ours.pk,
            )
            for key in shown
        ),
        objections=tuple(
            InTheWay(known[one.side_id], one.reason)
            for one in proposal.objections.all()
            if one.side_id in known
        ),
        may_answer=has_voice and (ours.pk in vote.missing or vote.is_carried),
        has_said_yes=ours.pk in vote.given,
        has_objected=we_object,
        may_object=has_voice and not is_maker,
        may_edit=has_voice and ours.side.is_active and proposal.kind in EDITABLE,
        may_withdraw=is_steward and proposal.is_living and proposal.side_id == ours.pk,
        agreement=version.payload["version"] if proposal.kind == ProposalKind.AGREEMENT else 0,
        twinning=_slugs(version.payload) if proposal.kind == ProposalKind.TWINNING else ("", ""),
    )


def shows_agreement(page: ProposalPage, workspace: Workspace) -> bool:
    """Whether a side that is invited may read the agreement: once all who are here want it to join. Nobody
    shows alone what belongs to all."""
    return all(one.pk == workspace.ours.pk for one in page.line.missing)


def with_objections(versions: Iterable[ProposalVersion]) -> None:
    """Know who objects to each: one query, and none where nobody does."""
    objected = [row.proposal for row in versions if row.proposal.state == ProposalState.OBJECTED]
    prefetch_related_objects(objected, "objections")


def gone_from(workspace: Workspace) -> frozenset[int]:
    """The sides that are here and for which nobody acts any more: one query."""
    return vanished([one.side for one in workspace.active])


EDITABLE = frozenset(
    {
        ProposalKind.STAGE,
        ProposalKind.BUDGET,
        ProposalKind.LEAST_ANSWERS,
        ProposalKind.TWINNING,
        ProposalKind.ENDING,
        ProposalKind.AGREEMENT,
    }
)
"""The others say but one thing: who wants another withdraws and proposes anew."""


def invited_workspace(slug: str, pk: int, *, person: Person) -> Workspace | None:
    """The partnership as somebody sees it whose community is invited by the living proposal ``pk``: its sides
    and its agreement, before they say yes. None for anybody else."""
    proposal = (
        Proposal.objects.filter(
            partnership__slug=slug, pk=pk, kind=ProposalKind.NEW_SIDE, state__in=LIVING_PROPOSALS
        )
        .select_related("partnership", "partnership__agreement")
        .first()
    )
    if proposal is None:
        return None
    payload = proposal.versions.latest("number").payload
    side = Side.objects.filter(pk=payload["side"]).select_related("community").first()
    seat = Membership.objects.filter(person=person, community=side.community).first() if side else None
    if side is None or seat is None:
        return None
    community = with_card_facts(Community.objects.filter(pk=side.community_id)).get()
    standing = Standing.STEWARD if seat.role == "steward" else Standing.MEMBER
    ours = SideCard(side, card(community))
    return Workspace(proposal.partnership, side_cards(proposal.partnership), ours, standing)


def facts_of(kind: str, payload: Mapping[str, Any], names: Mapping[int, str]) -> Facts:
    """What a payload says, line by line, in the reader's language."""
    if kind == ProposalKind.AGREEMENT:
        return {_("Agreement in force"): _("version %(number)s") % {"number": payload["version"]}}
    if kind == ProposalKind.STAGE:
        facts = {_("Stage"): str(Stage(payload["stage"]).label)}
        return {**facts, _("Reason"): payload["reason"]} if payload.get("reason") else facts
    if kind == ProposalKind.ENDING:
        return {_("Stage"): str(Stage.ENDED.label), _("Reason"): payload["reason"]}
    if kind == ProposalKind.NEW_SIDE:
        return {_("New side"): names.get(payload["side"], _("a community"))}
    if kind == ProposalKind.PUBLISH:
        return {_("Public page"): _("everybody can see it") if payload["is_public"] else _("hidden")}
    if kind == ProposalKind.LEAST_ANSWERS:
        return {_("How many of a side must answer a check"): str(payload["least_answers"])}
    return _budget(payload, names) if kind == ProposalKind.BUDGET else _twinning(payload)


def present_facts(
    kind: str, payload: Mapping[str, Any], partnership: Partnership, names: Mapping[int, str]
) -> Facts:
    """The same lines as they are now."""
    if kind == ProposalKind.AGREEMENT:
        return (
            facts_of(kind, {"version": partnership.agreement.number}, names) if partnership.agreement else {}
        )
    if kind in {ProposalKind.STAGE, ProposalKind.ENDING}:
        stage = {"stage": partnership.stage, "reason": partnership.stage_reason}
        return facts_of(ProposalKind.STAGE, stage, names)
    if kind == ProposalKind.PUBLISH:
        return facts_of(kind, {"is_public": partnership.is_public}, names)
    if kind == ProposalKind.LEAST_ANSWERS:
        return facts_of(kind, {"least_answers": partnership.least_answers}, names)
    if kind == ProposalKind.BUDGET and partnership.budget:
        return _budget({**partnership.budget, "currency": partnership.currency}, names)
    return _present_twinning(payload) if kind == ProposalKind.TWINNING else {}


def _keep_quiet(proposal: Proposal, versions: list[ProposalVersion], workspace: Workspace) -> None:
    """Take out of these rows, which are never saved, what tells who needs protection now."""
    ours = workspace.ours.pk
    hiding = [one.side.community for one in workspace.sides if one.card.is_safe_mode and one.pk != ours]

    def quiet(text: str, *, by: int | None) -> str:
        tells = by != ours and any(told_in([text], community=community) for community in hiding)
        return _("This text is hidden: it tells who needs protection now.") if tells else text

    for objection in proposal.objections.all():  # prefetched, so these rows are the ones shown
        objection.reason = quiet(objection.reason, by=objection.side_id)
    for version in versions:
        version.reason = quiet(version.reason, by=version.side_id)
        if version.payload.get("reason"):
            version.payload = {
                **version.payload,
                "reason": quiet(version.payload["reason"], by=version.side_id),
            }


def _budget(payload: Mapping[str, Any], names: Mapping[int, str]) -> Facts:
    currency = payload["currency"]
    sums = {
        names.get(int(pk), _("a side that has left")): f"{grouped(float(value), decimals=2)} {currency}"
        for pk, value in payload["sides"].items()
    }
    return {_("Year"): str(payload["year"]), **sums}


def _twinning(payload: Mapping[str, Any]) -> Facts:
    cities = City.objects.in_bulk([payload["a"], payload["b"]])
    return {
        _("Cities"): " – ".join(city.name for city in cities.values()),
        _("Kind"): str(TwinningKind(payload["kind"]).label),
        _("How it stands"): str(TwinningStatus(payload["status"]).label),
        _("Since"): str(payload["since"] or "–"),
        _("Until"): str(payload["until"] or "–"),
        _("Why the two are linked"): payload["reason"] or "–",
    }


def _present_twinning(payload: Mapping[str, Any]) -> Facts:
    cities = City.objects.in_bulk([payload["a"], payload["b"]])
    row = twinning_between(*cities.values()) if len(cities) == 2 else None
    if row is None:
        return {}
    facts = {name: getattr(row, name) for name in ("kind", "status", "since", "until", "reason")}
    return _twinning({"a": row.a_id, "b": row.b_id, **facts})


def _slugs(payload: Mapping[str, Any]) -> tuple[str, str]:
    cities = City.objects.in_bulk([payload["a"], payload["b"]])
    return cities[payload["a"]].slug, cities[payload["b"]].slug


def _changed(
    proposal: Proposal, versions: list[ProposalVersion], names: Mapping[int, str]
) -> tuple[Change, ...]:
    if len(versions) == 1:
        return ()
    now, before = (facts_of(proposal.kind, version.payload, names) for version in versions)
    lines = (Change(label, before.get(label, ""), now.get(label, "")) for label in {**now, **before})
    return tuple(line for line in lines if line.is_different)


def _vote(
    proposal: Proposal,
    version: ProposalVersion,
    workspace: Workspace,
    *,
    given: set[int],
    gone: frozenset[int] = frozenset(),
) -> Vote:
    active = [one.pk for one in workspace.active]
    needed = voters(proposal.kind, version.payload, active=active, gone=gone)
    return Vote(needed=needed, given=frozenset(given))


def _line(
    proposal: Proposal, *, workspace: Workspace, vote: Vote, known: Mapping[int, SideCard], we_object: bool
) -> ProposalLine:
    missing = vote.missing if proposal.is_living else frozenset()
    ours = workspace.ours.pk
    return ProposalLine(
        proposal=proposal,
        by=known[proposal.side_id],
        missing=tuple(known[pk] for pk in sorted(missing) if pk in known),
        waits_for_us=ours in missing and not we_object and workspace.standing == Standing.STEWARD,
    )


def _cards(workspace: Workspace, versions: Any) -> dict[int, SideCard]:
    """The sides by their id, and those that are only invited."""
    known = {one.pk: one for one in (*workspace.sides, workspace.ours)}
    invited = {version.payload["side"] for version in versions if "side" in version.payload} - {*known}
    if invited:
        rows = {side.community_id: side for side in Side.objects.filter(pk__in=invited)}
        for community in with_card_facts(Community.objects.filter(pk__in=rows)):
            side = rows[community.pk]
            known[side.pk] = SideCard(side, card(community))
    return known
