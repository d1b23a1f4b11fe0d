"""Words that never name a speaker, whatever their capitals: pronouns, articles, prepositions, conjunctions, question words."""

import re

FUNCTION_WORDS = frozenset(
    """
    a an the this that these those some any each every either neither both all most many much more few fewer several such
    another other others no none one ones two three four five six seven eight nine ten half
    i me my mine we us our ours you your yours he him his she her hers it its they them their theirs himself herself itself
    themselves myself yourself ourselves somebody someone something anybody anyone anything nobody nothing everybody everyone
    everything
    who whom whose which what when where why how whether whoever whatever whenever wherever
    about above across after against along alongside amid amidst among amongst around as at atop before behind below beneath
    beside besides between beyond by despite down during except following for from in inside into like near next of off on
    onto opposite outside over past per regarding since than through throughout till to toward towards under underneath until
    up upon via versus with within without
    and or but nor so yet if unless because although though while whereas once lest except plus
    not never always often sometimes usually again also too even just only still already ever then thus hence therefore however
    moreover furthermore nevertheless nonetheless otherwise instead meanwhile meantime elsewhere here there now today tonight
    tomorrow yesterday soon later earlier afterwards afterward recently lately finally eventually perhaps maybe indeed rather
    quite very almost nearly well yes together apart aside away back separately similarly likewise overall first second third
    last according asked speaking addressing referring responding writing commenting citing quoting given thanks due
    is are was were be been being am do does did done has have had having can could will would shall should must ought
    let lets please
    monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october
    november december may
    update photo source details background quote
    """.split()
)

_MAY_BE_NAMES = frozenset("april june august may will".split())
"""Words of the list that are also given names, where they open a sentence before another name."""

_LETTERS = re.compile(r"[^\W\d_]+(?:-\w+)*")


def is_function_word(word: str) -> bool:
    """Return whether a word, with its punctuation and whatever its capitals, cannot belong to a name or a title.

    Initials (A. Fell) and abbreviations in capitals (US, WHO) can.
    """
    letters = _LETTERS.search(word)
    if not letters:
        return True
    if len(letters[0]) > 1 and letters[0].isupper() or word[letters.end() : letters.end() + 1] == "." and len(letters[0]) == 1:
        return False
    return letters[0].lower() in FUNCTION_WORDS


def name_start(text: str, start: int, end: int) -> int:
    """Return the offset, in `text[start:end]`, of the first word that can open a name; `end` if there is none.

    “The” is kept before a name, as in the Kremlin.
    """
    words = list(re.finditer(r"\S+", text[start:end]))
    for number, match in enumerate(words):
        word = match.group()
        following = words[number + 1].group() if number + 1 < len(words) else ""
        if not is_function_word(word):
            return start + match.start()
        opens_name = word == "The" or (number == 0 and word.lower() in _MAY_BE_NAMES)
        if opens_name and following[:1].isupper() and not is_function_word(following):
            # In May Fell said ...; May Fell said ...
            return start + match.start()
    return end
