"""Similarity of two names across scripts and spellings. Independent of Django and of the register.

A name is parsed once into words in lower-case Latin letters (anyascii), each with its sound and a weight. The similarity is
how well the words pair up, in any order: a word that only one name has counts little (a middle name), two words that differ
count much (another family name), and a different number or "north" rules out that the names mean the same.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import combinations, product

from rapidfuzz.distance import OSA

from entities.likeness.parsed_names import PERSON, NameWord, parse_name
from entities.likeness.phonetics import consonant_skeletons
from entities.likeness.word_pairing import WordPairing, pair_words, sound_similarity

SAME_NAME_SIMILARITY = 0.72
"""Similarity at which half of the pairs name the same thing: above it is evidence for a duplicate, below against."""

DIFFERENT_WORDS_SIMILARITY = 0.7
"""Maximum similarity of names of persons of which a word differs: below SAME_NAME_SIMILARITY."""

MAX_KEYED_WORDS = 4
"""Number of words that give blocking keys, the longest ones."""

MAX_BLOCKING_KEYS = 30
"""Maximum number of blocking keys per name, the most specific ones."""


def similarity(a: str, b: str, kind: str) -> float:
    """Return how likely two names of one kind of entity mean the same, 0 to 1, as far as names can tell."""
    name, other_name = parse_name(a, kind), parse_name(b, kind)
    if not name.words or not other_name.words:
        return 0.0
    if name.script == other_name.script and name.syllables and other_name.syllables and name.joined != other_name.joined:
        equal_syllables = sum(a == b for a, b in zip(name.syllables, other_name.syllables, strict=False))
        return equal_syllables / max(len(name.syllables), len(other_name.syllables))
    pairing = pair_words(name, other_name, kind == PERSON)
    score = _word_pairing_similarity(pairing, kind)
    if name.script != other_name.script and min(len(name.consonants[0]), len(other_name.consonants[0])) >= 6:
        score = max(score, sound_similarity(name, other_name) - 0.05)
    if name.joined == other_name.joined:
        score = max(score, 0.98)
    elif len(name.words) != len(other_name.words) and min(len(name.joined), len(other_name.joined)) >= 7:
        distance = OSA.distance(name.joined, other_name.joined, score_cutoff=1)
        score = max(score, 0.92 if distance <= 1 else 0.0)
    if kind == PERSON:
        if any((child, parent) in other_name.patronymics for parent, child in name.patronymics):
            score = min(score, 0.6)
        if score > DIFFERENT_WORDS_SIMILARITY and pairing.different_given_names:
            score = DIFFERENT_WORDS_SIMILARITY
    else:
        if name.numbers != other_name.numbers:
            score = min(score, 0.4 if name.numbers and other_name.numbers else 0.65)
        if name.distinguishing_words != other_name.distinguishing_words:
            score = min(score, 0.6)
        if (
            name.legal_form_groups
            and other_name.legal_form_groups
            and name.legal_form_groups.isdisjoint(other_name.legal_form_groups)
        ):
            score = min(score, 0.7)
        if name.short in other_name.initials or other_name.short in name.initials:
            score = max(score, 0.85)
    return score


def different_given_names(names: Iterable[str], other_names: Sequence[str]) -> tuple[str, str] | None:
    """Return given names that speak against two persons being one: different known ones, or the two genders of one.

    None if there are none, or if any two of their names share a given name. Spellings and short forms of one name, in any
    script, are no different names; nor are middle names that only one has.
    """
    first_found = None
    for name, other_name in product(names, other_names):
        pairing = pair_words(parse_name(name, PERSON), parse_name(other_name, PERSON), True)
        if words := pairing.different_given_names:
            first_found = first_found or (_word_as_written(name, words[0]), _word_as_written(other_name, words[1]))
        elif any(score == 1 and word.families for score, word, _ in pairing.pairs):
            return None
    return first_found


def blocking_keys(name: str, kind: str) -> set[str]:
    """Return keys such that two names that may mean the same share at least one, and few other names do.

    About eight per name, at most MAX_BLOCKING_KEYS, each a sign and a few letters made of the consonants of its words:

    - `=` all words in any order, `&` the beginning of the name without spaces
    - `~` one word, `+` two words
    - `<` the beginnings of two words, or of a single one; `>` their ends
    - `!` the acronym that it is or may have
    """
    parsed = parse_name(name, kind)
    words = [word for word in parsed.words if word.weight >= 0.5 and not word.is_number] or list(parsed.words)
    words = sorted(sorted(words, key=lambda word: -len(word.sounds[0]))[:MAX_KEYED_WORDS], key=parsed.words.index)
    skeletons = [consonant_skeletons(word.sounds) for word in words]
    keys = [f"={' '.join(sorted({skeleton[0] or word.text for word, skeleton in zip(words, skeletons, strict=True)}))}"]
    keys += [f"&{skeleton[:6]}" for skeleton in consonant_skeletons(parsed.sounds)]
    if kind != PERSON:
        keys += [
            f"!{short}" for short in sorted({*parsed.initials, parsed.short}) if len(short) > 2 or short == parsed.short != ""
        ]
    keys += [
        f"~{skeleton if len(skeleton) > 2 else word.text}"
        for word, readings in zip(words, skeletons, strict=True)
        for skeleton in readings
    ]
    full_weight = [readings for word, readings in zip(words, skeletons, strict=True) if word.weight == 1]
    if len(full_weight) == 1:
        keys += [key for skeleton in full_weight[0] if len(skeleton) > 2 for key in (f"<{skeleton[:3]}", f">{skeleton[-3:]}")]
        keys += [f"<{skeleton[:2]}" for skeleton in full_weight[0] if 1 < len(skeleton) < 4]
    for readings_of_one, readings_of_other in combinations(skeletons, 2):
        for pair in product(readings_of_one, readings_of_other):
            if len(words) > 2:
                keys.append(f"+{'+'.join(sorted(pair))}")
            if all(pair):
                keys.append(f"<{'+'.join(sorted(skeleton[:2] for skeleton in pair))}")
                keys.append(f">{'+'.join(sorted(skeleton[0] + skeleton[-1] for skeleton in pair))}")
    return set(list(dict.fromkeys(keys))[:MAX_BLOCKING_KEYS])


def _word_pairing_similarity(pairing: WordPairing, kind: str) -> float:
    """Return how well the words of two names pair up."""
    is_person = kind == PERSON
    matched_weight = matched_weight_limit = 0.0
    full_weight_pairs = 0
    for score, word, other in pairing.pairs:
        weight = (word.weight + other.weight) / 2
        full_weight_pairs += word.weight == other.weight == 1
        matched_weight += score * weight
        matched_weight_limit += weight
    if not matched_weight:
        return 0.0
    fewer, more = sorted(
        (
            _unmatched_weight(pairing.unmatched, pairing.words, not pairing.other_unmatched),
            _unmatched_weight(pairing.other_unmatched, pairing.other_words, not pairing.unmatched),
        )
    )
    surplus = (0.12 if full_weight_pairs > 1 else 0.3) if is_person else 0.45
    score = matched_weight / (matched_weight_limit + 1.5 * fewer + surplus * (more - fewer))
    if is_person and (fewer >= 0.35 or not full_weight_pairs):
        # Two words differ, or only initials agree.
        score = min(score, DIFFERENT_WORDS_SIMILARITY if full_weight_pairs else 0.6)
    return score


def _unmatched_weight(unmatched: list[NameWord], words: tuple[NameWord, ...], all_others_matched: bool) -> float:
    """Return the weight of unmatched words; repeated words have none if the other name has no unmatched words."""
    texts = [word.text for word in words]
    return sum(word.weight for word in unmatched if not (all_others_matched and texts.count(word.text) > 1))


def _word_as_written(name: str, word: NameWord) -> str:
    written = (part for part in re.findall(r"\w[\w'’]*", name) if word in parse_name(part, PERSON).words)
    return next(written, word.text)
