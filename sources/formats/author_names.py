"""Names of authors as files and pages give them, without what is no author: prefixes, sites, programs, photo credits."""

import html
import re
from collections.abc import Iterable

_PREFIX = re.compile(
    r"(?:(?:written|story|reporting|reported|report)\s+by|by|von|par|autor(?:ka|in|en|zy)?|author|text|tekst|oprac(?:owa[łl]a?)?\.?"
    r"|автор(?:ка|и)?|текст|від)\s*(?::\s*|\s+)",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"\b(?:photos?|photograph(?:s|y|er)?|pictures?|images?|video|illustrations?|graphics?|fotos?|bild(?:er)?|zdj[ęe]ci[ae]"
    r"|фото\w*|відео|ілюстрац\w+|getty|shutterstock|editing|edited|translated|redig\w+)\b",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"\s*(?:[;|•·/\n\t]|\s[–—-]\s)\s*")
_JOINED = re.compile(r"\s+(?:and|und|et|i|oraz|та|і|й|&)\s+")
_PROGRAM_OR_ACCOUNT = re.compile(
    r"(?:(?:microsoft|ms|open|libre|windows|apple|adobe|google|hp|dell|lenovo|acer|asus|samsung|sony|toshiba)\b.*"
    r"|(?:office|word|acrobat|indesign|quarkxpress|pages|excel|powerpoint|wordpress|drupal|joomla|typo3|canva)(?:\b.*)?"
    r"|(?:pc|user|usuario|benutzer|użytkownik|пользователь|користувач|owner|admin\w*|root|guest|author|autor|автор|unknown"
    r"|none|null|default|test|web(?:master|\s?editor)|editors?|editorial(?: staff| team)?|staff(?: writers?| reporters?)?"
    r"|newsroom"
    r"|(?:senior |chief |foreign |political |defen[cs]e )?(?:correspondent|reporter|columnist|editor)|wp-?admin"
    r"|redaktion|redakcja|la rédaction|rédaction|редакція|press (?:office|service|release)|anonymous))",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"\s*\([^()]*\)|\s+(?:in\s+[A-Z][\w-]+|(?:avec|with|mit|z|з)\s+(?:dpa|AFP|AP|Reuters|PAP))\s*\Z")
"""What a name has behind it: its paper, place or agency."""
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\w+|@\w+")
_FILE_NAME = re.compile(
    r"\S+\.(?:exe|docx?|odt|rtf|pdf|html?|txt|indd|qx[dp]|pptx?|xlsx?|tmp|dot|wpd|pages|tex|ps)\b.*|Microsoft Word - .*",
    re.IGNORECASE,
)
_UNTITLED = re.compile(
    r"(?:untitled|unnamed|ohne titel|sans titre|bez tytułu|без назви|document|документ)[\s\d-]*|[\W\d_]*", re.IGNORECASE
)
_LONGEST_NAME = 80
_LONGEST_ACRONYM = 5

AGENCIES = frozenset(
    "dpa afp ap pap apa ansa reuters upi efe ukrinform unian interfax interfax-ukraine tass belga anp ntb tt stt lsta ctk čtk "
    "укрінформ уніан рейтер kna epd sid".split()
)
"""News agencies as they sign articles, in lower case."""


NAME_WORD = r"(?:[^\W\d_a-zа-яіїєґąćęłńóśźżäöüßàâéèêëîïôûç][\w’'.-]*)"
"""Pattern for a word that begins with a capital letter."""

_MEDIA_WORD = (
    r"(?:News|Times|Post|Herald|Courier|Tribune|Gazette|Journal|Press|Radio|TV|Television|Media|Online|Telegraph|Observer|Chronicle"
    r"|Dispatch|Independent|Zeitung|Rundschau|Kurier|Tagblatt|Nachrichten|Anzeiger|Rundfunk|Gazeta|Wiadomości|Dziennik|Rzeczpospolita"
    r"|Новини|Правда|Газета|Телеканал|Радіо|Вісті|Агентство|Dépêche|Nouvelles|Matin|Monde)"
)
PUBLISHER_NAME = re.compile(rf"(?:{NAME_WORD}\s+){{0,3}}{_MEDIA_WORD}(?:\s+{NAME_WORD}){{0,2}}")
"""Names of news organisations that say what they are: Kite News, The Harbour Times, Gazeta Latawców."""


# Persons are called Post and Press, too.
_NAMED_LIKE_A_PAPER = re.compile(rf"{NAME_WORD}\s+(?:Post|Press|Herald|Journal|Courier|Chronicle|Kurier|Monde|Matin)")


def clean_author_names(candidates: Iterable[str], site_names: Iterable[str] = (), from_file: bool = False) -> str:
    """Return the names of authors in `candidates` as they are printed, separated by semicolons.

    `site_names` are names of the publisher and its site. `from_file`: the properties of a file often hold an account's name
    instead.
    """
    sites = {_comparable(name) for name in site_names} - {""}
    names: dict[str, str] = {}
    for candidate in candidates:
        for name in _split_names(html.unescape(candidate)):
            if _is_author(name, sites, from_file):
                names.setdefault(name.casefold(), name)
    return "; ".join(names.values())


def is_title(text: str) -> bool:
    """Return whether `text` can be a headline: not the name of a file, a date or a word for lack of a title."""
    words = " ".join(text.split())
    return bool(words) and not _FILE_NAME.fullmatch(words) and not _UNTITLED.fullmatch(words)


def is_organisation_name(text: str) -> bool:
    """Return whether `text` can name a publisher: not a date, an address or the name of a file."""
    words = " ".join(text.split())
    return is_title(words) and not _ADDRESS.fullmatch(words) and len(words) <= _LONGEST_NAME


def _split_names(text: str) -> Iterable[str]:
    text = _ADDRESS.sub("", text)
    for part in _SEPARATORS.split(_BRACKETED.sub("", text)):
        part = _PREFIX.sub("", part.strip(" ,."), count=1)
        if _CREDIT.search(part):
            continue
        pieces = [piece.strip() for piece in part.split(",") if piece.strip()]
        if len(pieces) == 2 and all(" " not in piece and piece.casefold() not in AGENCIES for piece in pieces):
            # A family name first: Fell, Ada.
            yield ", ".join(pieces)
            continue
        for piece in pieces:
            yield from (name.strip(" .:()") for name in _JOINED.split(piece))


def _is_author(name: str, sites: set[str], from_file: bool) -> bool:
    if not 1 < len(name) <= _LONGEST_NAME or len(name.split()) > 7 or any(letter.isdigit() for letter in name):
        return False
    if _PROGRAM_OR_ACCOUNT.fullmatch(name) or _FILE_NAME.fullmatch(name) or not any(letter.isalpha() for letter in name):
        return False
    if _comparable(name) in sites:
        return False
    if name.casefold() in AGENCIES:
        return True
    # Kite News, CNX: a site that does not say its name elsewhere.
    if (PUBLISHER_NAME.fullmatch(name) and not _NAMED_LIKE_A_PAPER.fullmatch(name)) or (
        name.isupper() and len(name) <= _LONGEST_ACRONYM and " " not in name
    ):
        return False
    # What begins small is a description, such as defence correspondent, or the name of an account.
    return not (
        name[0].islower() and (from_file or " " in name) and not re.match(r"(?:de|van|von|der|da|di|du|la|le|al|el|ter)\b", name)
    )


def _comparable(name: str) -> str:
    name = re.sub(r"^(?:https?://)?(?:www\.)?|\.[a-z]{2,6}(?:\.[a-z]{2})?$", "", name.strip().casefold())
    return "".join(letter for letter in re.sub(r"^the\s+", "", name) if letter.isalnum())
