"""Polish words for dates."""

from sources.suggestions.date_words.vocabulary import DateVocabulary

_MONTHS = (
    "styczeń stycznia styczniu styczniem",
    "luty lutego lutym lutemu",
    "marzec marca marcu marcem",
    "kwiecień kwietnia kwietniu kwietniem",
    "maj maja maju majem",
    "czerwiec czerwca czerwcu czerwcem",
    "lipiec lipca lipcu lipcem",
    "sierpień sierpnia sierpniu sierpniem",
    "wrzesień września wrześniu wrześniem",
    "październik października październiku październikiem",
    "listopad listopada listopadzie listopadem listopadowi",
    "grudzień grudnia grudniu grudniem",
)
_WEEKDAYS = (
    "poniedziałek poniedziałku poniedziałkiem",
    "wtorek wtorku wtorkiem",
    "środa środę środy środzie środą",
    "czwartek czwartku czwartkiem",
    "piątek piątku piątkiem",
    "sobota sobotę soboty sobocie sobotą",
    "niedziela niedzielę niedzieli niedzielą",
)
_LAST = "(?:ubiegł|zeszł|minion|poprzedni)(?:ego|ym|ej|y|ą|a|i|im)"
_THIS = "(?:tego|tym|tej|ten|tę|bieżącego|bieżącym)"
_NEXT = "(?:przyszł|następn|nadchodząc|najbliższ)(?:ego|ym|ej|y|ą)"
_EDGE = "(?:(?:pod |na |do |w |od )?(?:koni?ec|końca|końcu|począt(?:ek|ku)|połow(?:ie|a|y|ę)))"

POLISH = DateVocabulary(
    months={form: number for number, forms in enumerate(_MONTHS, 1) for form in forms.split()},
    short_months={
        "sty": 1,
        "lut": 2,
        "mar": 3,
        "kwi": 4,
        "cze": 6,
        "lip": 7,
        "sie": 8,
        "wrz": 9,
        "paź": 10,
        "paźdz": 10,
        "lis": 11,
        "gru": 12,
    },
    weekdays={form: number for number, forms in enumerate(_WEEKDAYS) for form in forms.split()},
    weekday_part="(?: (?:rano|wieczorem|po południu|przed południem|w nocy|nad ranem|w południe))?",
    since="od",
    range_to="do|po|na",
    range_and="i|a|oraz",
    between="(?:po)?między",
    week_of="tydzień(?: (?:od|z))?|tygodni(?:u|a)(?: (?:od|z))?",
    not_a_day=r"(?:%|proc|tys|mln|mld|milion|miliard)",
    year_head="(?:roku )?",
    year_tail="(?: (?:roku|rok|r\\.))?",
    years_beside=(
        (f"{_LAST} roku|ub\\. ?r\\.|ub\\. roku", -1),
        (f"{_THIS} roku|br\\.|b\\. ?r\\.", 0),
        (f"{_NEXT} roku", 1),
    ),
    certain_before_year="(?:w|od|do|po|przed) roku|rok|roku",
    certain_after_year=" ?(?:roku|rok|r\\.|rokiem|lata|latach)",
    number_before="(?:nr|numer|artykuł|art\\.|ustawa|rezolucja|około|ok\\.|prawie|ponad|blisko|co najmniej|niemal)",
    year_range_from="(?:od|między|pomiędzy|lata|latach|w latach)",
    year_part="(?:(?:na początku|pod koniec|w połowie|z końcem) (?:roku )?|roku |rok )",
    seasons="wiosn(?:ą|ę|a|y|ie)|lat(?:em|o)|jesie(?:nią|ni|ń)|zim(?:ą|ę|a|y|ie)",
    part_of_year=(
        r"(?:pierwsz|drug|trzeci|czwart|ostatni)\w{0,4} (?:kwarta\w{1,4}|półrocz\w{1,3})|"
        r"[1-4IV]{1,3}\.? (?:kwarta\w{1,4}|półrocz\w{1,3})"
    ),
    days=(("przedwczoraj", -2), ("pojutrze", 2), ("wczoraj", -1), ("jutro", 1), ("dziś|dzisiaj", 0), ("dziś wieczorem", 0)),
    no_day_before="do|na|od|dla",
    no_day_after=" (?:(?:i|oraz|a|czy) jutro|jak nigdy)",
    period_lead=f"(?:{_EDGE}|wcześniej)",
    weeks=(
        (f"{_LAST} (?:tygodnia|tygodniu|tydzień)", -1),
        (f"{_THIS} (?:tygodnia|tygodniu|tydzień)", 0),
        (f"{_NEXT} (?:tygodnia|tygodniu|tydzień)", 1),
        (f"{_LAST} weekend\\w?", -1),
        (f"{_THIS} weekend\\w?", 0),
    ),
    year_months=(
        (f"{_LAST} (?:miesiąca|miesiącu|miesiąc)", -1),
        (f"{_THIS} (?:miesiąca|miesiącu|miesiąc)", 0),
        (f"{_NEXT} (?:miesiąca|miesiącu|miesiąc)", 1),
    ),
    years=(
        (f"{_LAST} (?:roku|rok)", -1),
        (f"{_THIS} (?:roku|rok)|br\\.|tej (?:wiosny|jesieni)|tego lata|(?:do końca|pod koniec) roku(?! \\d)", 0),
        (f"{_NEXT} (?:roku|rok)", 1),
    ),
    weekends="(?:w|przez|podczas)(?: ostatni)? weekend(?:u)?",
    no_period_before="każdego|każdym|co",
    ago_after="temu",
    ago_before="",
    ago_roughly="około|ok\\.|prawie|ponad|niemal|blisko|jakieś",
    ago_units=(
        ("dzień|dni", "day"),
        ("tydzień|tygodnie|tygodni", "week"),
        ("miesiąc|miesiące|miesięcy", "month"),
        ("rok|lata|lat", "year"),
        ("dekadę|dekady|dekad", "decade"),
    ),
    ago_single=(
        ("tydzień", "week"),
        ("miesiąc", "month"),
        ("rok", "year"),
        ("pół roku", "half-year"),
        ("dekadę", "decade"),
    ),
    numbers={
        word: number
        for number, words in {
            1: "jeden jedną",
            2: "dwa dwie dwoma",
            3: "trzy",
            4: "cztery",
            5: "pięć",
            6: "sześć",
            7: "siedem",
            8: "osiem",
            9: "dziewięć",
            10: "dziesięć",
            11: "jedenaście",
            12: "dwanaście",
            13: "trzynaście",
            14: "czternaście",
            15: "piętnaście",
            20: "dwadzieścia",
            30: "trzydzieści",
            40: "czterdzieści",
            50: "pięćdziesiąt",
            60: "sześćdziesiąt",
            70: "siedemdziesiąt",
            80: "osiemdziesiąt",
            100: "sto",
        }.items()
        for word in words.split()
    },
    months_after=(
        "w|we|od|do|po|przed|z|ze|pod koniec|na początku|w połowie|koniec|końca|końcem|początek|początku|na|w ciągu|między|połowy"
    ),
    months_stepped=((_LAST, -1), (_THIS, 0), (_NEXT, 1)),
    night_before="noc[yą] na",
    weekdays_stepped=((_LAST, -1), (_NEXT, 1), ("ten|tę|tą", 0)),
    no_weekday_before="każd\\w+|co|czarn\\w+|wielk\\w+|palmow\\w+|handlow\\w+|o",
    no_weekday_after=r" (?:Palmow\w+|Wielkanocn\w+|handlow\w+)",
    past=(
        r"(?!(?:ale|lub|stolica|skala|skali|szkoła|szkoły|siła|siły|całej|całą|mała|mały|biały|biała|stała|stały)\b)"
        r"(?:\w{2,}(?:[aeiąęyuóo])(?:ł|ła|ło|li|ły)|mógł|\w*szedł|\w*szła|\w*szli|\w*niósł|\w*wiózł|\w{3,}(?:ano|ono|to)\b(?<=[aeę]to|ano|ono)|"
        r"zosta[łl]\w*|by[łl][aoiy]?)"
    ),
    future=(
        r"będzie|będą|będziemy|ma\s\w+ć|mają\s\w+ć|planuje|planują|planowan\w+|zaplanowan\w+|oczekuje się|"
        r"okaże się|odbędzie|odbędą|"
        r"rozpocznie|zakończy|zostanie|zostaną|spotka się|spotkają|przyjedzie|przybędzie|wejdzie|podpisze|"
        r"podpiszą|mija|minie|upływa|"
        r"złoży|przedstawi|ogłosi|wygłosi|odwiedzi|poleci|uda się|zbierze|stanie"
    ),
    surely_future="będ\\w+",
    negation="nie|nikt|żeby|aby|gdyby|jeśli",
    updated="aktualizacja|zaktualizowano|opublikowano",
)
