"""Needs and offers: what operations take and refuse, and what is left behind."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied

from twincitylab.base.models import AuditEntry
from twincitylab.community.choices import Direction, ExchangeKind, NeedState, Topic, Urgency
from twincitylab.community.models import Community, CommunityWord, NeedOffer, Person
from twincitylab.community.operations.needs import (
    MOST_OPEN,
    ChangedMeanwhile,
    NeedFacts,
    add_need,
    delete_need,
    edit_need,
    facts_of,
    reopen_need,
    take_need,
)
from twincitylab.community.queries.answers import answers_to
from twincitylab.community.queries.needs import needs_of, newest_needs
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.tests.world import NOW, make_community, make_need, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("atlas")]

LATER = NOW + dt.timedelta(hours=1)
TODAY = NOW.date()
YESTERDAY = TODAY - dt.timedelta(days=1)
SEEK = NeedFacts(
    "Who lends tools?", Topic.CIRCULAR_ECONOMY, ExchangeKind.MATERIAL, "en", urgency=Urgency.YEAR
)
BRING = NeedFacts("We lend tools.", Topic.CIRCULAR_ECONOMY, ExchangeKind.MATERIAL, "en")


def add(community: Community, facts: NeedFacts = SEEK, **more: object) -> NeedOffer:
    direction = Direction.NEED if facts.urgency else Direction.OFFER
    options = {"direction": direction, "form_key": uuid.uuid4(), "now": LATER, "by": steward(community)}
    return add_need(community, facts=facts, **{**options, **more})  # type: ignore[arg-type]


def steward(community: Community) -> Person:
    return community.memberships.get(role="steward").person


def test_adding_writes_the_row_the_words_and_the_audit() -> None:
    community = make_community()
    need = add(community)
    community.refresh_from_db()
    assert (need.state, need.text, need.urgency) == (NeedState.OPEN, "Who lends tools?", Urgency.YEAR)
    assert community.matched_at == LATER
    assert CommunityWord.objects.filter(key="tools").exists()
    entry = AuditEntry.objects.get(action="add need")
    assert (entry.actor, entry.subject) == (f"person {steward(community).pk}", f"community {community.pk}")
    assert "tools" not in str(entry.detail)


def test_the_same_form_twice_makes_one_row() -> None:
    community, key = make_community(), uuid.uuid4()
    assert add(community, form_key=key) == add(community, form_key=key)
    assert NeedOffer.objects.count() == AuditEntry.objects.filter(action="add need").count() == 1


def test_the_form_of_another_community_is_refused() -> None:
    key = uuid.uuid4()
    add(make_community(), form_key=key)
    with pytest.raises(Refused):
        add(make_community(), form_key=key)


def test_only_stewards_write() -> None:
    member = make_person()
    community = make_community(members=[member])
    need = make_need(community)
    for person in (member, make_person()):
        with pytest.raises(PermissionDenied):
            add(community, by=person)
        for change in (take_need, reopen_need, delete_need):
            with pytest.raises(PermissionDenied):
                change(need, by=person, now=NOW)
        with pytest.raises(PermissionDenied):
            edit_need(need, facts=SEEK, revision=1, by=person, now=NOW)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"text": "\u200b \x00"}, "text"),
        ({"text": "x" * 601}, "text"),
        ({"topic": "stars"}, "topic"),
        ({"kind": "love"}, "kind"),
        ({"language": "klingon"}, "language"),
        ({"urgency": "never"}, "urgency"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(facts: dict[str, str], field: str) -> None:
    community = make_community()
    with pytest.raises(Refused) as told:
        add(community, NeedFacts(**{**vars(SEEK), **facts}))
    assert told.value.field == field
    assert NeedOffer.objects.count() == 0


@pytest.mark.parametrize("day", [YESTERDAY, TODAY + dt.timedelta(days=3000)])
def test_an_offer_lasts_neither_less_than_today_nor_for_ever(day: dt.date) -> None:
    community = make_community()
    with pytest.raises(Refused) as told:
        add(community, NeedFacts(**{**vars(BRING), "valid_until": day}))
    assert told.value.field == "valid_until"


def test_direction_is_turned_back_and_control_characters_left_out() -> None:
    need = add(make_community(), NeedFacts(**{**vars(SEEK), "text": "a\u202eb\x07\n\n\n\n<b>c</b>"}))
    assert need.text == "ab\n\n<b>c</b>"


def test_there_is_room_for_so_many() -> None:
    community = make_community()
    for _number in range(MOST_OPEN):
        make_need(community)
    with pytest.raises(Refused, match="Mark some as taken"):
        add(community)


def test_a_closed_community_writes_nothing() -> None:
    with pytest.raises(Refused):
        add(make_community(closed_at=NOW))


def test_in_safety_mode_the_text_must_not_tell_the_name() -> None:
    community = make_community("Night Shelter", pseudonym="The Lanterns", hides_city=True)
    for text in ("Ask the NIGHT shelter", "Anybody in Karlsruhe?"):
        with pytest.raises(Refused, match="would tell"):
            add(community, NeedFacts(**{**vars(SEEK), "text": text}))
    add(community)
    assert not CommunityWord.objects.exists()


def test_an_edit_raises_the_revision_and_says_when_somebody_was_quicker() -> None:
    community = make_community()
    need, by = make_need(community), steward(community)
    changed = edit_need(need, facts=SEEK, revision=1, by=by, now=LATER)
    assert (changed.revision, changed.changed_at) == (2, LATER)
    mine = NeedFacts(**{**vars(SEEK), "text": "Mine"})
    with pytest.raises(ChangedMeanwhile) as told:
        edit_need(need, facts=mine, revision=1, by=by, now=LATER)
    assert facts_of(told.value.current) == SEEK
    assert edit_need(need, facts=SEEK, revision=1, by=by, now=LATER).revision == 2
    assert edit_need(need, facts=mine, revision=2, by=by, now=LATER).text == "Mine"


def test_taking_and_opening_again_count_once() -> None:
    community = make_community()
    need, by = make_need(community), steward(community)
    for _again in range(2):
        assert take_need(need, by=by, now=LATER).state == NeedState.TAKEN
    for _again in range(2):
        assert reopen_need(need, by=by, now=LATER).state == NeedState.OPEN
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["take need", "reopen need"]


def test_an_offer_that_is_over_wants_a_new_day_first() -> None:
    community = make_community()
    offer = make_need(community, direction=Direction.OFFER, valid_until=YESTERDAY)
    with pytest.raises(Refused) as told:
        reopen_need(offer, by=steward(community), now=NOW)
    assert told.value.field == "valid_until"
    (line,) = needs_of(community, today=TODAY).offers
    assert (line.is_open, line.is_over) == (False, True)


def test_deleting_leaves_no_word_behind() -> None:
    community = make_community()
    need = add(community)
    delete_need(need, by=steward(community), now=LATER)
    assert not NeedOffer.objects.exists()
    assert not CommunityWord.objects.filter(key="tools").exists()
    assert AuditEntry.objects.filter(action="delete need", detail__need=need.pk).count() == 1


def test_needs_of_puts_the_open_ones_first() -> None:
    community = make_community()
    first = make_need(community)
    taken = make_need(community, state=NeedState.TAKEN)
    last = make_need(community)
    assert [line.pk for line in needs_of(community, today=TODAY).needs] == [last.pk, first.pk, taken.pk]


class TestAnswers:
    """The count beside the form tells of nobody who is not listed."""

    def count(self, person: Person | None = None, direction: Direction = Direction.NEED) -> tuple[int, int]:
        found = answers_to(
            direction,
            topic=Topic.CIRCULAR_ECONOMY,
            kind=ExchangeKind.KNOWLEDGE,
            person=person,
            today=TODAY,
        )
        return found.on_topic, found.of_kind

    def test_communities_are_counted_not_offers(self) -> None:
        community = make_community()
        make_need(community, direction=Direction.OFFER)
        make_need(community, direction=Direction.OFFER, kind=ExchangeKind.SPACE)
        make_need(make_community(), direction=Direction.OFFER, kind=ExchangeKind.SPACE)
        make_need(make_community(), direction=Direction.OFFER, topic=Topic.TREES)
        make_need(make_community())
        assert self.count() == (2, 1)
        assert self.count(direction=Direction.OFFER) == (1, 1)

    def test_taken_and_over_do_not_count(self) -> None:
        make_need(make_community(), direction=Direction.OFFER, state=NeedState.TAKEN)
        make_need(make_community(), direction=Direction.OFFER, valid_until=YESTERDAY)
        assert self.count() == (0, 0)
        make_need(make_community(), direction=Direction.OFFER, valid_until=TODAY)
        assert self.count() == (1, 1)

    def test_the_hidden_those_in_safety_mode_and_ones_own_are_not_counted(self) -> None:
        ada = make_person()
        make_need(make_community(is_hidden=True), direction=Direction.OFFER)
        make_need(make_community(pseudonym="The Lanterns"), direction=Direction.OFFER)
        make_need(make_community(closed_at=NOW), direction=Direction.OFFER)
        make_need(make_community(steward=ada), direction=Direction.OFFER)
        make_need(make_community(visibility="members"), direction=Direction.OFFER)
        assert self.count(ada) == (1, 1)
        assert self.count() == (1, 1)  # Ada's, which is public; not the one for members

    @pytest.mark.parametrize(
        ("direction", "sentence"),
        [
            (Direction.NEED, "1 community worldwide brings something on “Trees and tree cover”."),
            (Direction.OFFER, "No community here seeks anything on “Trees and tree cover” yet."),
        ],
    )
    def test_the_sentence_says_it_in_words(self, direction: Direction, sentence: str) -> None:
        make_need(make_community(), direction=Direction.OFFER, topic=Topic.TREES)
        found = answers_to(direction, topic=Topic.TREES, kind=ExchangeKind.MONEY, person=None, today=TODAY)
        assert found.sentence.startswith(sentence)


def test_the_feed_holds_only_what_is_listed_and_open() -> None:
    seen = make_need(make_community())
    make_need(make_community(), state=NeedState.TAKEN)
    make_need(make_community(is_hidden=True))
    make_need(make_community(pseudonym="The Lanterns"))
    make_need(make_community(visibility="members"))
    assert [new.line.pk for new in newest_needs(None, today=TODAY, limit=9)] == [seen.pk]
