"""All that is somebody's, as a ZIP of JSON files. Apps above add their part with ``register_export``."""

import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator

from django.db.models import Q
from django.forms.models import model_to_dict
from django.utils import translation
from django.utils.translation import gettext as _

from twincitylab.base.audit import record
from twincitylab.base.models import AuditEntry
from twincitylab.community.choices import Role
from twincitylab.community.models import Community, Invitation, NeedOffer, Notice, Person
from twincitylab.community.operations.accounts import actor

Part = Callable[[Person], object]
"""Answers with what JSON can hold, or with the bytes of a file. Never another person's private data."""

_parts: dict[str, Part] = {}
NOT_OURS_TO_TELL = ("id", "created_by", "verified_by", "form_key", "community", "revision")


def register_export(name: str, part: Part) -> None:
    """Add a file to every export: ``name.json``, or ``name`` itself when ``part`` answers with bytes."""
    _parts[name] = part


def export_chunks(*, by: Person, now: dt.datetime) -> Iterator[bytes]:
    """The ZIP, piece by piece: one file at a time is held in memory."""
    record(actor=actor(by), action="export own data", subject=actor(by), now=now)
    return _zip(_files(by, now=now), now=now)


class _Pipe(io.RawIOBase):
    """Takes what is written and gives it away again."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        piece = bytes(memoryview(data))  # type: ignore[arg-type]
        self._waiting.append(piece)
        return len(piece)

    def take(self) -> bytes:
        pieces, self._waiting = self._waiting, []
        return b"".join(pieces)


def _zip(files: Iterable[tuple[str, bytes]], *, now: dt.datetime) -> Iterator[bytes]:
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            info = zipfile.ZipInfo(name, now.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
            yield pipe.take()
    yield pipe.take()


def _files(person: Person, *, now: dt.datetime) -> Iterator[tuple[str, bytes]]:
    with translation.override(person.language):
        note = _(
            "All that Twin City Lab keeps about you, %(date)s. Every file is JSON: any editor opens it. "
            "Data of other people is not in it; of a community in which you are no steward only your seat is."
        ) % {"date": now.date().isoformat()}
    yield "README.txt", f"{note}\n".encode()
    for name, part in {**OWN_PARTS, **_parts}.items():
        content = part(person)
        if isinstance(content, bytes):
            yield name, content
        else:
            yield f"{name}.json", _json(content)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2, default=str).encode()


def _profile(person: Person) -> object:
    names = ("email", "name", "language", "timezone", "digest", "joined_at", "last_login", "is_facilitator")
    return {name: getattr(person, name) for name in names}


def _addresses(person: Person) -> object:
    from allauth.account.models import EmailAddress

    return list(EmailAddress.objects.filter(user=person).values("email", "verified", "primary"))


def _sign_ins(person: Person) -> object:
    from allauth.mfa.models import Authenticator
    from allauth.usersessions.models import UserSession

    sessions = UserSession.objects.filter(user=person).order_by("created_at")
    ways = Authenticator.objects.filter(user=person).order_by("created_at")
    return {
        "has_password": person.has_usable_password(),
        "second_factors_and_passkeys": list(ways.values("type", "created_at", "last_used_at")),
        "sessions": list(sessions.values("created_at", "last_seen_at", "ip", "user_agent")),
    }


def _tokens(person: Person) -> object:
    return list(person.api_tokens.order_by("pk").values("name", "scopes", "created_at", "expires_at"))


def _seats(person: Person) -> object:
    rows = person.memberships.select_related("community").order_by("since", "pk")
    return [
        {
            "community": seat.community.shown_name,
            "address": seat.community.slug,
            "role": seat.role,
            "since": seat.since,
        }
        for seat in rows
    ]


def _communities(person: Person) -> object:
    """The whole community for its stewards; never who else is in it, nor the contacts of its actor map."""
    mine = Community.objects.filter(memberships__person=person, memberships__role=Role.STEWARD)
    rows = mine.select_related("city").prefetch_related("topics", "languages", "needs_offers").order_by("pk")
    return [
        {
            **model_to_dict(community, exclude=[*NOT_OURS_TO_TELL, "city"]),
            "city": community.city.name,
            "topics": sorted(line.topic for line in community.topics.all()),
            "languages": sorted(line.language for line in community.languages.all()),
            "needs_and_offers": [_need(need) for need in community.needs_offers.all()],
        }
        for community in rows
    ]


def _written(person: Person) -> object:
    rows = NeedOffer.objects.filter(created_by=person).select_related("community").order_by("pk")
    return [{"community": need.community.shown_name, **_need(need)} for need in rows]


def _need(need: NeedOffer) -> dict[str, object]:
    return model_to_dict(need, exclude=NOT_OURS_TO_TELL)


def _notices(person: Person) -> object:
    """Without the numbers of the communities, by which one would be found again under another name."""
    rows = Notice.objects.filter(person=person).order_by("pk")
    return [
        {
            "kind": notice.kind,
            "words": {key: word for key, word in notice.words.items() if not key.endswith("_id")},
            "address": notice.address,
            "made_at": notice.made_at,
            "read_at": notice.read_at,
        }
        for notice in rows
    ]


def _invitations(person: Person) -> object:
    """Without the address, which is somebody else's."""
    rows = Invitation.objects.filter(made_by=person).select_related("community").order_by("pk")
    return [
        {
            "community": invitation.community.shown_name,
            "way": "mail" if invitation.email else "link",
            "role": invitation.role,
            "made_at": invitation.made_at,
            "expires_at": invitation.expires_at,
            "revoked_at": invitation.revoked_at,
        }
        for invitation in rows
    ]


def _deeds(person: Person) -> object:
    """The lines of the audit trail that name the person; what else stands in them may be about others."""
    mine = Q(actor=actor(person)) | Q(subject=actor(person))
    rows = AuditEntry.objects.filter(mine).order_by("pk")
    return list(rows.values("happened_at", "action", "subject"))


OWN_PARTS: dict[str, Part] = {
    "profile": _profile,
    "addresses": _addresses,
    "sign_in": _sign_ins,
    "api_tokens": _tokens,
    "memberships": _seats,
    "communities": _communities,
    "needs_and_offers_i_wrote": _written,
    "notices": _notices,
    "invitations_i_sent": _invitations,
    "what_i_did": _deeds,
}
