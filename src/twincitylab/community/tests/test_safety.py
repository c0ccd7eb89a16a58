"""What a text of a community in safety mode tells in ordinary spellings, and what is an ordinary sentence."""

import pytest

from twincitylab.community.rules.safety import told_city, told_name

FREIBURG = ["Freiburg", "Freiburg im Breisgau", "Fribourg-en-Brisgau", "Фрайбург", "弗赖堡", "فرايبورغ"]


@pytest.mark.parametrize(
    ("text", "names", "told"),
    [
        ("Freiburgs Altstadt", FREIBURG, "Freiburg"), ("die Freiburgerinnen", FREIBURG, "Freiburg"),
        ("Fre\u200diburg", FREIBURG, "Freiburg"), ("Frei\u00adburg", FREIBURG, "Freiburg"),
        ("Ｆｒｅｉｂｕｒｇ", FREIBURG, "Freiburg"), ("FREIBÚRG!", FREIBURG, "Freiburg"),
        ("#VisitFreiburg", FREIBURG, "Freiburg"), ("info@repair-freiburg.example", FREIBURG, "Freiburg"),
        (f"https://example.org/{'a' * 120}/freiburg", FREIBURG, "Freiburg"),
        ("fribourgenbrisgau", FREIBURG, "Fribourg-en-Brisgau"),
        ("во Фрайбурге", FREIBURG, "Фрайбург"), ("我们在弗赖堡", FREIBURG, "弗赖堡"),
        ("بفرايبورغ", FREIBURG, "فرايبورغ"),
        ("Istanbul'da", ["Istanbul"], "Istanbul"), ("İstanbul’un", ["Istanbul"], "Istanbul"),
        ("ISTANBULLU", ["Istanbul"], "Istanbul"), ("Berner Oberland", ["Bern"], "Bern"),
        ("in bern", ["Bern"], "Bern"), ("Parisians", ["Paris"], "Paris"), ("Parisian", ["Paris"], "Paris"),
        ("New Yorkers", ["New York"], "New York"), ("newyork", ["New York"], "New York"),
        ("Find us in Ulm.", ["Ulm"], "Ulm"), ("ULM", ["Ulm"], "Ulm"), ("Ulm’s minster", ["Ulm"], "Ulm"),
        ("Y is a village", ["Y"], "Y"), ("near Ny, Norway", ["Ny"], "Ny"), ("à Älv", ["Älv"], "Älv"),
    ],
)  # fmt: skip
def test_a_city_is_told_with_the_endings_of_a_language(text: str, names: list[str], told: str) -> None:
    assert told_city(text, names=names) == told


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("We repair what is broken, together with our neighbours.", [*FREIBURG, "Bath", "Most", "Reading"]),
        ("En ny have, y un huerto", ["Ny", "Y"]), ("Only mostly ulmaceae", ["Ly", "Most", "Ulm"]),
        ("It is essential, and the parish likes it", ["Essen", "Paris"]), ("spreading seeds", ["Reading"]),
        ("A romantic bathroom is nicer", ["Roma", "Bath", "Nice"]), ("Freiheit und Burgen", FREIBURG),
        ("Что мы делаем вместе", ["То"]), ("I am at home", ["A", "Am"]), ("", ["", " ", *FREIBURG]),
    ],
)  # fmt: skip
def test_ordinary_sentences_tell_no_city(text: str, names: list[str]) -> None:
    assert told_city(text, names=names) == ""


@pytest.mark.parametrize(
    "text",
    [
        "repaircafenora@example.org", "Repair-Cafe Nora", "RepairCafé Nora", "the REPAIR CAFÉ NORAS",
        "Re\u200bpair Café Nora’s friends", "https://example.org/repair_cafe_nora", "#RepairCaféNora",
        "Repair Café\u00a0Nora", "inforepaircafenora@example.org",
    ],
)  # fmt: skip
def test_a_real_name_is_told_in_other_spacings(text: str) -> None:
    assert told_name(text, names=["Repair Café Nora"]) == "Repair Café Nora"


def test_small_words_of_a_name_may_be_left_out_where_it_is_written_together() -> None:
    name = "The Repair Café of Nora e.V."
    assert told_name("www.repaircafenora.example", names=[name]) == name
    assert told_name("مجموعةنور", names=["مجموعة نور"]) == "مجموعة نور"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("We repair things in a café, and Nora helps.", "Repair Café Nora"),
        ("Gardening for all, altogether", "Garden"), ("altogether better", "Together"),
        ("Musicians meet", "Music"), ("Adaline", "Ada Li"), ("Norah", "Nor"), ("x", "…"),
        ("Open to the hallway", "Town Hall"),
    ],
)  # fmt: skip
def test_ordinary_sentences_tell_no_name(text: str, name: str) -> None:
    assert told_name(text, names=[name]) == ""
