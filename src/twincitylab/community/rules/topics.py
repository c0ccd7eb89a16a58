"""Which topics a need or an offer is about, told from the words of its text in six languages."""

import json
import math
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from re import DOTALL
from re import compile as compile_pattern
from typing import Any, NamedTuple

from twincitylab.base.text import LONGEST_KEY, fold

LEXICON = Path(__file__).with_name("lexicon.json")
LONGEST_TEXT = 5000
"""Letters that are read; what comes after them does not count."""

STRENGTHS: Mapping[str, float] = {"strong": 3.0, "usual": 2.0, "setting": 1.5, "weak": 1.0}
"""``setting`` words say for whom or where more than what about: children, women, the village."""
UNKNOWN = 1.5
"""How much evidence is always left for "something else": the weights of a text sum to less than one."""
FAINT = 0.2
"""Topics with less than this share of the best one have no weight."""
LEAST = 1.5
"""Less evidence than this suggests nothing."""
NEAR = 0.5
"""Only topics with at least this share of the best one are suggested beside it."""
OTHER_LANGUAGE = 0.3
UNCLEAR_LANGUAGE = 0.7

# Up to so many letters, a word of the lexicon is only found whole: as a beginning it would be found anywhere.
_SHORT = 3
_SHORT_ARABIC = 2
# Beginnings of four letters take these endings only: a mill is not in a million, a beca not in because.
_BARE = 4
_ENDINGS = {
    "en": frozenset({"", "s", "es", "ed", "d", "ing", "er", "ers", "y", "ies", "n", "en"}),
    "fr": frozenset({"", "s", "e", "es", "er", "ent", "ez", "ons", "x", "t"}),
    "es": frozenset({"", "s", "es", "o", "a", "os", "as", "r", "ar", "an", "en"}),
}
_OWN_SCRIPT = frozenset({"ar", "zh-hans"})
# Long German words are also sought inside of compounds, short ones only where the lexicon says so.
_LONG_GERMAN = 7
# And or so, with or for or like, the: each may be missing.
_ARABIC_PREFIXES = (
    *("".join(parts) for parts in product(("", "و", "ف"), ("", "ب", "ل", "ك"), ("", "ال")) if any(parts)),
    *("لل", "ولل", "فلل"),
)

_SPACE_INSTEAD = dict.fromkeys(map(ord, "'’‘ʼ`´،؛؟。、，；：！？（）《》「」“”…·/-"), " ")
_INVISIBLE = dict.fromkeys(
    [0xAD, 0x61C, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]
)
_PIECE = compile_pattern(rf"\S.{{0,{LONGEST_KEY - 2}}}(?!\S)|\S{{1,{LONGEST_KEY - 1}}}", DOTALL)


@dataclass(frozen=True)
class Suggestion:
    """A topic, and how much of what the text says speaks for it."""

    topic: str
    strength: float


def suggest_topics(text: str, *, language: str | None = None, most: int = 3) -> tuple[Suggestion, ...]:
    """The topics that the text is most likely about, best first; none when too little of it is known.

    Beside the best one only those are told that are nearly as likely.

    >>> [found.topic for found in suggest_topics("Our choir looks for a choir to sing with", most=1)]
    ['culture']
    """
    scores = _topic_scores(text, language=language)
    best, total = max(scores.values(), default=0.0), sum(scores.values()) + UNKNOWN
    if best < LEAST:
        return ()
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    near = [Suggestion(topic, score / total) for topic, score in ranked if score >= NEAR * best]
    return tuple(near[: max(most, 0)])


def topic_weights(text: str, *, language: str | None = None) -> dict[str, float]:
    """The share of each topic in what the text says: more than 0 each, together less than 1.

    The language is a hint: words of all languages are found, those of the language of the text count more.
    """
    scores = _topic_scores(text, language=language)
    best, total = max(scores.values(), default=0.0), sum(scores.values()) + UNKNOWN
    return {topic: score / total for topic, score in sorted(scores.items()) if score >= FAINT * best}


def small_words() -> Mapping[str, tuple[str, ...]]:
    """The frequent small words, folded, each with the languages that have it."""
    return _lexicon().function_words


def _topic_scores(text: str, *, language: str | None) -> dict[str, float]:
    lexicon = _lexicon()
    words = _words(text)
    trust = _trust_in_languages(words, stated=_known_language(language), lexicon=lexicon)
    hits = [hit for hit in _hits(words, lexicon) if not _is_small_word(hit, words, trust, lexicon)]
    return _scores(_longest_in_chinese(_not_within_longer(hits, trust=trust)), trust=trust)


@dataclass(frozen=True)
class _Use:
    """What a stem says in one language: for which topic it speaks, and how much."""

    language: str
    topic: str
    weight: float


@dataclass(frozen=True, eq=False)
class _Stem:
    text: str
    whole: bool
    """It is a word of its own, not only the beginning of one."""
    uses: tuple[_Use, ...]
    """Without a topic where the word only looks like one of a topic, and silences that."""
    endings: frozenset[str] | None
    """What may follow the beginning; anything where there are none."""

    def trust(self, trust: Mapping[str, float]) -> float:
        return max(trust[use.language] for use in self.uses)


class _Hit(NamedTuple):
    start: int
    end: int
    stem: _Stem


@dataclass(frozen=True)
class _Lexicon:
    """The words as two trees of letters: what is sought where words begin, and what is sought everywhere."""

    languages: tuple[str, ...]
    at_beginnings: dict[str, Any]
    anywhere: dict[str, Any]
    function_words: Mapping[str, tuple[str, ...]]


def _words(text: str) -> str:
    """The folded words with one space before, between and after them."""
    shown = unicodedata.normalize("NFC", text[:LONGEST_TEXT]).translate(_INVISIBLE).translate(_SPACE_INSTEAD)
    # Folding cuts off what is longer than a name, so longer texts are folded in pieces.
    folded = " ".join(filter(None, map(fold, _PIECE.findall(shown))))
    return f" {folded[:LONGEST_TEXT]} "


def _known_language(language: str | None) -> str | None:
    code = (language or "").lower().replace("_", "-")
    known = _lexicon().languages
    if code in known:
        return code
    short = code.partition("-")[0]
    return next((each for each in known if each.partition("-")[0] == short), None)


def _trust_in_languages(words: str, *, stated: str | None, lexicon: _Lexicon) -> dict[str, float]:
    """How far the words of each language are believed: fully in the language that the text seems to be in."""
    counts = dict.fromkeys(lexicon.languages, 0)
    for word in words.split():
        for language in lexicon.function_words.get(word, ()):
            counts[language] += 1
    most = max(counts.values())
    if stated and counts[stated] * 2 >= most:
        likely = {stated}
    else:
        likely = {language for language, count in counts.items() if count == most}
    less = OTHER_LANGUAGE if most else UNCLEAR_LANGUAGE
    # Scripts of their own cannot be taken for another language.
    return {each: 1.0 if each in likely or each in _OWN_SCRIPT else less for each in lexicon.languages}


def _hits(words: str, lexicon: _Lexicon) -> list[_Hit]:
    hits: list[_Hit] = []
    for start in _beginnings(words):
        hits.extend(_walk(words, start, lexicon.at_beginnings))
    anywhere = lexicon.anywhere
    for start, letter in enumerate(words):
        node = anywhere.get(letter)
        if node is not None and (words[start + 1] in node or "" in node):
            hits.extend(_walk(words, start, anywhere))
    return hits


def _beginnings(words: str) -> Iterator[int]:
    """Where words begin, also behind the article and the small words that Arabic writes before a word."""
    position = 0
    while (position := words.find(" ", position) + 1) and position < len(words):
        yield position
        if "\u0600" <= words[position] <= "\u06ff":
            for prefix in _ARABIC_PREFIXES:
                if words.startswith(prefix, position):
                    yield position + len(prefix)


def _walk(words: str, start: int, tree: dict[str, Any]) -> Iterator[_Hit]:
    node = tree
    for position in range(start, len(words)):
        found = node.get(words[position])
        if found is None:
            return
        node = found
        for stem in node.get("", ()):
            if _may_end(stem, words, position + 1):
                yield _Hit(start, position + 1, stem)


def _may_end(stem: _Stem, words: str, end: int) -> bool:
    if stem.whole:
        return words[end] == " "
    return stem.endings is None or words[end : words.index(" ", end)] in stem.endings


def _is_small_word(hit: _Hit, words: str, trust: Mapping[str, float], lexicon: _Lexicon) -> bool:
    """Within a frequent small word of the language of the text: a German who *sucht* is not addicted."""
    start = words.rfind(" ", 0, hit.start) + 1
    end = words.find(" ", hit.start)
    if hit.end > end:
        return False
    return any(trust[language] == 1.0 for language in lexicon.function_words.get(words[start:end], ()))


def _longest_in_chinese(hits: list[_Hit]) -> list[_Hit]:
    """Where Chinese words overlap, the longer one is meant, else the first."""
    kept: list[_Hit] = []
    chinese: list[_Hit] = []
    for hit in hits:
        is_chinese = all(use.language == "zh-hans" for use in hit.stem.uses)
        (chinese if is_chinese else kept).append(hit)
    taken: dict[int, tuple[int, int]] = {}
    for hit in sorted(chinese, key=lambda hit: (hit.start - hit.end, hit.start)):
        place = (hit.start, hit.end)
        if all(taken.get(letter, place) == place for letter in range(*place)):
            taken.update(dict.fromkeys(range(*place), place))
            kept.append(hit)
    return kept


def _not_within_longer(hits: list[_Hit], *, trust: Mapping[str, float]) -> list[_Hit]:
    """Without the hits inside a longer one that is believed as much: a heat pump says nothing of heat."""
    kept = []
    reach = dict.fromkeys(set(trust.values()), (0, 0))
    ordered = sorted(hits, key=lambda hit: (hit.start, -hit.end))
    for hit in ordered:
        level = hit.stem.trust(trust)
        span = (hit.start, hit.end)
        if not any(_within(span, reach[other]) for other in reach if other >= level):
            kept.append(hit)
        if hit.end > reach[level][1]:
            reach[level] = span
    return kept


def _within(span: tuple[int, int], longer: tuple[int, int]) -> bool:
    return longer[0] <= span[0] and span[1] <= longer[1] and longer != span


def _scores(hits: list[_Hit], *, trust: Mapping[str, float]) -> dict[str, float]:
    """For each topic the sum over the words found; a word found again adds less and less."""
    found: dict[tuple[str, str], dict[int, float]] = {}
    for hit in hits:
        for use in hit.stem.uses:
            if use.topic:
                at = found.setdefault((use.topic, hit.stem.text), {})
                at[hit.start] = max(at.get(hit.start, 0.0), use.weight * trust[use.language])
    scores: dict[str, float] = {}
    for (topic, _text), at in found.items():
        scores[topic] = scores.get(topic, 0.0) + max(at.values()) * math.sqrt(len(at))
    return scores


@cache
def _lexicon() -> _Lexicon:
    data = json.loads(LEXICON.read_text(encoding="utf-8"))
    languages = tuple(next(iter(data["topics"].values())))
    at_beginnings: dict[str, Any] = {}
    anywhere: dict[str, Any] = {}
    for (text, whole, inside), uses in _all_uses(data).items():
        node = anywhere if inside else at_beginnings
        for letter in text:
            node = node.setdefault(letter, {})
        node.setdefault("", []).append(_Stem(text, whole, uses, _endings(text, uses)))
    return _Lexicon(languages, at_beginnings, anywhere, _function_words(data["function_words"]))


_Place = tuple[str, bool, bool]
"""A folded stem, whether it is a whole word, and whether it is also found inside of words."""


def _endings(text: str, uses: tuple[_Use, ...]) -> frozenset[str] | None:
    if len(text) != _BARE or any(use.language not in _ENDINGS for use in uses):
        return None
    return frozenset[str]().union(*(_ENDINGS[use.language] for use in uses))


def _all_uses(data: Mapping[str, Any]) -> dict[_Place, tuple[_Use, ...]]:
    """What speaks for topics, and the words that speak for none."""
    found = _uses(data["topics"])
    for language, written in data["about_nothing"].items():
        for entry in written:
            text, _whole, inside = _place(entry, language=language)
            place = (text, True, False) if language != "zh-hans" else (text, False, inside)
            found[place] = (*found.get(place, ()), _Use(language, "", 0.0))
    return found


def _uses(topics: Mapping[str, Mapping[str, Mapping[str, list[str]]]]) -> dict[_Place, tuple[_Use, ...]]:
    """Each stem with what it says; a stem that several topics share says less of each."""
    entries: dict[tuple[str, _Place, str], float] = {}
    sharing: dict[tuple[str, str], set[str]] = {}
    for topic, by_language in topics.items():
        for language, by_strength in by_language.items():
            for strength, written in by_strength.items():
                for entry in written:
                    place = _place(entry, language=language)
                    entries.setdefault((language, place, topic), STRENGTHS[strength])
                    sharing.setdefault((language, place[0]), set()).add(topic)
    found: dict[_Place, list[_Use]] = {}
    for (language, place, topic), weight in entries.items():
        rarity = 1 - math.log(len(sharing[language, place[0]])) / math.log(len(topics))
        found.setdefault(place, []).append(_Use(language, topic, weight * rarity))
    return {place: tuple(uses) for place, uses in found.items()}


def _place(entry: str, *, language: str) -> _Place:
    """How an entry is sought: ``=word`` whole, ``~stem`` inside of words too, else where words begin."""
    text = fold(entry.lstrip("=~"))
    compound = language == "de" and len(text) >= _LONG_GERMAN and not entry.startswith("=")
    inside = entry.startswith("~") or language == "zh-hans" or compound
    short = _SHORT_ARABIC if language == "ar" else _SHORT
    return text, not inside and (entry.startswith("=") or len(text) <= short), inside


def _function_words(by_language: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for language, words in by_language.items():
        for word in map(fold, words):
            found[word] = (*found.get(word, ()), language)
    return found
