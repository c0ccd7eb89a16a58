"""How often the topic suggested for a sentence is the right one, and how often nothing gets one."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from twincitylab.community.rules.topics import suggest_topics

SENTENCES = Path(__file__).resolve().parent / "topic_sentences.csv"


PARTS = {
    "seen": "looked at while the lexicon was improved",
    "kept-back": "written together with them, not looked at",
    "later": "written after the first lexicon, known when it was made broader",
    "last": "written after the second lexicon, known when the scoring was mended",
    "fresh": "written before the scoring was mended, never tuned on",
}
ABOUT_NOTHING = {
    "nothing-seen": "about none of the topics, known when the least evidence was set",
    "nothing": "about none of the topics, never tuned on",
}


@dataclass(frozen=True)
class Sentence:
    topic: str
    """Empty where it is about none."""
    language: str
    part: str
    text: str


def read_sentences(path: Path = SENTENCES) -> list[Sentence]:
    """All labelled sentences, written by hand as somebody would write a need or an offer."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [Sentence(**row) for row in csv.DictReader(lines)]


def run() -> None:
    """Print each part, with the language stated, unknown and wrongly stated."""
    sentences = read_sentences()
    for name, title in PARTS.items():
        part = [sentence for sentence in sentences if sentence.part == name]
        print(f"\n{name}: {len(part)} sentences, {title}")
        _print_by_language(part)
        print(f"  {'language unknown':18} {_shares([_rank(each, language=None) for each in part])}")
        wrong = [_rank(each, language=_another(each.language)) for each in part]
        print(f"  {'wrong language':18} {_shares(wrong)}")
    for name, title in ABOUT_NOTHING.items():
        part = [sentence for sentence in sentences if sentence.part == name]
        told = sum(bool(suggest_topics(each.text, language=each.language)) for each in part)
        print(f"\n{name}: {len(part)} sentences, {title}")
        print(f"  suggested all the same: {told} ({told / len(part):.1%})")


def _print_by_language(part: list[Sentence]) -> None:
    ranks: defaultdict[str, list[int | None]] = defaultdict(list)
    told = 0
    for sentence in part:
        found = [each.topic for each in suggest_topics(sentence.text, language=sentence.language)]
        rank = found.index(sentence.topic) + 1 if sentence.topic in found else None
        told += len(found)
        ranks[sentence.language].append(rank)
        ranks["all"].append(rank)
    for language, found_at in ranks.items():
        if language != "all":
            print(f"  {language:18} {_shares(found_at)}")
    print(f"  {'all':18} {_shares(ranks['all'])}   suggested on average {told / len(part):.1f}")


def _rank(sentence: Sentence, *, language: str | None) -> int | None:
    found = [each.topic for each in suggest_topics(sentence.text, language=language)]
    return found.index(sentence.topic) + 1 if sentence.topic in found else None


def _another(language: str) -> str:
    return "de" if language == "en" else "en"


def _shares(ranks: list[int | None]) -> str:
    first, three = ranks.count(1) / len(ranks), sum(rank is not None for rank in ranks) / len(ranks)
    return f"n {len(ranks):3}   first {first:5.1%}   among three {three:5.1%}"
