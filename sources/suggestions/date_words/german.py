"""German words for dates."""

from sources.suggestions.date_words.vocabulary import DateVocabulary

_NAMES = "januar februar märz april mai juni juli august september oktober november dezember"
_WEEKDAYS = "montag dienstag mittwoch donnerstag freitag samstag sonntag"
_LAST = "(?:letzt|vergangen|vorig)e[rnms]?"
_THIS = "diese[rnms]?|laufenden"
_NEXT = "(?:nächst|kommend)e[rnms]?"
_EDGE = "(?:(?:zum|am|bis|seit) )?(?:Ende|Anfang|Mitte|Beginn)"

GERMAN = DateVocabulary(
    months={name: number for number, name in enumerate(_NAMES.split(), 1)} | {"jänner": 1, "feber": 2, "septembers": 9},
    short_months={
        "jan": 1,
        "jän": 1,
        "feb": 2,
        "febr": 2,
        "mär": 3,
        "mrz": 3,
        "apr": 4,
        "jun": 6,
        "jul": 7,
        "aug": 8,
        "sep": 9,
        "sept": 9,
        "okt": 10,
        "nov": 11,
        "dez": 12,
    },
    weekdays={name: number for number, name in enumerate(_WEEKDAYS.split())} | {"sonnabend": 5},
    short_weekdays={"mo": 0, "di": 1, "mi": 2, "do": 3, "fr": 4, "sa": 5, "so": 6},
    names_are_capitalised=True,
    weekday_part=(
        "(?:(?:morgen|vormittag|mittag|nachmittag|abend|nacht)| (?:früh|nacht|abend|morgen|Morgen|Abend|Nacht|Mittag|Vormittag|"
        "Nachmittag))?"
    ),
    day_suffix=r"\.",
    day_article="den|dem|der|zum",
    since="seit(?: dem)?",
    range_to="bis(?: zum)?|auf|zum",
    range_and="und",
    between="zwischen(?: dem)?",
    week_of="Woche (?:vom|ab|ab dem|seit dem|des|nach dem)",
    not_a_day=r"(?:%|Prozent|Mio|Mrd|Million|Milliarde)",
    day_and_month_after="am|vom|bis|zum|seit|seit dem|ab|ab dem|den|dem",
    year_head="(?:des Jahres |im Jahre? )?",
    years_beside=(
        (f"(?:des )?{_LAST} Jahres", -1),
        ("(?:dieses|diesen|des laufenden) Jahres|d\\. ?J\\.", 0),
        (f"(?:des )?{_NEXT} Jahres", 1),
    ),
    certain_before_year=(
        "Jahre?s?|Jahr|Jahren|seit|ab|bis|vor|nach|von|in den Jahren|Anfang|Ende|Mitte|Herbst|Sommer|Winter|"
        "Frühjahr|Frühling|schon|"
        "bereits|erst|für|Haushalt|noch|und|oder|um"
    ),
    number_before=(
        "(?:Nr\\.|Nummer|Artikel|Art\\.|Resolution|Gesetz|Flug|Agenda|etwa|rund|circa|ca\\.|fast|über|knapp|mindestens|"
        "höchstens|als|bis zu|Seite|Boeing|Airbus|Modell|Vision|Plan)"
    ),
    year_range_from="(?:von|zwischen|Jahren|Jahre)",
    nouns_are_capitalised=True,
    year_part="(?:(?:Anfang|Ende|Mitte) (?:des Jahres )?|Jahre?s? )",
    seasons="Frühjahr|Frühling|Sommer|Herbst|Winter",
    part_of_year=(
        "(?:erste|zweite|dritte|vierte|letzte)[nrsm]? (?:Quartals?|Halbjahr(?:e?s)?|Jahreshälfte|Hälfte)|"
        "[1-4]\\. (?:Quartals?|Halbjahr(?:e?s)?)|[IV]{1,3}\\. Quartals?|Q[1-4]|H[12]"
    ),
    days=(
        ("vorgestern", -2),
        ("übermorgen", 2),
        ("gestern", -1),
        ("heute", 0),
        ("morgen", 1),
    ),
    no_day_before="(?:von|bis|für|ab|auf|jeden|guten|am|nächsten|frühen|späten|gegen|Guten|zum|jedem)",
    no_day_after=" (?:und|oder|wie) (?:morgen|heute|gestern)| mehr denn je| noch immer",
    period_lead=f"(?:{_EDGE}|früher|später)",
    weeks=(
        ("vorletzte[rn]? Woche", -2),
        (f"{_LAST} Woche(?:nende[ns]?)?", -1),
        ("(?:diese[rn]?|dieses|diesem) Woche(?:nende[ns]?)?", 0),
        (f"{_NEXT} Woche(?:nende[ns]?)?", 1),
    ),
    year_months=(
        (f"(?:des )?{_LAST} Monat(?:e?s)?", -1),
        ("(?:diese[nms]|dieses) Monat(?:s|es)?", 0),
        (f"(?:des )?{_NEXT} Monat(?:e?s)?", 1),
    ),
    years=(
        ("vorletzte[sn] Jahr(?:es)?", -2),
        (f"(?:des )?{_LAST} Jahr(?:es)?", -1),
        (
            "diese[sm] Jahr(?:es)?|diesen Jahres|laufenden Jahr(?:es)?|heuer|bis (?:zum )?(?:Ende des Jahres|"
            "Jahresende)(?! \\d)|diesen (?:Sommer|Herbst)|"
            "diesem (?:Sommer|Herbst|Frühjahr)",
            0,
        ),
        (f"(?:des )?{_NEXT} Jahr(?:es)?", 1),
    ),
    weekends="(?:am|übers|über das) Wochenende",
    no_period_before="jede[rsnm]?|seine[mnrs]?|ihre[mnrs]?|unsere[mnrs]?|meine[mnrs]?",
    no_period_after=" (?:des|der|seiner|ihrer|unserer|meiner|dieses|vor|nach)\\b",
    ago_before="vor",
    ago_roughly="etwa|rund|circa|ca\\.|fast|knapp|über|mehr als|gut|ungefähr",
    ago_units=(
        ("Tage?n?", "day"),
        ("Wochen?", "week"),
        ("Monate?n?", "month"),
        ("Jahre?n?", "year"),
        ("Jahrzehnte?n?", "decade"),
    ),
    ago_single=(("einem halben Jahr", "half-year"),),
    ago_no_more=" (?:vor|nach|Ablauf|des|der)\\b",
    numbers={
        word: number
        for number, words in {
            1: "einem einer ein eine",
            2: "zwei",
            3: "drei",
            4: "vier",
            5: "fünf",
            6: "sechs",
            7: "sieben",
            8: "acht",
            9: "neun",
            10: "zehn",
            11: "elf",
            12: "zwölf",
            13: "dreizehn",
            14: "vierzehn",
            15: "fünfzehn",
            16: "sechzehn",
            17: "siebzehn",
            18: "achtzehn",
            19: "neunzehn",
            20: "zwanzig",
            25: "fünfundzwanzig",
            30: "dreißig",
            40: "vierzig",
            50: "fünfzig",
            60: "sechzig",
            70: "siebzig",
            80: "achtzig",
            100: "hundert",
        }.items()
        for word in words.split()
    },
    months_after="im|seit|seit dem|ab|bis|vom|von|vor|nach|zum|Anfang|Ende|Mitte|zwischen|und|für|den",
    months_stepped=((_LAST, -1), ("diese[nms]", 0), (_NEXT, 1)),
    night_before="Nacht (?:zum|auf|auf den|zu)",
    weekdays_stepped=((_LAST, -1), (_NEXT, 1), ("diese[nmrs]", 0)),
    no_weekday_before="jede[nmrs]?|Schwarze[rn]?|Heilige[rn]?|Blutige[rn]?|Weiße[rn]?|eine[mns]?|ein|mancher|Grüne[rn]?|Super",
    no_weekday_after=" (?:Zeitung)\\b",
    past=(
        r"(?!(?:heute|bitte|letzten|letzte|ersten|erste|zweiten|zweite|dritte|dritten|beste|besten|nächsten|nächste|leichten|rechten|"
        r"guten|gute|weiten|weite|sollte|sollten|könnte|könnten|möchte|möchten|müsste|würde|würden|mitte|achten|fünfte|vierte|sechste|"
        r"seite|seiten|neueste|neuesten|bekannten|bekannte)\b)"
        r"(?:[a-zäöüß]{2,}(?<!s)(?:te|ten)|hat|haben|habe|hätten|hatte|hatten|war|waren|wurde|wurden|kam|kamen|ging|gingen|gab|gaben|nahm|nahmen|sprach|"
        r"sprachen|traf|trafen|stand|standen|fand|fanden|begann|begannen|starb|starben|rief|riefen|hielt|hielten|ließ|ließen|schrieb|"
        r"schrieben|stieß|stießen|wies|wiesen|trat|traten|fiel|fielen|verließ|bestritt|widersprach|schlug|griff|flog|lief|erhielt|"
        r"empfing|unterschrieb|beschloss|beschlossen|verbot|bat|schoss|verlor|gewann|(?:ist|sind)\b(?=[^.]{0,120}\b(?:ge|ver|be|er|ent)\w{3,}(?:en|t)\b))"
    ),
    future=(
        r"wird|werden|soll|sollen|will|wollen|plant|planen|geplant|vorgesehen|endet|beginnt|findet|läuft|tritt|reist|startet|trifft|"
        r"kommt|kommen|treffen|befasst|stimmt|folgt|ansteht|bevorsteht|bevorstehende[nrsm]?|entscheidet|entscheiden|erwartet"
    ),
    negation="nicht|kein|keine|keinen|niemand|wenn|falls",
    updated="aktualisiert(?: am)?|stand|veröffentlicht(?: am)?",
)
