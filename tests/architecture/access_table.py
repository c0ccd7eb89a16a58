"""Who may do what at which address: one line for every address of the product.

An answer is a status, or ``in`` for the way to the page where one signs in, or ``go`` for a redirect to
somewhere else, as after a form that was taken. 422 is a form that was let in and found empty. A program that
sends no token is told 401.

Addresses below a community are asked for one of each kind: whom ``SHUT_OUT`` names is told 404 there instead
of anything that only somebody who may see the community learns.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

Answer = int | str
Answers = Mapping[str, Answer]

ROLES = ("visitor", "stranger", "member", "steward", "other", "facilitator", "admin")
"""A visitor has no account; a stranger, the facilitator and the admin no community; ``other`` acts for
another community, and for the other side of every introduction."""

SHUT_OUT: Mapping[str, frozenset[str]] = {
    "public": frozenset(),
    "members": frozenset({"visitor"}),
    "hidden": frozenset({"visitor", "stranger", "other", "facilitator", "admin"}),
    "safe": frozenset({"visitor", "stranger", "facilitator", "admin"}),
    "closed": frozenset({"visitor", "stranger", "other", "facilitator", "admin"}),
}
SHUT_OUT_OF_NUMBERS: Mapping[str, frozenset[str]] = {**SHUT_OUT, "safe": SHUT_OUT["safe"] | {"other"}}
"""The same for what has a plain number, which anybody can count through."""
TELLS_NOTHING = frozenset({"in", 401, 404, 405})
"""Answers that are the same whether there is such a community or not."""


def everybody(answer: Answer) -> Answers:
    return dict.fromkeys(ROLES, answer)


def people(answer: Answer, *, visitor: Answer = "in") -> Answers:
    """Everybody with an account."""
    return {**everybody(answer), "visitor": visitor}


def only(*roles: str, answer: Answer, others: Answer = 403, visitor: Answer = "in") -> Answers:
    return {**everybody(others), "visitor": visitor, **dict.fromkeys(roles, answer)}


def members(answer: Answer) -> Answers:
    return only("member", "steward", answer=answer)


def stewards(answer: Answer) -> Answers:
    return only("steward", answer=answer)


def facilitators(answer: Answer) -> Answers:
    return only("facilitator", "admin", answer=answer)


def both_sides(answer: Answer, *, facilitator: Answer = 404) -> Answers:
    """The stewards of both sides of an introduction; everybody else does not even learn that there is one."""
    return {**only("steward", "other", answer=answer, others=404), "facilitator": facilitator}


@dataclass(frozen=True)
class Line:
    """One address. ``get`` and ``post`` are what it answers to these; where there is no ``post``, a form sent
    there is refused (405) or answered like a GET. ``arguments`` fill the address: by a word of the place it
    is asked for (``slug``), of one place (``hidden token``), of the world (``world unsubscribe``), or as it
    stands (``=de``). ``query`` follows the address, ``body`` is the form."""

    get: Answers
    post: Answers | None = None
    arguments: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    body: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_below_community(self) -> bool:
        return self.arguments.get("slug") == "slug"


def of_community(get: Answers, post: Answers | None = None, **arguments: str) -> Line:
    """An address below a community."""
    return Line(get, post, {"slug": "slug", **arguments})


def of_introduction(which: str, get: Answers, post: Answers | None = None, **body: str) -> Line:
    return Line(get, post, {"pk": f"introduction {which}"}, body=body)


def sides(answer: Answer) -> Answers:
    """The people of both sides of a partnership: nobody else learns that there is one."""
    return only("member", "steward", "other", answer=answer, others=404)


def of_partnership(get: Answers, post: Answers | None = None, **arguments: str) -> Line:
    """An address inside the partnership of the two that have met."""
    return Line(get, post, {"slug": "working slug", **arguments})


def binders(answer: Answer) -> Answers:
    """The stewards of the sides; their members may see it and not do it."""
    return {**sides(answer), "member": 403}


CITY = {"slug": "=karlsruhe-de"}
PAIR = {"slug": "=karlsruhe-de", "other": "=leeds-gb"}

PAGES: Mapping[str, Line | tuple[Line, ...]] = {
    # For everybody.
    "web:home": Line(everybody(200)),
    "web:map": Line(everybody(200)),
    "web:map-cities": Line(everybody(200)),
    "web:map-twinnings": Line(everybody(200)),
    "web:map-dots": Line(everybody(200)),
    "web:map-arcs": Line(everybody(200)),
    "web:map-place": Line(everybody(404)),
    "web:map-communities": Line(everybody(200)),
    "web:map-communities-file": Line(everybody(200)),
    "web:map-communities-dots": Line(everybody(200)),
    "web:map-communities-place": Line(everybody(404)),
    "web:cities": Line(everybody(200)),
    "web:suggest": Line(everybody(200), query="q=Leeds"),
    "web:city": Line(everybody(200), arguments=CITY),
    "web:matches": Line(everybody(200), arguments=CITY),
    "web:matches-csv": Line(everybody(200), arguments=CITY),
    "web:matches-json": Line(everybody(200), arguments=CITY),
    "web:fair-progress": Line(everybody(200), arguments={"preset": "=balanced"}),
    "web:pair": Line(everybody(200), arguments=PAIR),
    "web:countries": Line(everybody(200)),
    "web:country": Line(everybody(200), arguments={"iso2": "=de"}),
    "web:export-twinnings": Line(everybody(200), arguments={"form": "=csv"}),
    "web:about-data": Line(everybody(200)),
    "web:gallery": Line(everybody(404)),
    "web:demonstration": Line(everybody(404)),
    "web:demonstration-sign-in": Line(everybody(405), everybody(404), {"pk": "=1"}),
    "web:language": Line(everybody(200)),
    "web:language-choice": Line(everybody(405), everybody("go")),
    "community:directory": Line(everybody(200)),
    "community:directory-csv": Line(everybody(200)),
    "community:needs-feed": Line(everybody(200)),
    "community:answers": Line(everybody(200), everybody(422), query="direction=need&topic=trees"),
    # For everybody with an account.
    "community:me": Line(people(200)),
    "community:settings": Line(people(200), people(422)),
    "community:confirm": Line(people(200), people(422)),
    "community:tokens": Line(people(200)),
    "community:token-new": Line(people("go"), people("go")),
    "community:token-revoke": Line(people(405), people("go"), {"token_id": "world api_token"}),
    "community:export-mine": Line(people(200), people(200)),
    "community:erase-me": Line(people("go"), people("go")),
    "community:new": Line(people(200), people(422)),
    "partnerships:inbox": Line(people(200)),
    "partnerships:introductions": Line(people(200)),
    "partnerships:inbox-read": Line(people(405), people("go"), body={"all": "1"}),
    # Whoever holds the address.
    "community:join": (
        Line(everybody(200), people("go"), {"token": "public token"}),
        Line(everybody(200), people("go"), {"token": "hidden token"}),
        Line(everybody(410), {**people(422), "member": "go", "steward": "go"}, {"token": "closed token"}),
        Line(everybody(404), everybody(404), {"token": "=no-such-token"}),
    ),
    "community:no-invitations": (
        Line(everybody(200), everybody(200), {"token": "world no_invitations"}),
        Line(everybody(404), everybody(404), {"token": "=no-such-token"}),
    ),
    "partnerships:unsubscribe": Line(everybody(200), everybody(200), {"token": "world unsubscribe"}),
    # A community: whoever may see it.
    "community:community": of_community(everybody(200)),
    "community:needs": of_community(everybody(200)),
    # Its members.
    "community:members": of_community(members(200)),
    "community:leave": of_community(members(200), {**only("member", answer="go"), "steward": 422}),
    "matching:matches": of_community(members(200)),
    "matching:pair": of_community(members(200), other="other"),
    # Its stewards.
    "community:edit": of_community(stewards(200), stewards(422)),
    "community:close": of_community(stewards(200), stewards("go")),
    "community:role": of_community(everybody(405), stewards(422), pk="seat"),
    "community:member-removal": of_community(everybody(405), stewards("go"), pk="seat"),
    "community:invitations": of_community(stewards(200), stewards(422)),
    "community:invitation-revocation": of_community(everybody(405), stewards("go"), pk="invitation"),
    "community:blocks": of_community(stewards(200), stewards(404)),
    "community:block-removal": of_community(everybody(405), stewards("go"), pk="block"),
    "community:need-new": of_community(stewards(200), stewards(422)),
    "community:need-edit": of_community(stewards(200), stewards(422), pk="need"),
    "community:need-take": of_community(people(405), stewards("go"), pk="need"),
    "community:need-reopen": of_community(people(405), stewards("go"), pk="need"),
    "community:need-delete": of_community(stewards(200), stewards("go"), pk="need"),
    "community:scouting": of_community(stewards(200)),
    "community:scouting-graph": of_community(stewards(200)),
    "community:scouting-districts": of_community(stewards(405), stewards("go")),
    "community:scouting-paper": of_community(stewards(200)),
    "community:scouting-file": of_community(stewards(200), stewards(422)),
    "community:scouting-export": of_community(stewards(405), stewards(200)),
    "community:scouting-contact-new": of_community(stewards(200), stewards(422)),
    "community:scouting-contact": of_community(stewards(200), stewards(422), pk="contact"),
    "community:scouting-asked": of_community(stewards(405), stewards("go"), pk="contact"),
    "community:scouting-consent": of_community(stewards(405), stewards("go"), pk="contact"),
    "community:scouting-invitation": of_community(stewards(200), stewards(422), pk="contact"),
    "community:scouting-removal": of_community(stewards(200), stewards("go"), pk="contact"),
    "matching:aside": of_community(people(405), stewards(422), other="other"),
    "partnerships:introduce": of_community(stewards(200), stewards(422), other="other"),
    "partnerships:interest": of_community(people(405), stewards("go"), other="other"),
    # Facilitators.
    "community:verify": of_community(facilitators(200), facilitators(422)),
    "community:verify-withdrawal": of_community(everybody(405), facilitators("go")),
    "community:verify-asking": of_community(everybody(405), stewards("go")),
    "partnerships:facilitate": Line(facilitators(200), facilitators(422)),
    # The two sides of an introduction, and the facilitator who sits in.
    "partnerships:introduction": (
        of_introduction("open", both_sides(200)),
        of_introduction("accepted", both_sides(200)),
        of_introduction("facilitated", both_sides(200, facilitator=200)),
    ),
    "partnerships:answer": (
        of_introduction("open", people(405), both_sides("go")),
        of_introduction("facilitated", people(405), both_sides("go", facilitator=403)),
    ),
    "partnerships:ask": (
        of_introduction("open", people(405), both_sides(422)),
        of_introduction("facilitated", people(405), both_sides(422, facilitator=422)),
    ),
    "partnerships:decline": (
        of_introduction("open", people(405), both_sides(422)),
        of_introduction("facilitated", people(405), both_sides(422, facilitator=403)),
    ),
    "partnerships:withdraw": (
        of_introduction("open", people(405), {**both_sides("go"), "steward": 403}),
        of_introduction("facilitated", people(405), both_sides(403, facilitator="go")),
    ),
    "partnerships:mine": Line(people(200)),
    # Inside a partnership: what its sides work with.
    "partnerships:partnership": of_partnership({**sides(200), "visitor": 404}),
    # What binds its sides: members read and write the agreement, stewards propose and say yes.
    "partnerships:proposals": of_partnership(sides(200)),
    "partnerships:propose": of_partnership(binders(200), binders(422), kind="=budget"),
    "partnerships:proposal": of_partnership(sides(200), pk="working proposal"),
    "partnerships:proposal-yes": of_partnership(people(405), sides(422), pk="working proposal"),
    "partnerships:proposal-object": of_partnership(people(405), sides(422), pk="working proposal"),
    "partnerships:proposal-withdraw": of_partnership(
        people(405), {**sides("go"), "member": 403, "other": 422}, pk="working proposal"
    ),
    "partnerships:proposal-edit": of_partnership(binders(200), binders(422), pk="working proposal"),
    "partnerships:agreement": of_partnership(sides(200)),
    "partnerships:agreement-write": of_partnership(sides(200), sides(422)),
    "partnerships:agreement-chosen": of_partnership(sides("go")),
    "partnerships:agreement-version": of_partnership(sides(200), number="=1"),
    "partnerships:agreement-paper": of_partnership(sides(200), number="=1"),
    "partnerships:agreement-compare": of_partnership(sides(200), before="=1", after="=2"),
    "partnerships:sides": of_partnership(sides(200)),
    "partnerships:capacity": of_partnership(people(405), binders("go")),
    "partnerships:leave": of_partnership(binders(200), binders(422)),
    "partnerships:hide": of_partnership(people(405), binders("go")),
    "partnerships:claim": Line(people(200), people(200), PAIR),
    # The eye-level check: members answer, stewards open a round and ask to close it.
    "partnerships:check": of_partnership(sides(200)),
    "partnerships:check-open": of_partnership(people(405), binders(422)),
    "partnerships:check-answer": of_partnership(sides(200), sides(422)),
    "partnerships:check-close": of_partnership(people(405), binders("go")),
    "partnerships:check-result": of_partnership(sides(200), number="=1"),
    "partnerships:check-export": (
        of_partnership(sides(200), number="=1", form="=csv"),
        of_partnership(sides(200), number="=1", form="=json"),
        of_partnership({**everybody(404), "visitor": "in"}, number="=2", form="=json"),
    ),
    "partnerships:activities": of_partnership(sides(200)),
    "partnerships:activity-new": of_partnership(sides(200), sides(422)),
    "partnerships:activity": of_partnership(sides(200), pk="working activity"),
    "partnerships:activity-edit": of_partnership(sides(200), sides(422), pk="working activity"),
    "partnerships:activity-delete": of_partnership(
        people(405), {**sides("go"), "other": 422}, pk="working activity"
    ),
    "partnerships:activity-calendar": of_partnership(sides(200), pk="working activity"),
    "partnerships:timeline": of_partnership(sides(200)),
    "partnerships:planner": of_partnership(sides(200), sides(422)),
    "partnerships:talk": of_partnership(sides(200), sides(422)),
    "partnerships:thread": of_partnership(sides(200), sides(422), pk="working thread"),
    "partnerships:papers": of_partnership(sides(200)),
    "partnerships:note-new": of_partnership(sides(200), sides(422)),
    "partnerships:note": of_partnership(sides(200), sides(422), pk="working note"),
    "partnerships:note-delete": of_partnership(people(405), {**sides("go"), "other": 422}, pk="working note"),
    "partnerships:upload": of_partnership(people(405), sides(422)),
    "partnerships:file": of_partnership(sides(200), key="working file"),
    "partnerships:file-delete": of_partnership(
        people(405), {**sides("go"), "other": 422}, key="working file"
    ),
    "partnerships:decisions": of_partnership(sides(200), sides(422)),
    "partnerships:calendar": of_partnership(sides(200), sides(200)),
    "partnerships:export": of_partnership(sides(200)),
    # Health and reports.
    "partnerships:health": of_partnership(sides(200)),
    "partnerships:reports": of_partnership(sides(200)),
    "partnerships:report": of_partnership(sides(200), year="=2026"),
    "partnerships:report-pdf": of_partnership(sides(200), year="=2026"),
    # People and tasks, settings, and the way into a workspace.
    "partnerships:open-workspace": (
        of_introduction("accepted", people(405), both_sides("go")),
        of_introduction("open", people(405), both_sides("go")),
    ),
    "partnerships:settings": of_partnership(binders(200), binders(422)),
    "partnerships:people": of_partnership(sides(200)),
    "partnerships:role-new": of_partnership(people(405), sides(422)),
    "partnerships:role": of_partnership(
        {**sides(200), "other": 404}, {**sides(422), "other": 404}, pk="working role"
    ),
    "partnerships:role-end": of_partnership(people(405), {**sides("go"), "other": 404}, pk="working role"),
    "partnerships:task-new": of_partnership(people(405), sides(422)),
    "partnerships:task": of_partnership(people(405), sides(422), pk="working task"),
    "partnerships:thank": of_partnership(people(405), sides(422)),
    "partnerships:hand-over": of_partnership(people(405), binders(422)),
    "partnerships:hand-over-item-new": of_partnership(
        people(405), {**sides(422), "other": 404}, pk="working hand_over"
    ),
    "partnerships:hand-over-item": of_partnership(
        people(405), {**sides("go"), "other": 404}, pk="working item"
    ),
    # Whoever holds the address of a calendar.
    "partnerships:feed": (
        Line(everybody(200), everybody(405), {"secret": "working secret"}),
        Line(everybody(404), everybody(405), {"secret": "=no-such-secret"}),
    ),
}

ACCOUNTS: Mapping[str, Line] = {
    # The ways in, and what follows them.
    "account_login": Line(people("go", visitor=200)),
    "account_signup": Line(people("go", visitor=200)),
    "account_signup_by_passkey": Line(people("go", visitor=200)),
    "account_request_login_code": Line(people("go", visitor=200)),
    "account_reset_password": Line(everybody(200)),
    "account_password_reset_completed": Line(everybody(200)),
    "account_inactive": Line(everybody(200)),
    "account_logout": Line(people(200, visitor="go")),
    # Steps of a way in: whoever has not begun it begins.
    "account_email_verification_sent": Line(people("go")),
    "account_confirm_login_code": Line(people("go")),
    "account_confirm_password_reset_code": Line(everybody("in")),
    "account_complete_password_reset": Line(everybody("go")),
    "mfa_authenticate": Line(people("go")),
    "mfa_login_webauthn": Line(people("go")),
    "mfa_signup_webauthn": Line(everybody("go")),
    # One's own account: what people without password, passkey and app have of it.
    "account_email": Line(people("go")),
    "account_set_password": Line(people("go")),
    "account_change_password": Line(people("go")),
    "account_reauthenticate": Line(people(403)),
    "mfa_index": Line(people(200)),
    "mfa_reauthenticate": Line(people(403)),
    "mfa_reauthenticate_webauthn": Line(people(403)),
    "mfa_activate_totp": Line(people("go")),
    "mfa_deactivate_totp": Line(people(404)),
    "mfa_view_recovery_codes": Line(people(404)),
    "mfa_generate_recovery_codes": Line(people(200)),
    "mfa_download_recovery_codes": Line(people(404)),
    "mfa_list_webauthn": Line(people(200)),
    "mfa_add_webauthn": Line(people("go")),
    "mfa_remove_webauthn": Line(people(404), arguments={"pk": "=1"}),
    "mfa_edit_webauthn": Line(people(404), arguments={"pk": "=1"}),
    "usersessions_list": Line(people(200)),
}
"""The pages of accounts; what a form there does is a promise of the tests of accounts."""


@dataclass(frozen=True)
class Operation:
    """One operation of the API, asked with the token of each; ``body`` is sent as JSON."""

    answers: Answers
    arguments: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, object] | None = None
    query: str = ""

    @property
    def is_below_community(self) -> bool:
        return "slug" in self.arguments.values() or self.has_number

    @property
    def has_number(self) -> bool:
        return "need" in self.arguments.values()

    def shut_out(self, place: str) -> frozenset[str]:
        if not self.is_below_community:
            return frozenset()
        return SHUT_OUT_OF_NUMBERS[place] if self.has_number else SHUT_OUT[place]


def tokens(answer: Answer) -> Answers:
    """Everybody with a token."""
    return people(answer, visitor=401)


def stewards_token(answer: Answer) -> Answers:
    return only("steward", answer=answer, visitor=401)


def sides_token(answer: Answer) -> Answers:
    return {**both_sides(answer), "visitor": 401}


def partners_token(answer: Answer) -> Answers:
    return {**sides(answer), "visitor": 401}


WORKING = {"slug": "working slug"}
COMMUNITY, NEED, OPEN = {"slug": "slug"}, {"number": "need"}, {"number": "introduction open"}
BOTH = {"slug": "slug", "other": "other"}
TEXT = {"text": "When?", "language": "en"}

API: Mapping[str, Operation] = {
    "GET /": Operation(everybody(200)),
    "GET /openapi.json": Operation(everybody(200)),
    "GET /docs": Operation(everybody(200)),
    "GET /cities": Operation(everybody(200)),
    "GET /cities/{city}": Operation(everybody(200), {"city": "=leeds-gb"}),
    "GET /search": Operation(everybody(200), query="q=Leeds"),
    "GET /matches/{city}": Operation(everybody(200), {"city": "=leeds-gb"}),
    "GET /pairs/{a}/{b}": Operation(everybody(200), {"a": "=leeds-gb", "b": "=kyoto-jp"}),
    "GET /twinnings": Operation(everybody(200)),
    "GET /countries": Operation(everybody(200)),
    "GET /sources": Operation(everybody(200)),
    "GET /presets": Operation(everybody(200)),
    "GET /status": Operation(everybody(200)),
    "GET /topics": Operation(everybody(200)),
    "GET /topics/suggest": Operation(everybody(200), query="text=trees"),
    "GET /communities": Operation(everybody(200)),
    "GET /needs": Operation(everybody(200)),
    "GET /me": Operation(tokens(200)),
    "GET /inbox": Operation(tokens(200)),
    "POST /inbox/{number}/read": Operation(
        only("steward", answer=200, others=404, visitor=401), {"number": "world notice"}
    ),
    "GET /communities/{slug}": Operation(everybody(200), COMMUNITY),
    "GET /needs/{number}": Operation(everybody(200), NEED),
    "GET /communities/{slug}/matches": Operation({**members(200), "visitor": 401}, COMMUNITY),
    "GET /communities/{slug}/matches/{other}": Operation({**members(200), "visitor": 401}, BOTH),
    "GET /communities/{slug}/contacts": Operation(stewards_token(200), COMMUNITY),
    "POST /communities": Operation(
        tokens(201),
        body={
            "name": "Choir",
            "city": "leeds-gb",
            "kind": "initiative",
            "purpose": "We sing together.",
            "topics": ["culture"],
            "languages": ["en"],
        },
    ),
    "PATCH /communities/{slug}": Operation(stewards_token(200), COMMUNITY, {"revision": 1, "capacity": 2}),
    "POST /communities/{slug}/close": Operation(stewards_token(200), COMMUNITY),
    "POST /communities/{slug}/needs": Operation(
        stewards_token(201),
        COMMUNITY,
        {"direction": "need", "topic": "trees", "kind": "knowledge", "text": "Which trees?", "language": "en",
         "urgency": "year"},
    ),
    "PATCH /needs/{number}": Operation(stewards_token(200), NEED, {"revision": 1, "state": "taken"}),
    "DELETE /needs/{number}": Operation(stewards_token(204), NEED),
    "POST /communities/{slug}/introductions": Operation(
        stewards_token(201), COMMUNITY, {"other": "elsewhere", "message": "Shall we meet?", "language": "en"}
    ),
    "PUT /communities/{slug}/interest/{other}": Operation(stewards_token(200), BOTH),
    "DELETE /communities/{slug}/interest/{other}": Operation(stewards_token(204), BOTH),
    "GET /introductions": Operation(tokens(200)),
    "GET /introductions/{number}": Operation(sides_token(200), OPEN),
    "POST /introductions/{number}/accept": Operation(sides_token(200), OPEN),
    "POST /introductions/{number}/decline": Operation(
        {**sides_token(422), "steward": 200}, OPEN, {"reason": "not-now"}
    ),
    "POST /introductions/{number}/withdraw": Operation({**sides_token(200), "steward": 403}, OPEN),
    "POST /introductions/{number}/note": Operation({**sides_token(422), "steward": 201}, OPEN, TEXT),
    # Partnerships: their people read and write; nobody else learns that there is one.
    "GET /partnerships": Operation(tokens(200)),
    "GET /partnerships/{slug}": Operation({**sides(200), "visitor": 404}, WORKING),
    "GET /partnerships/{slug}/activities": Operation(partners_token(200), WORKING),
    "POST /partnerships/{slug}/activities": Operation(
        partners_token(201), WORKING,
        {"kind": "meeting", "title": "Trees", "starts_at": "2026-03-01T15:00:00Z", "language": "en"},
    ),
    "GET /partnerships/{slug}/health": Operation(partners_token(200), WORKING),
    "GET /partnerships/{slug}/checks": Operation(partners_token(200), WORKING),
}  # fmt: skip
