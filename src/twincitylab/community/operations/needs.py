"""Writing down what a community seeks or brings, changing it, closing it and opening it again."""

import datetime as dt
import uuid
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from twincitylab.base import audit
from twincitylab.community.choices import Direction, ExchangeKind, NeedState, Topic, Urgency
from twincitylab.community.models import LONGEST_TEXT, Community, NeedOffer, Person
from twincitylab.community.operations.changes import touch
from twincitylab.community.operations.search import index_words
from twincitylab.community.queries.telling import told_in
from twincitylab.community.rules.access import Standing, require_standing
from twincitylab.community.rules.languages import written_codes
from twincitylab.community.rules.refusals import Refused, fitting_text

MOST_OPEN = 50
LONGEST_VALIDITY = dt.timedelta(days=5 * 366)


@dataclass(frozen=True)
class NeedFacts:
    """What is written down: ``urgency`` of a need, ``valid_until`` of an offer, the last day of it."""

    text: str
    topic: str
    kind: str
    language: str
    urgency: str = ""
    valid_until: dt.date | None = None


class ChangedMeanwhile(Refused):
    """Somebody else has changed it since the form was opened; ``current`` is how it stands now."""

    def __init__(self, current: NeedOffer) -> None:
        super().__init__(_("Somebody has changed this in the meantime. Compare, then save again."))
        self.current = current


@transaction.atomic
def add_need(
    community: Community,
    *,
    direction: str,
    facts: NeedFacts,
    form_key: uuid.UUID,
    by: Person,
    now: dt.datetime,
) -> NeedOffer:
    """Write down a need or an offer; the same form sent again gives the row that it made before."""
    held = _held(community, by=by)
    sent_before = NeedOffer.objects.filter(form_key=form_key).first()
    if sent_before is not None:
        if sent_before.community_id != held.pk:
            raise Refused(_("This form was sent before. Open it again."))
        return sent_before
    if direction not in Direction.values:
        raise Refused(_("Say whether you seek or bring something."), field="direction")
    fit = _fit(facts, direction=direction, community=held, now=now)
    if NeedOffer.objects.filter(community=held, state=NeedState.OPEN).count() >= MOST_OPEN:
        raise Refused(
            _("There is room for %(most)d open needs and offers. Mark some as taken first.")
            % {"most": MOST_OPEN}
        )
    need = NeedOffer.objects.create(
        community=held,
        direction=direction,
        created_by=by,
        created_at=now,
        changed_at=now,
        form_key=form_key,
        **asdict(fit),
    )
    _conclude(need, action="add need", by=by, now=now)
    return need


@transaction.atomic
def edit_need(need: NeedOffer, *, facts: NeedFacts, revision: int, by: Person, now: dt.datetime) -> NeedOffer:
    """Change it; raises ``ChangedMeanwhile`` when somebody else has since ``revision``."""
    current = _locked(need, by=by)
    fit = _fit(facts, direction=current.direction, community=current.community, now=now)
    if fit == facts_of(current):
        return current
    if current.revision != revision:
        raise ChangedMeanwhile(current)
    for name, value in asdict(fit).items():
        setattr(current, name, value)
    _save(current, now=now)
    _conclude(current, action="edit need", by=by, now=now)
    return current


@transaction.atomic
def take_need(need: NeedOffer, *, by: Person, now: dt.datetime) -> NeedOffer:
    """It has found what it looked for; saying so again changes nothing."""
    current = _locked(need, by=by)
    if current.state == NeedState.OPEN:
        current.state = NeedState.TAKEN
        _save(current, now=now)
        _conclude(current, action="take need", by=by, now=now)
    return current


@transaction.atomic
def reopen_need(need: NeedOffer, *, by: Person, now: dt.datetime) -> NeedOffer:
    """It is open again; an offer whose last day is over needs another day first."""
    current = _locked(need, by=by)
    if current.valid_until is not None and current.valid_until < now.date():
        raise Refused(
            _("The last day of this offer is over. Give it a later one, then it can be opened again."),
            field="valid_until",
        )
    if current.state == NeedState.TAKEN:
        current.state = NeedState.OPEN
        _save(current, now=now)
        _conclude(current, action="reopen need", by=by, now=now)
    return current


@transaction.atomic
def delete_need(need: NeedOffer, *, by: Person, now: dt.datetime) -> None:
    """Take it out for good."""
    current = _locked(need, by=by)
    gone = current.pk
    current.delete()
    current.pk = gone
    _conclude(current, action="delete need", by=by, now=now)


def renew_needs(community: Community, *, day: dt.datetime) -> None:
    """Replace every row by a new one, as part of a change of the name under which the community is seen.

    The number and the moment of an old row were public under the other name, and would lead from one to the
    other. What it says, its order and the key of its form stay.
    """
    rows = list(NeedOffer.objects.select_for_update().filter(community=community).order_by("pk"))
    NeedOffer.objects.filter(community=community).delete()
    for row in rows:
        row.pk, row.revision = None, 1
        row.created_at = row.changed_at = day
    NeedOffer.objects.bulk_create(rows)


def facts_of(need: NeedOffer) -> NeedFacts:
    """What stands there now."""
    return NeedFacts(need.text, need.topic, need.kind, need.language, need.urgency, need.valid_until)


def _held(community: Community, *, by: Person) -> Community:
    """The community's row, locked, for a steward of it."""
    held = Community.objects.select_for_update().get(pk=community.pk)
    require_standing(by, held, Standing.STEWARD)
    if held.closed_at is not None:
        raise Refused(_("This community was given up, so nothing of it changes any more."))
    return held


def _locked(need: NeedOffer, *, by: Person) -> NeedOffer:
    """Its row, locked after the community's, as everywhere; raises ``NeedOffer.DoesNotExist``."""
    held = _held(need.community, by=by)
    current = NeedOffer.objects.select_for_update().get(pk=need.pk, community=held)
    current.community = held
    return current


def _save(need: NeedOffer, *, now: dt.datetime) -> None:
    need.revision += 1
    need.changed_at = now
    need.save()


def _conclude(need: NeedOffer, *, action: str, by: Person, now: dt.datetime) -> None:
    touch(need.community, now=now)
    index_words([need.community_id])
    audit.record(
        actor=f"person {by.pk}",
        action=action,
        subject=f"community {need.community_id}",
        now=now,
        detail={"need": need.pk, "direction": need.direction, "topic": need.topic},
    )


def _fit(facts: NeedFacts, *, direction: str, community: Community, now: dt.datetime) -> NeedFacts:
    """The facts as they are stored; ``Refused`` names the field that cannot be."""
    is_need = direction == Direction.NEED
    text = fitting_text(facts.text, longest=LONGEST_TEXT, field="text", one_line=False)
    if not text:
        raise Refused(_("Say in a sentence or two what it is about."), field="text")
    _check_telling(text, community=community)
    if facts.topic not in Topic.values:
        raise Refused(_("Choose the topic that comes nearest."), field="topic")
    if facts.kind not in ExchangeKind.values:
        raise Refused(_("Choose what would change hands."), field="kind")
    if facts.language not in written_codes():
        raise Refused(_("Choose the language of the text."), field="language")
    if is_need and facts.urgency not in Urgency.values:
        raise Refused(_("Choose how soon."), field="urgency")
    return NeedFacts(
        text=text,
        topic=facts.topic,
        kind=facts.kind,
        language=facts.language,
        urgency=facts.urgency if is_need else "",
        valid_until=None if is_need else _last_day(facts.valid_until, today=now.date()),
    )


def _last_day(day: dt.date | None, *, today: dt.date) -> dt.date | None:
    if day is not None and day < today:
        raise Refused(_("This day is over. Choose a later one, or none."), field="valid_until")
    if day is not None and day > today + LONGEST_VALIDITY:
        raise Refused(
            _("This day is more than five years away. Choose an earlier one, or none."), field="valid_until"
        )
    return day


def _check_telling(text: str, *, community: Community) -> None:
    """What a community in safety mode writes must not tell who it is."""
    if told := told_in([text], community=community):
        raise Refused(
            _("“%(name)s” would tell who or where you are. In safety mode leave it out.") % {"name": told},
            field="text",
        )
