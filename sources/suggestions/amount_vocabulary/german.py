"""German words of amounts."""

import re
from decimal import Decimal

from entities.vocabulary import Qualifier
from sources.suggestions.amount_vocabulary.entries import (
    WORD_GAP,
    AmountVocabulary,
    NounVocabulary,
    NumberVocabulary,
    words_by_value,
)
from sources.suggestions.amount_vocabulary.language_free import SCALES

_ONES = words_by_value("ein;zwei zwo;drei;vier;fünf;sechs;sieben;acht;neun")
_TEENS = words_by_value("zehn;elf;zwölf;dreizehn;vierzehn;fünfzehn;sechzehn;siebzehn;achtzehn;neunzehn", first=10)
_TENS = words_by_value("zwanzig;dreißig dreissig;vierzig;fünfzig;sechzig;siebzig;achtzig;neunzig", step=10, first=20)
_BELOW_HUNDRED = _ONES | _TEENS | _TENS | {f"{one}und{ten}": _ONES[one] + _TENS[ten] for one in _ONES for ten in _TENS}
_HUNDREDS = re.compile(r"(?P<hundreds>\w+?)?hundert(?:und)?(?P<rest>\w+)?")
_THOUSANDS = re.compile(r"(?P<thousands>\w+?)?tausend(?:und)?(?P<rest>\w+)?")


def _below_thousand(word: str | None) -> int | None:
    if not word or word in _BELOW_HUNDRED:
        return _BELOW_HUNDRED[word] if word else 0
    parts = _HUNDREDS.fullmatch(word)
    if not parts or (parts["hundreds"] and parts["hundreds"] not in _BELOW_HUNDRED):
        return None
    rest = _BELOW_HUNDRED.get(parts["rest"], None) if parts["rest"] else 0
    return None if rest is None else 100 * _BELOW_HUNDRED.get(parts["hundreds"] or "", 1) + rest


def read_compound(word: str) -> int | None:
    """Return the number that one German word names: zweihundertfünfzigtausend; None if it names none, or only one."""
    if len(word) > 80 or word == "ein":
        return None
    thousands = _THOUSANDS.fullmatch(word)
    if not thousands:
        return _below_thousand(word)
    factor = _below_thousand(thousands["thousands"]) if thousands["thousands"] else 1
    rest = _below_thousand(thousands["rest"])
    return None if factor is None or rest is None else 1000 * factor + rest


_HALF = {f"{one}einhalb": Decimal(value) + Decimal("0.5") for one, value in _BELOW_HUNDRED.items()}
_ARTICLES = ("ein", "eine", "einer", "einen", "einem")
_SCALE_FORMS = {
    "million millionen mio mill": 10**6, "milliarde milliarden mrd": 10**9, "billion billionen bio": 10**12,
    "billiarde billiarden": 10**15, "tausend tsd": 10**3, "hundert": 100, "dutzend": 12,
}  # fmt: skip
_MANY = "Hunderte[rn]?|Tausende[rn]?|Zehntausende[rn]?|Hunderttausende[rn]?|Dutzende[rn]?|Millionen|Milliarden|Billionen"

NUMBERS = NumberVocabulary(
    decimal_mark=",",
    has_dot_groups=True,
    compound=read_compound,
    scales=SCALES | {word: value for forms, value in _SCALE_FORMS.items() for word in forms.split()},
    money_scales={"M": 10**6, "k": 10**3, "Mrd": 10**9, "Mio": 10**6},
    scale_link=rf"{WORD_GAP}(?:an|von){WORD_GAP}",
    articles=frozenset(_ARTICLES),
    shares={
        **{(half,): Decimal("0.5") for half in ("halbe", "halben", "halber", "halbes")},
        **{(article, half): Decimal("0.5") for article in _ARTICLES for half in ("halbe", "halben", "halber", "halbes")},
        ("drei", "viertel"): Decimal("0.75"), ("anderthalb",): Decimal("1.5"), **{(word,): value for word, value in _HALF.items()},
    },
    attached_shares={"dreiviertel": Decimal("0.75"), "viertel": Decimal("0.25"), "halb": Decimal("0.5")},
    point_words=frozenset(("komma",)),
    open_number=(
        rf"(?:viele{WORD_GAP}|zahlreiche{WORD_GAP}|mehrere{WORD_GAP}|einige{WORD_GAP}|(?:ein{WORD_GAP})?paar{WORD_GAP})?(?:{_MANY})\b(?:{WORD_GAP}(?:von{WORD_GAP})?(?:{_MANY})\b)?"
        rf"|(?:viele|zahlreiche|mehrere|einige|(?:ein{WORD_GAP})?paar){WORD_GAP}(?:hundert|tausend|hunderttausend|zehntausend|dutzend)\b(?:{WORD_GAP}(?:{_MANY})\b)?"
    ),
)  # fmt: skip

_PERSONS = (
    r"(?:soldat(?:en|innen)|mensch(?:en)?|personen|leuten?|mann|männern?|frauen|kindern?|einwohnern?|bürgern?|bürgerinnen|zivilisten|"
    r"zivilpersonen|offizieren?|unteroffizieren?|generälen?|polizisten|polizistinnen|beamten?|kämpfern?|söldnern?|rekruten|reservisten|"
    r"ausbildern?|ausbilderinnen|piloten|pilotinnen|matrosen|seeleuten?|ärzten?|ärztinnen|lehrern?|lehrerinnen|schülern?|schülerinnen|"
    r"studenten|studentinnen|studierenden?|mitarbeitern?|mitarbeiterinnen|mitarbeitenden?|angestellten?|beschäftigten?|arbeitern?|"
    r"helfern?|helferinnen|sanitätern?|journalisten|journalistinnen|reportern?|abgeordneten?|ministern?|senatoren|experten|expertinnen|"
    r"spezialisten|fachleuten?|ingenieuren?|ukrainern?|ukrainerinnen|deutschen?|amerikanern?|geiseln|"
    r"patienten|patientinnen|veteranen|veteraninnen|teilnehmern?|teilnehmerinnen|technikern?|fahrern?|feuerwehrleuten?|anwohnern?|"
    r"bewohnern?|bewohnerinnen|rentnern?|zuschauern?|besuchern?|demonstranten|touristen|passagieren?|insassen|häftlingen?|"
    r"überlebenden?|gefallenen?|getöteten?|toten?|verletzten?|verwundeten?|gefangenen?|vermissten?|flüchtlingen?|geflüchteten?|vorsitzenden?|obdachlosen?|"
    r"vertriebenen?|freiwilligen?|evakuierten?|kadetten|diplomaten|richtern?|bauern|kollegen|kameraden|eltern|babys|jugendlichen?|"
    r"erwachsenen?|vertretern?|delegierten?|wählern?|beratern?|beraterinnen|beobachtern?|inspekteuren?|instrukteuren?|grenadieren?|"
    r"fallschirmjägern?|opfern?|rettern?|einsatzkräften?|rettungskräften?|fachkräften?|arbeitskräften?|sicherheitskräften?|"
    r"lehrkräften?|pflegekräften?|gästen?|familienangehörigen?|angehörigen?|terroristen|aktivisten|migranten|deserteuren?|"
    r"saboteuren?|agenten|spionen?|pflegern?|krankenschwestern|medizinern?|forschern?|wissenschaftlern?|landwirten?|bergleuten?)"
)
_PERSONS_ALONE = (
    r"(?:köpfen?|polen|russen|franzosen|briten|italienern?|spaniern?|portugiesen|griechen|türken|ungarn|tschechen|slowaken|slowenen|rumänen|"
    r"bulgaren|serben|kroaten|schweden|norwegern?|dänen|finnen|esten|letten|litauern?|bela?russen|weißrussen|georgiern?|armeniern?|"
    r"schweizern?|österreichern?|niederländern?|belgiern?|engländern?|chinesen|japanern?|indern?|syrern?|afghanen|israelis|palästinensern?|"
    r"ägyptern?|libyern?|kanadiern?|australiern?|europäern?|kurden|arabern?|juden|muslimen?|christen|tataren|reisenden?|verdächtigen?|"
    r"angeklagten?|betroffenen?|beteiligten?|verschleppten?|festgenommenen?|verurteilten?|gelehrten?|kranken|zeugen|augenzeugen|"
    r"unternehmern?|politikern?|anhängern?|gegnern?|kandidaten|chefs|anwälten?|staatsanwälten?|einwanderern?|ausländern?|babies|"
    r"regierungschefs|staatschefs|botschaftern?|besatzungs?mitgliedern?|crewmitgliedern?|familienmitgliedern?|parlamentsmitgliedern?|"
    r"vorstandsmitgliedern?|parteimitgliedern?|gründern?|autoren|künstlern?|händlern?|fans|hooligans|katholiken)"
)
_PERSONS_BY_ENDING = (
    r"(?:(?!\w*(?:spinnen|gewinnen|rinnen(?<!erinnen)|zinnen)\Z)\w{3,}innen|\w{3,}ier(?:enden?|ten?)|"
    r"\w*(?:mexik|afrik|republik|kore|kub|peru)anern?|\w*iranern?|[\w-]+parlamentariern?)"
)
_NEVER = (
    r"(?:minuten?|stunden?|tagen?|wochen?|monaten?|jahren?|jahr|tag|jahrzehnten?|jahrhunderten?|sekunden?|kilometern?|metern?|zentimetern?|"
    r"millimetern?|meilen|quadrat\w+|prozent\w*|grad|uhr|mal|male|punkten?|januar|februar|märz|april|mai|juni|juli|august|"
    r"september|oktober|november|dezember|drittel|viertel|fünftel|sechstel|achtel|zehntel|hälften?|komma|dollar|dollars|franken|pfund|"
    r"kronen|rubel|euros?|cent|lire|rupien|streitkräften?|uhr|lebensjahr\w*|geburtstag\w*|jahrestag\w*|monats|jahres|millionen|"
    r"milliarden|billionen|tausend|million|milliarde|prozentpunkte\w*|kilowatt\w*|megawatt\w*|gigawatt\w*|volt|watt|promille|montag\w*|dienstag\w*|"
    r"mittwoch\w*|donnerstag\w*|freitag\w*|samstag\w*|sonntag\w*|sommern?|wintern?|nächten?|morgen|abenden?)"
)

VOCABULARY = AmountVocabulary(
    language="de",
    numbers=NUMBERS,
    nouns=NounVocabulary(
        persons=rf"[\w-]*{_PERSONS}|(?:[\w-]+-)?{_PERSONS_ALONE}|{_PERSONS_BY_ENDING}",
        adjectives=r"(?!(?:de[rsmn]|die|ein\w*|seine\w*|ihre\w*|unsere\w*|diese\w*|jene\w*|alle\w*|keine\w*|viele\w*|oder|aber|über|unter|gegen|"
        r"neben|wegen|wurden?|waren|haben|hatten?|werden|worden|seien|wären|könn\w+|soll\w*|woll\w+|müss\w+|innen|außen|heute|gestern|mehr|ohne|"
        r"sowie|beide\w*|solche\w*|welche\w*|andere[nr]? als|meinen|deine\w*|jede\w*)\b)[a-zäöüß]+(?:-[a-zäöüß]+)*(?:e[nrsm]?)",
        never_counted=rf"(?:[\w-]*-)?{_NEVER}",
        measures=(
            r"(?:Kilo|Mega)?[Tt]onnen\b|Kubik(?:kilo)?metern?\b|Hektar\b|(?:Hekto)?[Ll]itern?\b|Barrel\b|"
            r"Kilogramm\b|Kilo\b"
        ),
        joined_noun=r"\s+(?:und|oder|sowie|bzw\.)\s+[a-zäöüß]*\s?[A-ZÄÖÜ]|\s+schwer(?:e[nrsm]?)?\b",
        money=r"[\w-]*(?:dollars?|franken|kronen?|rubel|pfund|rupien|dinar|schekel|forint|lira|złoty|zloty|hrywnja|griwna|pesos?)|yen|yuan|real",
        containers=r"schuss|schuß|tonnen?|liter|stück|sätzen?|kisten|paletten|einheiten",
        numbered=r"[\w-]*(?:brigade|division|kompanie|armee|batterie|staffel|flotte|gruppe|schwadron|bataillon|regiment|korps|geschwader)",
        are_capitalised=True,
        strong=r"[-‐‑]köpfig(?:e[nrsm]?)?\b|[-‐‑]Mann[-‐‑]\w+|[-‐‑]Personen[-‐‑]\w+",
    ),
    qualifiers={
        Qualifier.EXACTLY: "genau|exakt|präzise",
        Qualifier.UP_TO: r"(?:auf )?bis zu|höchstens|maximal|max\.|kaum mehr als|nicht mehr als|weniger als|unter",
        Qualifier.AT_LEAST: r"mindestens|mind\.|min\.|allermindestens|nicht unter|wenigstens|zumindest|nicht weniger als|minimal",
        Qualifier.MORE_THAN: "(?:(?:weit|deutlich|etwas|viel) )?mehr als|(?:(?:weit|deutlich|etwas|leicht) )?über|gut|jenseits von",
        Qualifier.NEARLY: "fast|beinahe|nahezu|annähernd|knapp",
        Qualifier.ABOUT: r"rund|rd\.|in etwa|etwa|ungefähr|circa|ca\.|ca|zirka|schätzungsweise|geschätzte?|um die|an die|in der Größenordnung von|grob",
    },
    between_qualifier_and_number="weitere[nr]?|zusätzliche[nr]?|insgesamt",
    qualifiers_after={
        Qualifier.AT_LEAST: rf"{WORD_GAP}(?:oder|und){WORD_GAP}mehr\b(?!{WORD_GAP}als)",
        Qualifier.UP_TO: rf"{WORD_GAP}oder{WORD_GAP}weniger\b(?!{WORD_GAP}als)",
    },
    late_qualifiers=(
        r"(?:oder|und|wenn nicht|vielleicht|womöglich)(?: sogar| gar| auch)? (?:mehr|weniger)\b(?! als)|oder so|"
        r"(?<!und )(?<!oder )(?:mindestens|höchstens|maximal|wenigstens|ungefähr|schätzungsweise)"
    ),
    ambiguous_qualifiers="über|unter|gut",
    prepositions_after=(
        r"(?i:\b(?:verfüg|sprech|sprach|gesproch|berichte|inform|diskut|debatt|verhandel|entschied|entscheid|abgestimmt|flog|flogen|fliegt|herrsch|"
        r"kontroll|vertrag|kredit|paket|hilfspaket|darlehen|auftrag|abkommen|summe|rechnung|scheck|anleihe|vereinbarung|zusage|bescheid|"
        r"bürgschaft|garantie|nachricht|buch|film)\w*\s+$)"
    ),
    prepositions_in=r"(?i:\b(?:verfüg|sprech|sprach|gesproch|diskut|debatt|verhandel|entschied|flog|herrsch)\w*\s[^.;:]*$)",
    negation=r"\b(?:nicht|kein\w*|nie)\s+$",
    share_words="von",
    share_counts=frozenset(("einer", "eine", "eines")),
    multiples=(
        r"(?:zwei|drei|vier|fünf|zehn)mal|doppelt|dreimal|(?:doppelt|halb) so (?:viele?|hoch) wie|(?:die|der) Hälfte von|"
        r"(?:ein|zwei) (?:Drittel|Viertel|Fünftel) von|das \S+fache von|das Doppelte von"
    ),
    times="Mal|mal",
    range_words="bis|oder|bis zu",
    change=r"(?i:\bvon\s+$)",
    change_to="auf",
    opened_ranges=((r"(?i:\bzwischen\s+$)", "und"), (r"(?i:\bvon\s+$)", "bis")),
    currencies={
        "EUR": r"Euro|Euros",
        "CHF": r"(?:Schweizer(?: |-)?|Schweizerische[rn]? )?Franken|Fr\.|SFr\.",
        "GBP": r"(?:britische[rn]? )Pfund|Pfund Sterling",
        "SEK": r"schwedische[rn]? Kronen?|Schwedenkronen|kronor",
        "NOK": r"norwegische[rn]? Kronen?",
        "DKK": r"dänische[rn]? Kronen?",
        "ISK": r"isländische[rn]? Kronen?",
        "CZK": r"tschechische[rn]? Kronen?",
        "PLN": r"(?:polnische[rn]? )?Z[lł]oty",
        "UAH": r"(?:ukrainische[rn]? )?(?:Hrywnja|Hrywnia|Hriwna|Griwna|Hrywen)",
        "RUB": r"(?:russische[rn]? )?Rubel",
        "JPY": r"(?:japanische[rn]? )?Yen",
        "CNY": r"(?:chinesische[rn]? )?(?:Yuan|Renminbi)",
        "TRY": r"türkische[rn]? Lira",
        "HUF": r"(?:ungarische[rn]? )?Forint",
        "INR": r"indische[rn]? Rupien",
        "KRW": r"südkoreanische[rn]? Won",
        "ILS": r"(?:israelische[rn]? )?Schekel",
        "CAD": r"kanadische[rn]? Dollars?",
        "AUD": r"australische[rn]? Dollars?",
        "NZD": r"neuseeländische[rn]? Dollars?",
        "HKD": r"Hongkong-Dollars?",
        "SGD": r"Singapur-Dollars?",
        "USD": r"(?:US-|US |amerikanische[rn]? |U\.S\.-)?Dollars?",
    },
    percent=r"Prozent|v\.\s?H\.",
    percentage_points=r"Prozentpunkten?",
    product=rf"{WORD_GAP}(?:(?:des|der|vom|seines|ihres|am){WORD_GAP}(?:\w+en{WORD_GAP})?)(?:BIP|BIPs|Bruttoinlandsprodukt(?:e?s)?)\b",
    months="Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember",
    labels=(
        r"Artikels?|Art\.|§§?|Paragra(?:f|ph)(?:en)?|Absatz|Abs\.|Kapitels?|Seiten?|S\.|Nr\.|Nummer|Phase|Stufe|Resolution|Punkt|Ziffer|"
        r"Gruppe der|Kanal|Tag|Woche|Runde|Klasse|Anhang|Teil|Tabelle|Abbildung|Typ|Version|Zone|Linie|Raum|Gleis|Agenda|Tel\.|Telefon|"
        r"Einheit|Brigade|Gesetz|Verordnung|Richtlinie|Beschluss|Satz|Platz|Etappe|Position|Level|Modell|Reaktor|Block"
    ),
    year_words=r"im Jahre?|in|seit|ab|bis|Jahr|Jahre|Anfang|Ende|Mitte|von",
)
