"""The actor map as a file: in and out, line by line."""

import csv
import datetime as dt
import io
import uuid

import pytest
from django.core.exceptions import PermissionDenied

from twincitylab.base.models import AuditEntry
from twincitylab.community.choices import Consent, ContactKind, Sector
from twincitylab.community.models import Community, Contact
from twincitylab.community.operations.scouting import ContactFacts, add_contact
from twincitylab.community.operations.scouting_files import TakenIn, give_out, take_in
from twincitylab.community.queries.mine import stewards
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.rules.scouting_csv import COLUMNS, LARGEST_FILE
from twincitylab.community.tests.world import NOW, make_community, make_person

pytestmark = pytest.mark.usefixtures("atlas")

LATER = NOW + dt.timedelta(hours=1)
FILE = """number,kind,name,sector,district,recommended_by,consent,consent_date,note
1,person,Ida,civic,Nord,,given,2026-02-01,"two
lines"
2,organisation,Choir,culture,,Ida,,,
3,place,Old mill,,Süd,2,asked,,
"""


def _in(community: Community, text: str | bytes) -> TakenIn:
    data = text if isinstance(text, bytes) else text.encode()
    return take_in(community, data=data, by=stewards(community)[0], now=LATER)


def _out(community: Community) -> str:
    return give_out(community, by=stewards(community)[0], now=LATER)


def _rows(community: Community) -> list[dict[str, object]]:
    return [dict(row) for row in Contact.objects.filter(community=community).order_by("pk").values()]


def test_a_file_is_taken_in_with_its_links_and_once_more_changes_nothing() -> None:
    community = make_community()
    taken = _in(community, FILE)
    assert (taken.added, taken.remarks) == (3, ())
    ida, choir, mill = Contact.objects.order_by("pk")
    assert (choir.recommended_by, mill.recommended_by) == (ida, choir)
    assert (ida.note, ida.consent, ida.consent_at) == (
        "two\nlines",
        Consent.GIVEN,
        dt.datetime(2026, 2, 1, 12, tzinfo=dt.UTC),
    )
    before = _rows(community)
    again = _in(community, FILE)
    assert (again.added, again.filled, again.unchanged, again.remarks) == (0, 0, 3, ())
    assert _rows(community) == before


def test_what_is_given_out_can_be_taken_in_and_changes_nothing() -> None:
    community = make_community()
    _in(community, FILE)
    by = stewards(community)[0]
    for name in ("Choir", "=1+1", "4711", "'quoted"):
        facts = ContactFacts(kind=ContactKind.ORGANISATION, name=name, note='say "hello"\nthere, all')
        made = add_contact(community, facts=facts, form_key=uuid.uuid4(), by=by, now=LATER)
        Contact.objects.create(
            community=community, kind=ContactKind.PERSON, name=f"Friend of {name}", recommended_by=made,
            created_at=LATER, changed_at=LATER,
        )  # fmt: skip
    before, file = _rows(community), _out(community)
    again = _in(community, "\ufeff" + file)
    assert (again.added, again.filled, again.remarks) == (0, 0, ())
    assert _rows(community) == before
    elsewhere = make_community()
    assert _in(elsewhere, file).added == len(before)
    assert [row["recommended_by_id"] is None for row in _rows(elsewhere)] == [
        row["recommended_by_id"] is None for row in before
    ]


def test_formulas_are_inert_in_the_file() -> None:
    community = make_community()
    _in(community, "kind,name,note\nperson,=cmd(),+1\n")
    line = next(csv.DictReader(io.StringIO(_out(community))))
    assert (line["name"], line["note"]) == ("'=cmd()", "'+1")
    assert tuple(line) == COLUMNS


def test_bad_lines_are_told_by_number_and_stop_nothing() -> None:
    community = make_community()
    file = "\n".join(
        [
            "kind,name,sector,recommended_by,asked_further_date,consent,consent_date",
            "person,First,,,,,",
            "ghost,Second,,,,,",
            "person,,,,,,",
            "person,Fourth,nowhere,,,,",
            "person,Fifth,,,31.2.2026,,",
            "person,Sixth,,,2027-01-01,,",
            "person,Seventh,,,,given,",
            f"person,{'x' * 121},,,,,",
            'person,"Ninth,,,,,',
            "person,Tenth,,Nobody here,,,",
            "person,Eleventh,,First,,,",
            ",Twelfth,,,,,",
            "person,a,b,c,d,e,f,g",
        ]
    )
    taken = _in(community, file)
    assert [remark.number for remark in taken.remarks if remark.is_left_out] == [3, 4, 5, 6, 7, 8, 9, 13, 14]
    assert [contact.name for contact in Contact.objects.order_by("pk")] == [
        "First",
        "Ninth",
        "Tenth",
        "Eleventh",
    ]
    told = {remark.number: remark.sentence for remark in taken.remarks}
    assert told[3] == "Kind: there is no “ghost”, only these: person, organisation, place."
    assert told[6] == "Asked for further contacts on: “31.2.2026” is no date. Write it as 2026-03-31."
    assert told[11] == "Nobody on the map is called “Nobody here”. Kept without who recommended it."


def test_what_is_missing_is_filled_and_what_stands_is_kept() -> None:
    community = make_community()
    _in(community, "kind,name,sector,consent\nperson,Ida,civic,refused\n")
    taken = _in(
        community, "kind,name,sector,district,consent,consent_date\nperson,IDA,sport,Nord,given,2026-02-01\n"
    )
    ida = Contact.objects.get()
    assert (ida.sector, ida.district, ida.consent) == (Sector.CIVIC, "Nord", Consent.REFUSED)
    assert (taken.added, taken.filled) == (0, 1)
    assert taken.remarks[0].sentence == (
        "“Ida” is on the map already. This stays as it is there: Sector, Agrees to be named."
    )


def test_two_of_one_name_in_different_districts_are_two_and_stay_two() -> None:
    community = make_community()
    file = "kind,name,district\nplace,Library,Nord\nplace,Library,Süd\nplace,Library,Nord\n"
    first, again = _in(community, file), _in(community, file)
    assert (first.added, first.left_out, again.added, again.left_out) == (2, 1, 0, 1)
    assert first.remarks[0].sentence == "This is the same contact as in line 2."


def test_a_ring_and_oneself_in_a_file() -> None:
    community = make_community()
    taken = _in(community, "kind,name,recommended_by\nperson,A,B\nperson,B,A\nperson,C,C\n")
    a, b, c = Contact.objects.order_by("pk")
    assert (a.recommended_by, b.recommended_by, c.recommended_by) == (b, a, None)
    assert [remark.sentence for remark in taken.remarks] == [
        "Nobody recommends themselves. Kept without who recommended it."
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_files_of_other_spreadsheets_are_read(encoding: str, delimiter: str) -> None:
    text = "Name;Kind;Sector\r\nKöln;organisation;Sport\r\n".replace(";", delimiter)
    taken = _in(make_community(), text.encode(encoding))
    contact = Contact.objects.get()
    assert (taken.added, contact.name, contact.sector) == (1, "Köln", Sector.SPORT)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The first line must name the columns, and does not name name + kind."),
        (b"kind,nom\n", "The first line must name the columns, and does not name name."),
        (b"kind,name\nperson,K\xf6ln\n", "This is no text in UTF-8."),
        (b"x" * (LARGEST_FILE + 1), "This file is larger than 500 kB. Divide it."),
    ],
)
def test_what_is_no_such_file_is_refused_in_one_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(Refused, match="^" + sentence.replace("+", r"\+")):
        _in(make_community(), data)


def test_too_many_lines_are_cut_with_a_sentence() -> None:
    community = make_community()
    taken = _in(community, "kind,name\n" + "".join(f"person,P{n}\n" for n in range(1005)))
    assert (taken.added, [remark.number for remark in taken.remarks]) == (1000, [1002])
    more = _in(community, "kind,name\nperson,One more\n")
    assert (more.added, more.remarks[0].sentence) == (
        0,
        "There is no room on the map: it holds 1000 contacts.",
    )


def test_only_stewards_take_in_and_give_out_and_both_are_on_record() -> None:
    member = make_person()
    community = make_community(members=[member])
    for by in (member, make_person(is_facilitator=True), stewards(make_community())[0]):
        with pytest.raises(PermissionDenied):
            take_in(community, data=FILE.encode(), by=by, now=NOW)
        with pytest.raises(PermissionDenied):
            give_out(community, by=by, now=NOW)
    _in(community, FILE)
    _out(community)
    entries = AuditEntry.objects.order_by("pk").values_list("action", "detail")
    assert list(entries) == [
        ("import contacts", {"added": 3, "filled": 0}),
        ("export contacts", {"contacts": 3}),
    ]
