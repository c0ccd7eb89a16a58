"""Two communities meet, agree, do something together, look how level they are, and report to their councils.
Every page on the way is accessible."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect
from tests.journeys.guest import Guest

from twincitylab.community.choices import Role
from twincitylab.community.models import Community, Person
from twincitylab.community.tests.world import make_person, seat
from twincitylab.partnerships.models import CheckSheet, EyeLevelCheck, Partnership
from twincitylab.partnerships.operations.checking import answer_check
from twincitylab.partnerships.rules.questions import QUESTION_COUNT
from twincitylab.partnerships.tests.pair import Pair, make_pair, proposed

pytestmark = pytest.mark.journey

PURPOSE = "We mend together, and learn how the other city does it."
CHANGED = "We mend together twice a year, and learn how the other city does it."


def test_a_partnership_from_introduction_to_report(browser: Browser, site: str) -> None:
    pair = make_pair()
    introduction = proposed(pair, now=timezone.now())
    ada = Guest(browser, site, width=1440, scheme="light")
    bo = Guest(browser, site, width=390, scheme="dark")
    ada.enter_as(pair.ada)
    bo.enter_as(pair.bo)

    bo.page.goto(f"{site}/introductions/{introduction.pk}/")
    bo.press("Yes, we would like to meet")
    partnership = Partnership.objects.get()
    home = f"{site}/partnerships/{partnership.slug}/"
    for guest in (ada, bo):
        guest.page.goto(home)
        guest.look()
        expect(guest.page.locator("main")).to_contain_text("getting to know each other")

    _agree(ada, bo)
    _do_something(ada, home)
    _check(ada, bo, pair=pair, home=home)
    _report(bo, home)
    ada.context.close()
    bo.context.close()
    assert ada.problems + bo.problems == []


def _agree(ada: Guest, bo: Guest) -> None:
    """Ada begins the agreement, Bo changes it and proposes his version, Ada says yes to exactly that one."""
    ada.follow("Agreement")
    ada.follow("Begin the agreement")
    ada.page.locator("textarea").first.fill(PURPOSE)
    ada.press("Save as a new version")
    expect(ada.page.locator("main")).to_contain_text(PURPOSE)

    bo.follow("Agreement")
    bo.follow("Write on")
    bo.page.locator("textarea").first.fill(CHANGED)
    bo.press("Save as a new version")
    bo.follow("Propose this version for consent")
    bo.page.locator("main form").first.locator("button.main").click()
    bo.page.wait_for_load_state()
    bo.look()
    expect(bo.page.locator("main")).to_contain_text("Your side has said yes to this version.")
    assert Partnership.objects.get().agreement is None

    ada.page.reload()
    ada.follow("A version of the agreement waits for a yes")
    ada.press("Yes to version 1")
    expect(ada.page.locator("main")).to_contain_text("in effect")
    agreement = Partnership.objects.get().agreement
    assert agreement is not None
    assert agreement.number == 2


def _do_something(ada: Guest, home: str) -> None:
    """Ada writes down a workshop, with what each side gave."""
    ada.page.goto(f"{home}activities/new/")
    ada.look()
    ada.page.locator("[name=title]").fill("A day of mending")
    ada.page.locator("[name=kind]").select_option("workshop")
    ada.page.locator("[name=day]").fill(f"{timezone.localdate() - dt.timedelta(days=2)}")
    ada.page.locator("[name=begins]").fill("10:00")
    for field in ada.page.locator("[name$=hours]").all():
        field.fill("12")
    ada.press("Write it down")
    expect(ada.page.locator("main")).to_contain_text("A day of mending")


def _check(ada: Guest, bo: Guest, *, pair: Pair, home: str) -> None:
    """Three of each side answer; nobody sees anything before the round has closed."""
    ada.page.goto(f"{home}check/")
    ada.press("Open a round")
    for guest, value in ((ada, "1"), (bo, "0")):
        guest.page.goto(f"{home}check/")
        guest.follow("Answer the questions")
        for place in range(QUESTION_COUNT):
            # The choice is drawn over the button itself.
            guest.page.locator(f"input[type=radio][value='{value}']").nth(place).check(force=True)
        guest.look()
        guest.page.locator("main form button.main").last.click()
        guest.page.wait_for_load_state()
        guest.look()
        guest.page.locator("main form button.main").last.click()
        guest.page.wait_for_load_state()
        expect(guest.page.locator("main")).to_contain_text("You have answered")
    for community, name in ((pair.a, "Al"), (pair.a, "Amy"), (pair.b, "Bea"), (pair.b, "Ben")):
        _answer_as(make_person(name), community)
    assert CheckSheet.objects.count() == 6
    for guest in (ada, bo):
        guest.page.goto(f"{home}check/")
        guest.press("Ask to close it early")
    bo.page.goto(f"{home}check/1/")
    bo.look()
    expect(bo.page.get_by_role("heading", name="What to talk about first")).to_be_visible()
    assert CheckSheet.objects.count() == 0


def _answer_as(person: Person, community: Community) -> None:
    seat(community, person, role=Role.MEMBER)
    check = EyeLevelCheck.objects.get()
    side = check.partnership.sides.get(community=community)
    answer_check(check=check, side=side, answers=[0] * QUESTION_COUNT, by=person, now=timezone.now())


def _report(bo: Guest, home: str) -> None:
    """Bo takes the report of the year to his council, on paper."""
    bo.page.goto(f"{home}report/{timezone.localdate().year}/")
    bo.look()
    expect(bo.page.locator("main")).to_contain_text("A day of mending")
    answer = bo.context.request.get(f"{home}report/{timezone.localdate().year}.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")
