"""What a partnership is called, what it is for, and in which currency its sums are.

Name and purpose bind nobody: any steward changes them, and the others hear of it.
"""

import datetime as dt
import re
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from twincitylab.community.models import LONGEST_LINE, LONGEST_NAME, Person
from twincitylab.community.rules.access import Standing
from twincitylab.community.rules.languages import written_codes
from twincitylab.community.rules.refusals import Refused, fitting_text
from twincitylab.partnerships.models import Partnership, Side
from twincitylab.partnerships.operations.workspaces import (
    lock_partnership,
    require_side,
    tell_sides,
    write_down,
)
from twincitylab.partnerships.queries.settings import has_sums

_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True)
class Described:
    """How a partnership describes itself; ``language`` is that of both texts."""

    name: str
    purpose: str
    language: str
    currency: str


class SettingsChanged(Exception):
    """Somebody else has saved since the form was opened; ``partnership`` is as it is now."""

    def __init__(self, partnership: Partnership) -> None:
        super().__init__("changed in the meantime")
        self.partnership = partnership


def described(partnership: Partnership) -> Described:
    return Described(partnership.name, partnership.purpose, partnership.language, partnership.currency)


def describe(
    *,
    partnership: Partnership,
    side: Side,
    wanted: Described,
    before: Described,
    by: Person,
    now: dt.datetime,
) -> Partnership:
    """Change name, purpose, language and currency; ``SettingsChanged`` where they are no longer as they were
    ``before``, when the form was opened. The same once more changes nothing and tells nobody."""
    with transaction.atomic():
        found, sides = lock_partnership(partnership)
        ours = require_side(found, side, by=by, least=Standing.STEWARD)
        fitting = _fitting(wanted)
        current = described(found)
        if fitting == current:
            return found
        if before != current:
            raise SettingsChanged(found)
        if fitting.currency != found.currency and has_sums(found):
            raise Refused(
                _("Sums are written down in %(currency)s already, so the currency stays.")
                % {"currency": found.currency},
                field="currency",
            )
        found.name, found.purpose = fitting.name, fitting.purpose
        found.language, found.currency = fitting.language, fitting.currency
        found.revision += 1
        found.changed_at = now
        found.save(update_fields=["name", "purpose", "language", "currency", "revision", "changed_at"])
        others = tuple(one for one in sides if one.is_active and one.pk != ours.pk)
        address = reverse("partnerships:settings", args=[found.slug])
        tell_sides(found, "partnership-renamed", now=now, but=by, only=others, address=address)
        write_down(found, "describe partnership", by=by, now=now, side=ours, revision=found.revision)
    return found


def _fitting(wanted: Described) -> Described:
    if wanted.language not in written_codes():
        raise Refused(_("Choose one of the languages."), field="language")
    currency = wanted.currency.strip().upper()
    if not _CURRENCY.fullmatch(currency):
        raise Refused(_("Write the currency in three letters, such as EUR or USD."), field="currency")
    return Described(
        name=fitting_text(wanted.name, longest=LONGEST_NAME, field="name"),
        purpose=fitting_text(wanted.purpose, longest=LONGEST_LINE, field="purpose"),
        language=wanted.language,
        currency=currency,
    )
