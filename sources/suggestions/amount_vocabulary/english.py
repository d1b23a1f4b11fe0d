"""English words of amounts."""

from decimal import Decimal

from entities.vocabulary import Qualifier
from sources.suggestions.amount_vocabulary.entries import (
    WORD_GAP,
    AmountVocabulary,
    NounVocabulary,
    NumberVocabulary,
    names_below_hundred,
    words_by_value,
)
from sources.suggestions.amount_vocabulary.language_free import SCALES

_UNSTATED = (
    "unspecified|undisclosed|unknown|unstated|undetermined|significant|large|small|limited|growing|substantial|considerable|"
    "huge|vast"
)
_SCALE = "(?:hundred|thousand|million|billion|trillion|milliard)"

NUMBERS = NumberVocabulary(
    decimal_mark=".",
    names=names_below_hundred(
        words_by_value("one;two;three;four;five;six;seven;eight;nine"),
        words_by_value(
            "ten;eleven;twelve;thirteen;fourteen;fifteen;sixteen;seventeen;eighteen;nineteen",
            first=10,
        ),
        words_by_value("twenty;thirty;forty;fifty;sixty;seventy;eighty;ninety", step=10, first=20),
    ),
    hundreds={"hundred": 100},
    hundred_multiplies=True,
    scales={
        **SCALES, "dozen": 12, "hundred": 100, "thousand": 10**3, "billion": 10**9, "trillion": 10**12, "lakh": 10**5, "lakhs": 10**5,
        "crore": 10**7, "crores": 10**7, "bn": 10**9, "mn": 10**6, "tn": 10**12, "trn": 10**12, "bln": 10**9,
    },
    attached_scales={
        letters: scale
        for scale, forms in {10**3: "k", 10**6: "m mn mln mil", 10**9: "b bn bln", 10**12: "t tn trn"}.items()
        for form in forms.split()
        for letters in (form, form.upper(), form.capitalize())
    },
    joins=frozenset(("and",)),
    articles=frozenset(("a", "an")),
    shares={
        ("half", "a"): Decimal("0.5"), ("half", "an"): Decimal("0.5"), ("a", "half"): Decimal("0.5"), ("half",): Decimal("0.5"),
        **{
            (first, "quarter", "of", "a"): Decimal("0.25") for first in ("a", "one")
        },
        ("three", "quarters", "of", "a"): Decimal("0.75"),
    },
    and_half=frozenset((("and", "a", "half"),)),
    point_words=frozenset(("point",)),
    open_number=(
        rf"(?:(?:several|a{WORD_GAP}few|many){WORD_GAP})?(?:tens|dozens|scores|hundreds|thousands|millions|billions|trillions)"
        rf"(?:{WORD_GAP}of{WORD_GAP}(?:hundreds|thousands|millions|billions|trillions))*{WORD_GAP}of\b"
        rf"|(?:several|a{WORD_GAP}few|many|a{WORD_GAP}couple(?:{WORD_GAP}of)?){WORD_GAP}(?:dozen|{_SCALE})\b(?:{WORD_GAP}of\b)?"
        rf"|an?{WORD_GAP}(?:{_UNSTATED}){WORD_GAP}(?:number|amount|sum|quantity){WORD_GAP}of\b"
    ),
)  # fmt: skip

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\\b\\.?"
_CLAUSE_END = r"(?=\s*(?:[.,;:!?)]|\Z))"

VOCABULARY = AmountVocabulary(
    language="en",
    numbers=NUMBERS,
    nouns=NounVocabulary(strong=r"[-‐‑](?:strong|members?|man|person|soldier|troop)\b"),
    qualifiers={
        Qualifier.EXACTLY: "exactly|precisely",
        Qualifier.UP_TO: "up to|(?:no|not) more than|at most|a maximum of|as (?:many|much) as|(?:slightly |a little |well )?less than|not exceeding|fewer than|"
        "(?:just )?(?:under|below)",
        Qualifier.AT_LEAST: "at least|(?:no|not) (?:fewer|less) than|a minimum of|as few as",
        Qualifier.MORE_THAN: "(?:(?:well|far|slightly|a little|significantly|much) )?more than|(?:(?:well|just|a little|slightly) )?over|"
        "(?:well |just )?above|in excess of|upwards of|exceeding|greater than|north of",
        Qualifier.NEARLY: "nearly|almost|close to|(?:just )?(?:short|shy) of|approaching",
        Qualifier.ABOUT: r"about|around|some|roughly|approximately|approx\.?|c\.|ca\.?|an estimated|estimated|circa|"
        "in the (?:region|order|range) of",
    },
    between_qualifier_and_number="an additional|additional|another|a further|an extra|a total of|an",
    qualifiers_after={
        Qualifier.AT_LEAST: rf",?{WORD_GAP}or{WORD_GAP}more\b(?!{WORD_GAP}than)|[-‐‑]plus\b|{WORD_GAP}plus\b(?={WORD_GAP}\w)"
        rf"|,?{WORD_GAP}at{WORD_GAP}least\b{_CLAUSE_END}",
        Qualifier.ABOUT: rf"{WORD_GAP}or{WORD_GAP}so\b|[-‐‑](?:odd|some)\b",
        Qualifier.UP_TO: rf",?{WORD_GAP}or{WORD_GAP}(?:less|fewer)\b(?!{WORD_GAP}than)|,?{WORD_GAP}at{WORD_GAP}most\b{_CLAUSE_END}",
    },
    late_qualifiers=(
        r"(?:or|if not|maybe|perhaps|possibly|probably|likely)(?: even| perhaps| maybe)? (?:more|less|fewer)\b(?! than)|or (?:so|thereabouts)|"
        r"give or take|(?<!and )(?<!but )(?:at (?:the )?(?:very )?(?:least|most)|at a (?:minimum|maximum)|approximately|roughly)"
    ),
    # These may also be prepositions: “flew over two villages”, “spoke about two systems”.
    ambiguous_qualifiers="around|over|under|above|below|about",
    prepositions_after=(
        r"\b(?:talk|spoke|speak|think|thought|know|knew|inform|question|concern|worr|said|ask|learn|hear|heard|debate|dispute|control|"
        r"fight|fought|vote|differ|conflict|preside|fly|flew|turn|look|travel|gather|rall|revolve|center|built)\w*\s+$"
    ),
    share_words=r"in(?: every)?|of|out of(?: every)?",
    multiples=(
        r"(?:twice|double|triple|quadruple|two-thirds of|(?:more than )?half(?: of)?|(?:a|one) (?:third|quarter|fifth|tenth) of|"
        r"(?:twice|\w+ times) as (?:many|much) as|(?:\w+|\d+)fold)"
    ),
    times="times|multiplied by",
    range_words="to|or",
    change_to="to",
    opened_ranges=((r"(?i:\bbetween\s+$)", "and"),),
    change=(
        r"\b(?:ris|rose|grow|grew|increas|rais|fell|fall|drop|cut|declin|jump|climb|went|go|expand|shr[aiu]nk|boost|up|down|mov|chang|"
        r"reduc|doubl|lower)\w*\b[^.;]*\bfrom\s+$"
    ),
    currencies={
        "EUR": r"euros?",
        "GBP": r"(?:British |sterling )pounds?(?: sterling)?|pounds? sterling",
        "UAH": r"(?:Ukrainian )?hr[iy]vni?as?",
        "NOK": r"Norwegian (?:kroner?|crowns?)|kroner?",
        "DKK": r"Danish (?:kroner?|crowns?)",
        "SEK": r"(?:Swedish )?(?:kronor|krona)|Swedish (?:kroner?|crowns?)",
        "ISK": r"Icelandic (?:kr[oó]nur|kr[oó]na|crowns?)",
        "CZK": r"(?:Czech )?korunas?|Czech crowns?",
        "PLN": r"(?:Polish )?z[lł]ot(?:ys?|ies|e|ych)",
        "JPY": r"(?:Japanese )?yen",
        "CHF": r"Swiss francs?",
        "RUB": r"(?:Russian )?(?:rou|ru)bles?",
        "CNY": r"(?:Chinese )?yuan|renminbi",
        "KRW": r"South Korean won",
        "TRY": r"(?:Turkish )?liras?",
        "INR": r"(?:Indian )?rupees?",
        "ILS": r"(?:Israeli )?(?:new )?shekels?",
        "HUF": r"(?:Hungarian )?forints?",
        "RON": r"Romanian lei",
        "BGN": r"(?:Bulgarian )?leva",
        "CAD": r"Canadian dollars?",
        "AUD": r"Australian dollars?",
        "NZD": r"New Zealand dollars?",
        "HKD": r"Hong Kong dollars?",
        "SGD": r"Singapore dollars?",
        "TWD": r"(?:New )?Taiwan(?:ese)? dollars?",
        # Last, so that the dollars of other states come first.
        "USD": r"(?:U\.?S\.? |American )?dollars?",
    },
    percent=r"percent|per cent|pct",
    percentage_points=r"percentage[-‐‑\s]points?",
    product=(
        rf"{WORD_GAP}of{WORD_GAP}(?:(?:the|their|its|our|a|each|every|total|annual|national|combined){WORD_GAP}|\w+['’]s?{WORD_GAP})*"
        rf"(?:(?P<short>GDP|GNP|GNI)|gross{WORD_GAP}(?:(?P<GDP>domestic{WORD_GAP}product)|(?P<GNP>national{WORD_GAP}product)|(?P<GNI>national{WORD_GAP}income)))\b"
    ),
    months=_MONTHS,
    labels=(
        r"[Aa]rticles?|[Ss]ections?|[Cc]hapters?|[Pp]aragraphs?|[Pp]ages?|[Cc]lauses?|Titles?|Resolutions?|Orders?|Laws?|Acts?|"
        r"Nos?\.|[Nn]umber|Figure|Table|Annex|Part|[Pp]hase|[Ll]evel|[Tt]ier|[Cc]ategory|Group\s+of|Flight|[Cc]hannel|[Rr]oom|"
        r"[Hh]ighway|[Rr]oute|Agenda|Vision|[Vv]ersion|[Tt]ype|Mark|Mk|[Ss]tep|Protocol|Amendment|[Rr]eactor|Unit|Team|Brigade|Squad|"
        r"War|Line|Block|[Ee]pisode|[Zz]one|[Tt]op|FY|[Ff]iscal\s+[Yy]ear|[Dd]ay|[Ww]eek|[Rr]ound|[Ss]tage|[Gg]rade|[Mm]odel|[Tt]el\.?|"
        r"[Tt]elephone|[Pp]hone|[Cc]all|[Cc]lass|Area|[Pp]oint|v\.|vol\.|[Ii]ssue|[Rr]ule|Directive|Regulation|Decree|[Nn]ote"
    ),
    year_words=r"in|since|by|until|during|of|for|before|after|early|late|mid|and",
)
