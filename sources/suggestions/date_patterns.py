"""Patterns of dates and of the words around them, and the names of months and weekdays."""

import calendar
import re

from sources.suggestions.written_numbers import WORD_GAP

MONTHS = {name: number for number, name in enumerate(calendar.month_name) if name}


SHORT = {name[:3]: number for name, number in MONTHS.items()} | {"Sept": 9}


WEEKDAYS = {name: number for number, name in enumerate(calendar.day_name)}


NUMBERS = (
    r"a couple of|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    r"eighteen|nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-[a-z]{3,5})?|\d{1,3}"
)


MONTH = rf"(?:{'|'.join(MONTHS)}|(?:{'|'.join(SHORT)})\b\.?)"


DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?!\w|,\d{3}|[.:/]\d|\s*(?:%|per\s?cent|million|billion|thousand))"


YEAR = r"(?:1[89]|20)\d\d(?![\w%]|,\d{3}|[.]\d)"


TO = rf"(?:\s?[-‐‑–—]\s?|{WORD_GAP}(?:to|through|until|till|and){WORD_GAP}(?:the{WORD_GAP})?)"


WEEKDAY = rf"(?:{'|'.join(WEEKDAYS)}|(?:Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun)\.)"


PART = rf"(?:{WORD_GAP}(?:morning|afternoon|evening|night))?"


ISO = re.compile(r"(?<![\w-])(\d{4}-\d{2}-\d{2})(?![\d-])")


SLASHES = re.compile(
    r"(?<![\w/.-])(?P<first>\d{1,2})(?P<mark>[/.])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})(?![\w/]|[.-]\d)"
)


MONTH_DAY = re.compile(
    rf"\b(?:{WEEKDAY},?{WORD_GAP})?(?P<month>{MONTH}){WORD_GAP}(?P<day>{DAY})"
    rf"(?:{TO}(?:(?P<month2>{MONTH}){WORD_GAP})?(?P<day2>{DAY}))?(?:,?{WORD_GAP}(?P<year>{YEAR})|,?{WORD_GAP}(?:of{WORD_GAP})?(?P<which>last|this|next){WORD_GAP}year\b)?"
)


DAY_MONTH = re.compile(
    rf"(?<![\w.,/:$€£-])(?:{WEEKDAY},?{WORD_GAP}(?:the{WORD_GAP})?)?(?P<day>{DAY})(?:(?:{WORD_GAP}(?:of{WORD_GAP})?(?P<month1>{MONTH}))?{TO}(?P<day2>{DAY}))?"
    rf"{WORD_GAP}(?:of{WORD_GAP})?(?P<month>{MONTH})(?![a-z])(?:,?{WORD_GAP}(?P<year>{YEAR})|,?{WORD_GAP}(?:of{WORD_GAP})?(?P<which>last|this|next){WORD_GAP}year\b)?"
)


MONTH_YEAR = re.compile(
    rf"\b(?:(?P<from>{MONTH}){TO})?(?P<month>{MONTH}),?{WORD_GAP}(?:of{WORD_GAP})?(?:(?P<year>{YEAR})|(?P<which>last|this|next){WORD_GAP}year\b)"
)


SEASON = re.compile(rf"\b(?:[Ss]pring|[Ss]ummer|[Ff]all|[Aa]utumn|[Ww]inter),?{WORD_GAP}(?:of{WORD_GAP})?(?P<year>{YEAR})")


YEARS = re.compile(r"(?<![\w.,/:$€£#-])(?P<year>(?:19|20)\d\d)\s?[-–/]\s?(?P<last>(?:19|20)?\d\d)(?![\w%-]|[.,]\d)")


BARE_YEAR = re.compile(
    rf"(?<![\w.,/:$€£#-])(?:(?P<part>(?:[Ee]arly|[Ll]ate|[Mm]id)(?:{WORD_GAP}in{WORD_GAP}|-|{WORD_GAP}))?(?P<fiscal>[Ff]iscal{WORD_GAP}[Yy]ear{WORD_GAP}|FY\s?)?"
    rf"|(?<=[(\[])|(?<=[‘’'\"“]))(?P<year>{YEAR})(?![-–]\d)"
)


MONTH_ALONE = re.compile(
    rf"(?P<lead>\b(?:[Ii]n|[Ss]ince|[Bb]y|[Uu]ntil|[Ff]rom|[Dd]uring|[Bb]efore|[Aa]fter|[Tt]hrough|[Ll]ast|[Nn]ext|[Tt]his|of|to|early|late|mid|the|a|"
    rf"this{WORD_GAP}past|this{WORD_GAP}coming|(?:[Bb]y{WORD_GAP}the{WORD_GAP})?(?:end|beginning|start|middle){WORD_GAP}of|and|between|for|that|[Ee]arlier{WORD_GAP}in|[Ll]ater{WORD_GAP}in)(?:-|{WORD_GAP}))?(?P<month>{MONTH})(?!\w)"
)


DAY_OF_WEEK = re.compile(
    rf"\b(?:(?P<which>last|next|coming|this(?:{WORD_GAP}(?:past|coming))?){WORD_GAP})?(?P<weekday>{WEEKDAY}){PART}(?![\w-])"
)


DAYS = re.compile(
    rf"\b(?:(?P<yesterday>yesterday)|(?P<tomorrow>tomorrow)|(?:(?:earlier|later){WORD_GAP})?(?P<today>today)(?!{WORD_GAP}and{WORD_GAP}(?:in{WORD_GAP}the{WORD_GAP}future|tomorrow))|(?P<tonight>tonight)"
    rf"|this{WORD_GAP}(?:morning|afternoon|evening)){PART}\b",
    re.IGNORECASE,
)


PERIODS = re.compile(
    rf"\b(?:(?:(?:earlier|later|early|late)(?:{WORD_GAP}on)?{WORD_GAP}(?:in{WORD_GAP}(?=the{WORD_GAP}))?)|(?:(?:the|at){WORD_GAP})?(?P<edge>(?:end|beginning|start|middle){WORD_GAP}of{WORD_GAP}))?"
    rf"(?P<which>this|last|next|(?P<the>the))(?:{WORD_GAP}coming)?{WORD_GAP}(?P<unit>week(?:end)?|month|year)\b(?!-)",
    re.IGNORECASE,
)


YEAR_END = re.compile(rf"\b(?:by|before|until){WORD_GAP}(?P<words>year(?:['’]s{WORD_GAP}|-)end)\b", re.IGNORECASE)


AGO = re.compile(
    rf"(?<![\w-])(?:(?P<roughly>about|around|nearly|almost|roughly|over|more{WORD_GAP}than|some|just{WORD_GAP}over|just{WORD_GAP}under){WORD_GAP})?"
    rf"(?P<number>{NUMBERS}){WORD_GAP}(?P<unit>day|week|month|year|decade)s?{WORD_GAP}ago\b"
    rf"(?:{WORD_GAP}(?:(?P<today>today)|this{WORD_GAP}(?P<sharp>week|month))\b)?".replace(" ", r"\s+"),
    re.IGNORECASE,
)


ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S{1,64}@\S+")


# Attacks of 2001, whenever they are named.
ATTACKS_FOLLOW = re.compile(r"\s+(?:terror|attack)")


STAMP = re.compile(r"\b(?:(?:Last\s+)?[Uu]pdated?|UPDATED?|Published|Posted)(?:\s+on|\s+at|:)?:?\s+")


QUOTED = re.compile(r"“[^”]*(?:”|\Z)|\"[^\"\n]*\"")


FUTURE = re.compile(
    r"\b(?:will|would|upcoming|scheduled|due|expected|set\s+to|(?:is|are)\s+to|plans?\s+to|planned|slated|shall)\b"
)


PAST = re.compile(r"\b(?:said|told|announced|was|were|had|has|have|did|\w{3,}ed)\b")


WAS_DONE = re.compile(
    r"\b(?:was|were|signed|agreed|launched|started|ended|passed|approved|adopted|elected|joined|visited|attacked|invaded|killed|"
    r"destroyed|damaged|delivered|received|began|held|met|took|gave|won|went|left|sent|struck|broke|fought|opened|closed)\b"
    r"(?![^.;]*\b(?:will|to|due|scheduled|expected|planned)\b)[^.;]*$"
)


WILL_BE = re.compile(r"\b(?:will|due|scheduled|expected|planned|set\s+to)\b[^.;]*$")


SENTENCE_END = re.compile(r"[.!?][\"”’']?\s+(?=[\"“]?[A-Z])|\n\s*\n")


BEFORE_YEAR = re.compile(
    r"\b(?:in|since|by|until|till|from|during|before|after|of|through|throughout|to|between|and|or|for|early|late|year|around|than|the|"
    r"our|its|their|this|back|until|as)\s+(?:the\s+)?$",
    re.IGNORECASE,
)


NAMES_A_NUMBER = re.compile(
    r"\b(?:resolutions?|orders?|articles?|sections?|flight|room|no\.|number|act|law|model|boeing|route|agenda|vision|plan|page|code|"
    r"percent|of\s+about|some|nearly|than|least|up\s+to)\s+$",
    re.IGNORECASE,
)


NO_WEEKDAY_BEFORE = re.compile(r"\b(?:Black|Good|Bloody|Super|Easter|Holy|Ash|Cyber|Palm)\s+$")


NO_WEEKDAY_AFTER = re.compile(r"\s+(?:Times|Telegraph|Mail|Mirror|Express|Post|Herald|Service)\b")


EASTERN = re.compile(r"[^\n]{0,20}\b(?:E[SD]?T|P[SD]?T|C[SD]T)\b")
