"""Words that weigh little in names, variants of words, and words that distinguish names. Pure data."""

STOP_WORDS = frozenset(
    "the of for and in on at to a an de la le les des du d l der die das und et i ta v z na do dlya von by".split()
)

NAME_PARTICLES = frozenset("al el bin abu de der den di da del della van von ter la le bint ould".split())
"""Particles of personal names that are often omitted."""

_TITLES = frozenset(
    "mr mrs ms miss dr prof professor sir dame lord lady president minister chancellor secretary senator ambassador"
    " general gen lieutenant lt colonel col major maj captain capt admiral adm brigadier sergeant marshal commander".split()
)

HONORIFICS = _TITLES | frozenset(
    "premier herr frau monsieur madame pan pani prasident prezydent prezident presidente sheikh shaikh"
    " he his her excellency the rt hon jr sr phd".split()
)
"""Words that say nothing in the name of a person. Titles that are family names as well (King, Pope, Bishop) are missing."""

TITLE_WORDS = _TITLES | frozenset(
    "prime sgt sen representative rep governor gov mayor king queen prince princess pope baroness judge chief deputy vice former"
    " then outgoing incoming acting adviser advisor spokesman spokeswoman spokesperson speaker leader chairman chairwoman chair"
    " director head".split()
)
"""Words that may precede the name of a person in an English text without being part of it."""

LEGAL_FORMS = frozenset(
    "ag gmbh mbh kg ohg se sa sas sarl srl spa nv bv ab as asa oy oyj aps plc ltd llc llp lp inc corp co pjsc ojsc jsc"
    " cjsc ooo oao zao pao tov at tzov doo sro zoo ev na pty kft zrt bhd sdn ano".split()
)

LEGAL_FORM_GROUPS = {
    form: sort
    for sort, forms in (
        ("shares", "ag sa plc pjsc ojsc jsc cjsc oao zao pao ab as asa oy oyj nv spa kft zrt"),
        ("limited", "gmbh mbh llc sarl srl bv ooo tov doo sro zoo eood ood aps"),
        ("partners", "kg ohg llp lp"),
        ("members", "ev ano ngo"),
    )
    for form in forms.split()
}
"""Legal form -> group; a company belongs to one group. Ltd and Inc. are missing, as they translate several forms."""

PHRASE_FORMS = {
    "limited liability company": "llc",
    "public limited company": "plc",
    "joint stock company": "jsc",
    "public joint stock": "pjsc",
    "open joint stock": "ojsc",
    "gesellschaft mit beschrankter haftung": "gmbh",
    "societatea cu raspundere limitata": "srl",
    "obshchestvo s ogranichennoy otvetstvennostyu": "ooo",
    "aktsionernoe obshchestvo": "jsc",
    "tovarystvo z obmezhenoyu vidpovidalnistyu": "tov",
    "sp z o o": "zoo",
    "sp z oo": "zoo",
    "armed forces": "armedforces",
    "zbroyni sili": "armedforces",
    "united states of america": "us",
    "united states": "us",
    "united kingdom": "uk",
    "great britain": "uk",
}
"""Phrases that count as one word, as romanised."""

WORD_VARIANTS = {
    "aktiengesellschaft": "ag",
    "limited": "ltd",
    "incorporated": "inc",
    "corporation": "corp",
    "company": "co",
    "usa": "us",
    "saint": "st",
    "intl": "international",
    "organisation": "organization",
    "organizatsiya": "organization",
    "organizaciya": "organization",
    "centre": "center",
    "tsentr": "center",
    "zentrum": "center",
    "centrum": "center",
    "defence": "defense",
    "oboroni": "defense",
    "oborony": "defense",
    "verteidigung": "defense",
    "obrony": "defense",
    "labour": "labor",
    "programme": "program",
    "dept": "department",
    "ministerstvo": "ministry",
    "ministerstwo": "ministry",
    "ministerium": "ministry",
    "ministere": "ministry",
    "mod": "ministry-defense",
    "kabinet": "cabinet",
    "ukraini": "ukraine",
    "ukrayiny": "ukraine",
    "ukrainy": "ukraine",
    "ukraina": "ukraine",
    "ukrainian": "ukraine",
    "brigada": "brigade",
    "brygada": "brigade",
    "okrema": "separate",
    "univ": "university",
    "kiev": "kyiv",
    "kiyiv": "kyiv",
    "kiiv": "kyiv",
    "kijow": "kyiv",
    "kharkov": "kharkiv",
    "odessa": "odesa",
    "lvov": "lviv",
    "lwow": "lviv",
    "warszawa": "warsaw",
    "varshava": "warsaw",
    "bruxelles": "brussels",
    "brussel": "brussels",
    "geneve": "geneva",
    "genf": "geneva",
    "munchen": "munich",
    "wien": "vienna",
    "praha": "prague",
}
"""Spellings, short forms and translations of one word."""

GENERIC_WORDS = frozenset(
    "ag group holding holdings international national bank ministry department agency office center council committee commission"
    " organization association foundation fund institute university company services service systems system industries"
    " government state federal republic forces force armedforces command mission operation program project agreement meeting"
    " summit conference statement visit exercise military base airfield hub plant training factory headquarters assistance"
    " stock support aid package pledge delivery equipment security cooperation joint corp co".split()
)
"""Words so common in names that they weigh little."""

_LONG_LEGAL_FORMS = [long for long, short in WORD_VARIANTS.items() if short in LEGAL_FORMS]
COMMON_WORD_WEIGHTS = dict.fromkeys(GENERIC_WORDS, 0.55) | dict.fromkeys((*LEGAL_FORMS, *_LONG_LEGAL_FORMS), 0.08)
COMMON_WORD_WEIGHTS = {word: weight for word, weight in COMMON_WORD_WEIGHTS.items() if len(word) > 4}
"""Weights of common words of five letters or more; a misspelling by one letter has the same weight."""

DISTINGUISHING_WORDS = frozenset(
    "north south east west northern southern eastern western central upper lower new old deputy vice acting former "
    " assistant under junior senior anti counter non pro reserve second interim".split()
)
"""Words whose presence makes a different thing: North Macedonia, Deputy Minister."""

TENS_WORDS = dict(
    zip("twenty thirty forty fourty fifty sixty seventy eighty ninety".split(), (20, 30, 40, 40, 50, 60, 70, 80, 90), strict=True)
)

NUMBER_WORDS = {
    word: str(number)
    for number, words in enumerate(
        "one first|two second|three third|four fourth|five fifth|six sixth|seven seventh|eight eighth|nine ninth|ten tenth"
        "|eleven eleventh|twelve twelfth".split("|"),
        start=1,
    )
    for word in words.split()
} | {tens: str(number) for tens, number in TENS_WORDS.items()}

ROMAN_NUMERALS = {
    numeral: str(number)
    for number, numeral in enumerate("I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX".split(), start=1)
}
