"""People named in one text: who bears a title, which names are people's, and who can be meant by “he” or “she”."""

import re

from entities.countries import COUNTRIES
from sources.suggestions.function_words import is_function_word
from sources.suggestions.given_name_genders import MEN_S_NAMES, WOMEN_S_NAMES
from sources.suggestions.person_nouns import ROLE_WORDS
from sources.suggestions.speaker_mention import CAPITALISED_WORD

_TITLED = re.compile(
    r"\b(?P<title>(?:[Vv]ice|[Dd]eputy)[ -][Pp]resident|[Pp]resident|"
    r"(?:[Dd]eputy )?(?:[Pp]rime|[Ff]oreign|[Dd]efen[cs]e|[Ff]inance|[Ii]nterior) [Mm]inister|[Ss]ecretary[ -][Gg]eneral|"
    r"[Cc]hancellor|[Ff]irst [Ll]ady|[Cc]hair(?:wo)?man|[Mm]ayor|[Gg]overnor|[Ss]enator|[Pp]remier|[Aa]mbassador|[Gg]eneral|"
    r"[Aa]dmiral|[Pp]ope|[Kk]ing|[Qq]ueen|[Pp]rincess|[Pp]rince|(?:[A-Z]\w+ )?[Ss]ecretary)\s+"
    r"(?P<name>[A-Z][\w’'-]+(?:\s+[A-Z][\w’'.-]+){0,3})"
)

_BODY = re.compile(
    r"\b(?:The|Ministry|Department|Union|House|Office|Agency|Council|Committee|Commission|States|Kingdom|Nations|Party|Group|Army|Navy|"
    r"Force|Forces|Bank|Court|Institute|University|Times|Post|News|Company|Corp|Inc|Ltd|Foundation|Association|Organi[sz]ation|"
    r"Alliance|Parliament|Congress|Senate|Cabinet|Government|Administration|Embassy|Center|Centre|Fund|Service|Street|Republic|City|"
    r"Treaty|Summit|War|Energy|Forum|Hall|Journal|Gazette|Tribune|Herald|Press|Daily|Weekly|Network|Club|School|College|Hospital|League|"
    r"Watch|Corporation|Broadcasting|Authority|Bureau|Board|Trust|Society|Museum|Church|Television|Radio|Magazine|Review|Conference|"
    r"Festival|Award|Prize|Act|Bill|Law|Road|Avenue|Square|Park|River|Lake|Sea|Bay|Island|Islands|County|Province|Region|District|"
    r"Airport|Station|Hotel|Tower|Bridge|Building|International|Airlines|Motors|Systems|Industries|Partners|Brothers|Studios|Day|North|South|East|West|New|Middle|Pentagon|Kremlin|NATO|EU|UN|U\.S\.|U\.N\.|US|UK|and)\b"
)

_BODY_NOUN = re.compile(
    r"\b(?:ministry|department|office|government|army|military|navy|police|agency|company|group|party|union|council|committee|commission|"
    r"court|bank|embassy|consulate|administration|cabinet|parliament|alliance|bloc|organi[sz]ation|watchdog|regulator|presidency|"
    r"statement|communiqu[eé]|declaration|report|document|letter|memo|message|post|tweet|resolution|text|website|newspaper|"
    r"magazine|broadcaster|institute|think\s+tank|foundation|charity|coalition|delegation|team|staff|service|forces|opposition)\Z"
)

_WOMAN = re.compile(
    r"\b(?:Mrs|Ms|Miss|Dame|Lady|Queen(?=\s+[A-Z])|Princess|[Ff]irst lady|[a-z]*woman|actress|"
    r"mother|wife|daughter|sister|aunt|grandmother|widow|nun|girl)\b"
)
_MAN = re.compile(
    r"\b(?:Mr|Sir|Lord|King(?=\s+[A-Z])|Prince(?=\s+[A-Z])|Pope|(?:[Ss]pokes|[Cc]hair|congress|business|fisher|police|camera|sports|states|noble|"
    r"alder|council|fire|sales|anchor|service|country|crafts|news)?man|father|husband|son|brother|uncle|grandfather|widower|monk|boy)\b"
)
_NAME = re.compile(rf"(?<![\w.’'‑-]){CAPITALISED_WORD}(?:[^\S\n]+{CAPITALISED_WORD}){{1,4}}")

_DESCRIBED = re.compile(r",\s(?:who|whose|\d\d,|an?\s[a-z]|the\s[a-z]|[DR]-)")
_AFTER_TITLE = re.compile(rf"\b(?:{ROLE_WORDS})\s+\Z")

_BESIDE_A_PERSON = re.compile(
    r"\b(?:met|meets|told|tells|thanked|asked|phoned|called|joined|succeeded|beat|defeated|urged|replaced|appointed|greeted|"
    r"interviewed|married|hired|sacked|fired|alongside|than|praised|sued)\s+\Z"
)
"""Words after which a single unknown name is as likely a person as a place."""

_OPENS_SENTENCE = re.compile(r"(?:[.!?\n]\s*|\A)\Z")
_COUNTRIES = frozenset(name.casefold() for name in COUNTRIES.values())

_SPEAKS = re.compile(
    r"\b(?:by|from)\b(?P<who>.{0,160}?)(?:\n|\Z|\b(?:on|in|at|to|before|after|during|about|following|regarding)\b)", re.I
)
_WORDS_OF_SOMEBODY = re.compile(
    r"\b(?:remarks|statement|speech|address|comments|interview|conference|briefing|message|transcript|toast|eulogy)\b", re.I
)
_SPOKEN_TO = re.compile(
    r"\b(?:with|to|for|on|about|against|of|hono[u]?ring|welcoming|meeting|hosting|greeting)\s+(?:[\w-]+\s+)?\Z", re.I
)
_BARE_TITLE = re.compile(r"\bthe\s+(?:vice\s+)?president(?:[’']s)?\b(?!\s+[A-Z])", re.I)

Bearers = dict[str, dict[str, str]]
"""Title in lower case -> family name -> title and name as first written."""


def is_person_name(words: str) -> bool:
    """Return whether the words look like the full name of a person."""
    parts = words.split()
    return 2 <= len(parts) <= 5 and not _BODY.search(words) and all(part[0].isupper() for part in parts)


def is_body(words: str) -> bool:
    """Return whether the words name or describe a body, a country or a writing, so that “he” or “she” cannot mean them."""
    head = re.split(r"\s(?:of|for|in|from|to|at|on|who|by)\s", words)[0]
    if words[:1].islower() or " " in words and words.split()[-1].islower():
        return _BODY_NOUN.search(head) is not None
    return words.isupper() or words.casefold() in _COUNTRIES or _BODY.search(words) is not None


def names_by_title(text: str) -> dict[str, str]:
    """Return the titles that only one person in a text bears, in lower case, with title and name as first written."""
    return _sole_bearers(_bearers(text))


def speakers_by_title(heading: str, labels: list[str]) -> dict[str, str]:
    """Return, as `names_by_title`, the titles of those who speak in a transcript, by its heading alone.

    Who is only spoken to or of in the heading is not meant by a title, nor is who has a label that names him.
    """
    heading = "\n".join(line.title() if line.isupper() else line for line in heading.split("\n"))
    if _WORDS_OF_SOMEBODY.search(heading) and (speaks := _SPEAKS.search(heading)):
        heading = speaks["who"]
    elif _BARE_TITLE.search(heading):
        return {}
    bearers = _bearers(heading, not_after=_SPOKEN_TO)
    label_words = {word.casefold() for label in labels for word in re.findall(r"[^\W\d_]+", label)}
    return _sole_bearers(
        {
            title: {family: name for family, name in names.items() if family.casefold() not in label_words}
            for title, names in bearers.items()
        }
    )


def _bearers(text: str, not_after: re.Pattern[str] | None = None) -> Bearers:
    bearers: Bearers = {}
    for match in _TITLED.finditer(text):
        if not_after and not_after.search(text, max(0, match.start() - 40), match.start()):
            continue
        title = " ".join(match["title"].lower().replace("-", " ").split())
        bearers.setdefault(title, {}).setdefault(match["name"].split()[-1], " ".join(match.group().split()))
    return bearers


def _sole_bearers(bearers: Bearers) -> dict[str, str]:
    return {title: next(iter(names.values())) for title, names in bearers.items() if len(names) == 1}


class NamedPeople:
    """The people whom a text names in full, by family name, with the pronouns that their given names allow."""

    def __init__(self, blanked_text: str):
        self._speakers: set[str] = set()
        self._pronouns: dict[str, set[str]] = {}
        for match in _NAME.finditer(blanked_text):
            words = match.group().split()
            pronouns = {pronoun for word in words[:-1] if (pronoun := _pronoun_of_given_name(word))}
            if _BODY.search(match.group()):
                continue
            if (
                pronouns
                or _DESCRIBED.match(blanked_text, match.end())
                or _AFTER_TITLE.search(blanked_text, max(0, match.start() - 30), match.start())
            ):
                self._pronouns.setdefault(_bare(words[-1]), set()).update(pronouns)

    def add_speaker(self, words: str) -> None:
        """Remember that these words name a person."""
        self._speakers.update((words, words.split()[-1]))

    def is_person(self, words: str) -> bool:
        """Return whether the words name a person, as far as this text tells."""
        return words in self._speakers or is_person_name(words) or _bare(words) in self._pronouns

    def may_be(self, pronoun: str, words: str, description: str = "") -> bool:
        """Return whether “he” or “she” can mean the person named by `words`; True where nothing tells."""
        description = description or words
        if _WOMAN.search(description) and not _MAN.search(description):
            return pronoun == "she"
        if _MAN.search(description) and not _WOMAN.search(description):
            return pronoun == "he"
        parts = [part for part in words.split() if not is_function_word(part)]
        own = next((found for part in parts[:-1] if (found := _pronoun_of_given_name(part))), "")
        pronouns = {own} if own else self._pronouns.get(_bare(parts[-1]), set()) if parts else set()
        return not pronouns or pronouns == {pronoun}

    def is_certainly(self, pronoun: str, words: str, description: str = "") -> bool:
        """Return whether the given name of the person named by `words` allows this pronoun and no other."""
        other = "she" if pronoun == "he" else "he"
        return self.may_be(pronoun, words, description) and not self.may_be(other, words, description)

    def may_be_family_name(self, blanked_text: str, start: int, words: str) -> bool:
        """Return whether a single unknown name at `start` may be a person's: it opens a sentence or is the object of a verb."""
        if " " in words or words.isupper() or _BODY.search(words) or words.casefold() in _COUNTRIES:
            return False
        return bool(
            _BESIDE_A_PERSON.search(blanked_text, max(0, start - 20), start)
            or _OPENS_SENTENCE.search(blanked_text, max(0, start - 4), start)
        )


def _bare(word: str) -> str:
    return re.sub(r"[’']s?\Z|[.,]\Z", "", word)


def _pronoun_of_given_name(word: str) -> str:
    name = _bare(word).split("-")[0].casefold()
    return "he" if name in MEN_S_NAMES else "she" if name in WOMEN_S_NAMES else ""
