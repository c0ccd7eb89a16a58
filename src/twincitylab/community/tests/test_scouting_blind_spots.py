"""What the map does not see, and the one thing to do next."""

import datetime as dt

from twincitylab.community.choices import AgeGroup, Consent, ContactKind, Sector
from twincitylab.community.rules.scouting_actors import Actor
from twincitylab.community.rules.scouting_blind_spots import Way, blind_spots

ASKED = dt.date(2026, 2, 1)


def _actor(pk: int, *, by: int | None = None, asked: bool = True, **more: str) -> Actor:
    return Actor(
        pk,
        ContactKind.PERSON,
        f"Contact {pk}",
        sector=more.get("sector", ""),
        district=more.get("district", ""),
        age_group=more.get("age_group", ""),
        recommended_by=by,
        asked_further_date=ASKED if asked else None,
        consent=Consent(more.get("consent", Consent.GIVEN)),
    )


def test_an_empty_map_asks_for_the_first_contacts() -> None:
    spots = blind_spots([])
    assert (spots.next_step.way, spots.never_asked, spots.loudest) == (Way.ADD, (), None)
    assert len(spots.empty_sectors) == len(Sector)


def test_sectors_districts_and_age_groups_with_nobody_are_named() -> None:
    actors = [
        _actor(1, sector=Sector.SPORT, district="suedstadt", age_group=AgeGroup.YOUTH),
        _actor(2, sector=Sector.SPORT, district="Südstadt"),
        _actor(3, district="Hafen"),
    ]
    spots = blind_spots(actors, districts=["Nordstadt", "Südstadt"])
    assert "Sport" not in spots.empty_sectors
    assert len(spots.empty_sectors) == len(Sector) - 1
    assert spots.empty_districts == ("Nordstadt",)
    assert spots.empty_age_groups == ("Children", "Adults", "Older people")
    assert ("Südstadt", 1) in [(count.label, count.count) for count in spots.districts]
    assert ("Hafen", 1) in [(count.label, count.count) for count in spots.districts]


def test_who_recommended_somebody_was_asked() -> None:
    actors = [_actor(1, asked=False), _actor(2, by=1, asked=False), _actor(3)]
    assert [actor.pk for actor in blind_spots(actors).never_asked] == [2]


def test_one_voice_over_half_is_said_plainly_and_another_is_to_be_asked() -> None:
    actors = [_actor(1), *(_actor(n, by=1, asked=False) for n in (2, 3, 4)), _actor(5), _actor(6, by=5)]
    actors.append(_actor(7, asked=False))
    spots = blind_spots(actors)
    assert spots.loudest is not None
    assert (spots.loudest.actor.pk, spots.loudest.count, spots.loudest.total) == (1, 3, 4)
    assert (spots.next_step.way, spots.next_step.contact) == (Way.CONTACT, 7)
    assert "3 of the 4 contacts" in spots.next_step.reason


def test_exactly_half_and_small_maps_are_no_warning() -> None:
    half = [_actor(1), _actor(2, by=1), _actor(3, by=1), _actor(4, by=3), _actor(5, by=4)]
    assert blind_spots(half).loudest is None
    assert blind_spots([_actor(1), _actor(2, by=1), _actor(3, by=1)]).loudest is None


def test_whoever_refused_is_not_the_one_to_ask_next() -> None:
    actors = [_actor(1, asked=False, consent=Consent.REFUSED), _actor(2, asked=False), _actor(3)]
    assert blind_spots(actors).next_step.contact == 2


def test_then_gaps_then_districts_then_consent_then_rest() -> None:
    sectors = [_actor(n, sector=sector) for n, sector in enumerate(Sector.values, start=1)]
    groups = [_actor(50 + n, age_group=group) for n, group in enumerate(AgeGroup.values)]
    assert blind_spots(sectors).next_step.title == "Look for somebody here: Children."
    assert blind_spots([*sectors, *groups]).next_step.way == Way.DISTRICTS
    unasked = _actor(90, district="Nord", consent=Consent.NOT_ASKED)
    full = [*sectors, *groups, unasked]
    assert blind_spots(full, districts=["Nord"]).next_step.contact == 90
    done = [*sectors, *groups, _actor(90, district="Nord")]
    assert blind_spots(done, districts=["Nord"]).next_step.way == Way.GRAPH
