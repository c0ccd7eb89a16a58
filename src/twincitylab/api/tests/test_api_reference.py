"""The reference stays true: it names every address, and its examples are answered."""

import json
import re
import shlex
import uuid
from pathlib import Path
from urllib.parse import unquote

import pytest

from twincitylab.api.tests.calling import Program
from twincitylab.community.models import NeedOffer
from twincitylab.community.tests.world import make_community, make_person
from twincitylab.partnerships.models import Introduction

pytestmark = pytest.mark.usefixtures("atlas", "unlimited")
REFERENCE = Path(__file__).parents[4] / "docs" / "reference" / "api.md"


def examples() -> list[list[str]]:
    """The words of every command, in the order of the document."""
    blocks = re.findall(r"```sh\n(.*?)```", REFERENCE.read_text(), flags=re.DOTALL)
    commands = re.split(r"\n(?=curl |\w+=)", "\n" + "\n".join(blocks))
    return [shlex.split(command) for command in commands if command.startswith("curl ")]


def after(words: list[str], option: str) -> str:
    return words[words.index(option) + 1] if option in words else ""


def with_numbers(path: str) -> str:
    """The path with the need and the introduction that there are."""
    need, introduction = NeedOffer.objects.first(), Introduction.objects.first()
    path = path.replace("needs/7", f"needs/{need.pk if need else 7}")
    return path.replace("introductions/12", f"introductions/{introduction.pk if introduction else 12}")


def test_every_example_is_answered() -> None:
    make_community("Seedlings of Kisumu", city="kisumu-ke")
    program, visitor = Program(make_person()), Program()
    answered = {}
    for words in examples():
        (address,) = [word for word in words if "/api/v1/" in word]
        asks = program if any("Bearer" in word for word in words) else visitor
        answer = asks.send(
            after(words, "-X").lower() or "get",
            with_numbers(unquote(address.partition("/api/v1/")[2])),
            json.loads(after(words, "-d") or "null"),
            key=uuid.uuid4() if any("Idempotency-Key" in word for word in words) else None,
        )
        answered[" ".join(words[:20])] = answer.status_code
    assert len(answered) == 18
    assert set(answered.values()) == {200, 201, 422}
    # Who has proposed cannot decline: the example is for the other side.
    assert [words for words, status in answered.items() if status == 422 and "decline" not in words] == []


def test_every_address_is_named() -> None:
    text = REFERENCE.read_text()
    named = {
        (method, address.partition("?")[0])
        for method, address in re.findall(r"^\| `([A-Z]+) (/[^`]*)` \|", text, flags=re.MULTILINE)
    }
    listed = {
        (line["method"], "/" + line["address"].removeprefix("/api/v1/"))
        for line in Program().read("")["addresses"]
    }
    assert named == listed
