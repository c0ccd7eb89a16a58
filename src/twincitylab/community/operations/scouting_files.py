"""The actor map as a file: taking one in, line by line, and giving one out."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from twincitylab.base.audit import record
from twincitylab.base.text import fold
from twincitylab.community.choices import Consent
from twincitylab.community.models import Community, Contact, Person
from twincitylab.community.operations.scouting import consent_moment, latest_day, opened_map
from twincitylab.community.queries.scouting import exported_rows
from twincitylab.community.rules.scouting_actors import MOST_CONTACTS
from twincitylab.community.rules.scouting_csv import Line, Remark, column_labels, name_key, read, write

_FILLED = ("sector", "district", "topic", "age_group", "reach", "note", "asked_further_date")


@dataclass(frozen=True)
class TakenIn:
    """What became of a file: how many contacts are new, how many got something that was missing, how many
    were as the file says, and what is to be said about single lines."""

    added: int
    filled: int
    unchanged: int
    remarks: tuple[Remark, ...]

    @property
    def left_out(self) -> int:
        return sum(remark.is_left_out for remark in self.remarks)


def take_in(community: Community, *, data: bytes, by: Person, now: dt.datetime) -> TakenIn:
    """The contacts of a file, added to the map.

    Whoever is on the map already gets what is missing there; nothing that stands there is overwritten, and
    the same file once more changes nothing.
    """
    file = read(data, latest=latest_day(now))
    with transaction.atomic():
        locked = opened_map(community, by=by)
        work = _Work(locked, now, _Known(list(Contact.objects.filter(community=locked).order_by("pk"))))
        work.remarks.extend(file.remarks)
        for line in file.lines:
            work.find(line)
        work.store()
        work.link()
        taken = work.report()
        _record("import contacts", locked, by=by, now=now, added=taken.added, filled=taken.filled)
    return taken


def give_out(community: Community, *, by: Person, now: dt.datetime) -> str:
    """The whole map as CSV, for a steward; that it was given out is on record."""
    with transaction.atomic():
        locked = opened_map(community, by=by, also_closed=True)
        rows = exported_rows(locked)
        _record("export contacts", locked, by=by, now=now, contacts=len(rows))
    return write(rows)


class _Known:
    """The contacts of the map, found again by number or name; each belongs to one line of a file at most."""

    def __init__(self, contacts: Iterable[Contact]) -> None:
        self.by_pk: dict[str, Contact] = {}
        self.by_key: dict[tuple[str, str], list[Contact]] = {}
        self._taken: set[int] = set()
        for contact in contacts:
            self.by_pk[str(contact.pk)] = contact
            self.by_key.setdefault(name_key(contact.kind, contact.name), []).append(contact)

    def take(self, line: Line) -> Contact | None:
        """The contact that this line is about, if it is on the map."""
        numbered = self.by_pk.get(line.own_number)
        candidates = [numbered] if numbered and name_key(numbered.kind, numbered.name) == line.key else []
        candidates += self.by_key.get(line.key, [])
        free = [contact for contact in candidates if contact.pk not in self._taken]
        fitting = [contact for contact in free if contact is numbered or same_place(contact, line)]
        fitting.sort(
            key=lambda contact: (contact is not numbered, _place(contact.district) != _place(line.district))
        )
        if fitting:
            self._taken.add(fitting[0].pk)
            return fitting[0]
        return None


def same_place(contact: Contact, line: Line) -> bool:
    """Two of one name in different districts are two; where a district is missing they are taken for one."""
    here, there = _place(contact.district), _place(line.district)
    return here == there or not here or not there


@dataclass
class _Work:
    """One file on its way into the map."""

    community: Community
    now: dt.datetime
    known: _Known
    remarks: list[Remark] = field(default_factory=list)
    contacts: dict[int, Contact] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    new: list[Contact] = field(default_factory=list)
    filled: set[int] = field(default_factory=set)

    def find(self, line: Line) -> None:
        """Whom the line is about: somebody on the map, somebody new, or the same as a line before."""
        contact = self.known.take(line)
        if contact is not None:
            if _fill(contact, line):
                self.filled.add(contact.pk)
            self._tell_what_stays(contact, line)
        else:
            twin = next(
                (
                    before
                    for before in self.lines
                    if line.repeats(before) and same_place(self.contacts[before.number], line)
                ),
                None,
            )
            if twin is not None:
                self._say(line, _("This is the same contact as in line %(line)d.") % {"line": twin.number})
                return
            if len(self.known.by_pk) + len(self.new) >= MOST_CONTACTS:
                self._say(
                    line,
                    _("There is no room on the map: it holds %(most)d contacts.") % {"most": MOST_CONTACTS},
                )
                return
            contact = _new_contact(line, community=self.community, now=self.now)
            self.new.append(contact)
        self.contacts[line.number] = contact
        self.lines.append(line)

    def store(self) -> None:
        """New contacts, in the order of the file."""
        Contact.objects.bulk_create(self.new)

    def link(self) -> None:
        """Who recommended whom, now that everybody is there; then all that was filled in is stored."""
        numbers = {line.own_number: self.contacts[line.number] for line in self.lines if line.own_number}
        everybody = {contact.pk: contact for contact in (*self.known.by_pk.values(), *self.new)}
        names: dict[str, list[Contact]] = {}
        for contact in everybody.values():
            names.setdefault(_name(contact.name), []).append(contact)
        linked: list[Contact] = []
        for line in self.lines:
            contact = self.contacts[line.number]
            if not line.recommended_by:
                continue
            found = self._recommender(line, numbers=numbers, names=names)
            if found is None or contact.recommended_by_id == found.pk:
                continue
            if contact.recommended_by_id is not None:
                self._say(line, self._stays(contact, ["recommended_by"]), is_left_out=False)
                continue
            contact.recommended_by_id = found.pk
            linked.append(contact)
        new = {contact.pk for contact in self.new}
        self.filled |= {contact.pk for contact in linked if contact.pk not in new}
        changed = [everybody[pk] for pk in self.filled | {contact.pk for contact in linked}]
        for contact in changed:
            contact.changed_at = max(self.now, contact.changed_at + dt.timedelta(microseconds=1))
        Contact.objects.bulk_update(
            changed, [*_FILLED, "recommended_by", "consent", "consent_at", "changed_at"], batch_size=200
        )

    def report(self) -> TakenIn:
        remarks = tuple(sorted(self.remarks, key=lambda remark: remark.number))
        return TakenIn(
            added=len(self.new),
            filled=len(self.filled),
            unchanged=len(self.lines) - len(self.new) - len(self.filled),
            remarks=remarks,
        )

    def _recommender(
        self, line: Line, *, numbers: dict[str, Contact], names: dict[str, list[Contact]]
    ) -> Contact | None:
        """By the number of a line, else by a name that only one has."""
        found = [numbers[line.recommended_by]] if line.recommended_by in numbers else []
        found = found or names.get(_name(line.recommended_by), [])
        words = {"name": line.recommended_by}
        if len(found) > 1:
            sentence = _(
                "Several are called “%(name)s”: write the number instead. Kept without who recommended it."
            )
        elif not found:
            sentence = _("Nobody on the map is called “%(name)s”. Kept without who recommended it.")
        elif found[0] is self.contacts[line.number]:
            sentence = _("Nobody recommends themselves. Kept without who recommended it.")
        else:
            return found[0]
        self._say(line, sentence % words, is_left_out=False)
        return None

    def _tell_what_stays(self, contact: Contact, line: Line) -> None:
        """What the file says otherwise than the map."""
        other = [
            name for name in _FILLED if getattr(line, name) and getattr(contact, name) != getattr(line, name)
        ]
        if line.consent not in {Consent.NOT_ASKED, contact.consent}:
            other.append("consent")
        if other:
            self._say(line, self._stays(contact, other), is_left_out=False)

    def _stays(self, contact: Contact, columns: Sequence[str]) -> str:
        labels = column_labels()
        return _("“%(name)s” is on the map already. This stays as it is there: %(columns)s.") % {
            "name": contact.name,
            "columns": ", ".join(labels[column] for column in columns),
        }

    def _say(self, line: Line, sentence: str, *, is_left_out: bool = True) -> None:
        self.remarks.append(Remark(line.number, sentence, is_left_out))


def _fill(contact: Contact, line: Line) -> bool:
    """Write what is missing; True when something was."""
    empty = [name for name in _FILLED if getattr(line, name) and not getattr(contact, name)]
    for name in empty:
        setattr(contact, name, getattr(line, name))
    if contact.consent != Consent.NOT_ASKED or line.consent == Consent.NOT_ASKED:
        return bool(empty)
    contact.consent, contact.consent_at = line.consent, _consent_at(line)
    return True


def _new_contact(line: Line, *, community: Community, now: dt.datetime) -> Contact:
    contact = Contact(community=community, kind=line.kind, name=line.name, created_at=now, changed_at=now)
    _fill(contact, line)
    return contact


def _consent_at(line: Line) -> dt.datetime | None:
    return consent_moment(line.consent_date) if line.consent_date else None


def _place(district: str) -> str:
    return fold(district) or district.casefold()


def _name(name: str) -> str:
    return fold(name) or name.casefold()


def _record(action: str, community: Community, *, by: Person, now: dt.datetime, **detail: object) -> None:
    record(
        actor=f"person {by.pk}",
        action=action,
        subject=f"community {community.pk}",
        now=now,
        detail=dict(detail),
    )
