"""French words for dates."""

from sources.suggestions.date_words.vocabulary import DateVocabulary

_NAMES = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
_WEEKDAYS = "lundi mardi mercredi jeudi vendredi samedi dimanche"
_EDGE = (
    "(?:(?:à|en|dès|depuis|avant|d'ici|d’ici) )?(?:la )?(?:fin|début|mi|courant)(?: de(?: la)?| du|-)?|"
    "(?:à )?(?:la fin|le début|au début) de"
)

FRENCH = DateVocabulary(
    months={name: number for number, name in enumerate(_NAMES.split(), 1)} | {"fevrier": 2, "aout": 8, "decembre": 12},
    short_months={
        "janv": 1,
        "jan": 1,
        "févr": 2,
        "fév": 2,
        "avr": 4,
        "juil": 7,
        "sept": 9,
        "oct": 10,
        "nov": 11,
        "déc": 12,
    },
    weekdays={name: number for number, name in enumerate(_WEEKDAYS.split())},
    weekday_part="(?: (?:matin|midi|après-midi|soir))?",
    day_suffix="(?:er|ᵉʳ)?",
    day_article="le|au",
    since="depuis(?: le)?",
    range_to="au|à|jusqu['’]au",
    range_and="et",
    between="entre(?: le| les)?",
    week_of="semaine du",
    not_a_day=r"(?:%|pour cent|million|milliard)",
    year_head="(?:de (?:l['’]année )?)?",
    years_beside=(
        ("(?:de )?l['’](?:an|année) (?:derni(?:er|ère)|passée?)", -1),
        ("de cette année|de l['’]année en cours", 0),
        ("(?:de )?l['’](?:an|année) prochaine?", 1),
    ),
    certain_before_year=(
        "en|depuis|dès|l['’]an|l['’]année|année|fin|début|mi|courant|jusqu['’]en|d['’]ici(?: à)?|avant|après|été|"
        "automne|hiver|printemps"
    ),
    number_before=(
        "(?:n°|numéro|article|loi|résolution|vol|environ|près de|plus de|moins de|quelque|page|agenda|plan|boeing|airbus)"
    ),
    year_range_from="(?:de|entre|années|d['’])",
    year_part="(?:(?:début|fin|mi)(?: |-)|l['’](?:an|année) )",
    seasons="(?:printemps|été|automne|hiver)",
    part_of_year=(
        "(?:premier|deuxième|second|troisième|quatrième|dernier|1er|2e|3e|4e|[1-4]ᵉ) (?:trimestre|semestre)|"
        "(?:première|deuxième|seconde) moitié|[TQ][1-4]|S[12]"
    ),
    days=(
        ("avant-hier", -2),
        ("après-demain", 2),
        ("hier", -1),
        ("demain", 1),
        ("aujourd['’]hui", 0),
        ("ce (?:matin|midi|soir)|cet après-midi", 0),
    ),
    no_day_before="(?:de|d['’]|jusqu['’]à|jusqu['’]|pour|à|dès|le|du)",
    no_day_after=" (?:(?:et|ou|comme) (?:demain|hier)|plus que jamais|encore)",
    period_lead=f"(?:{_EDGE}|plus tôt|plus tard)",
    weeks=(
        ("(?:la )?semaine (?:dernière|passée)|(?:le )?week-end dernier", -1),
        ("cette semaine|ce week-end", 0),
        ("(?:la )?semaine prochaine|(?:le )?week-end prochain", 1),
    ),
    year_months=(
        ("(?:le |du |au )?mois (?:dernier|passé)", -1),
        ("ce mois(?:-ci)?|du mois en cours", 0),
        ("(?:le |du |au )?mois prochain", 1),
    ),
    years=(
        ("l['’](?:an|année) (?:derni(?:er|ère)|passée?)", -1),
        (
            "cette année|l['’]année en cours|cet (?:été|automne)|ce printemps|(?:d['’]ici(?: à)?|"
            "avant) la fin de l['’]année(?! \\d)",
            0,
        ),
        ("l['’](?:an|année) prochaine?", 1),
    ),
    weekends="(?:le|au cours du|durant le|pendant le) week-end",
    no_period_before="chaque|tous les",
    ago_before="il y a",
    ago_roughly="environ|près de|plus de|presque|quelque|à peine|moins de|un peu plus de",
    ago_units=(
        ("jours?", "day"),
        ("semaines?", "week"),
        ("mois", "month"),
        ("ans?|années?", "year"),
        ("décennies?", "decade"),
    ),
    ago_no_more=" (?:et demie?|d['’]|de\\b|dans\\b|après|avant)",
    numbers={
        word: number
        for number, words in {
            1: "un une",
            2: "deux",
            3: "trois",
            4: "quatre",
            5: "cinq",
            6: "six",
            7: "sept",
            8: "huit",
            9: "neuf",
            10: "dix",
            11: "onze",
            12: "douze",
            13: "treize",
            14: "quatorze",
            15: "quinze",
            16: "seize",
            20: "vingt",
            30: "trente",
            40: "quarante",
            50: "cinquante",
            60: "soixante",
            100: "cent",
        }.items()
        for word in words.split()
    },
    months_after=(
        "en|depuis|dès|fin|début|mi|courant|jusqu['’]en|avant|après|d['’]ici|de la fin|à partir de|au mois de|"
        "au mois d['’]|entre|à|"
        "du mois de|le mois de|d['’]ici à|d['’]ici fin"
    ),
    months_stepped=(),
    months_stepped_behind=(("dernier|passé", -1), ("prochain", 1)),
    weekdays_stepped=(("ce", 0),),
    weekdays_stepped_behind=(("dernier|passé", -1), ("prochain", 1)),
    no_weekday_before="le|chaque|tous les|un|noir|bon|saint|les|des",
    no_weekday_after=" (?:noir|saint|de Pâques|de l['’]Ascension|gras|après)\\b",
    past=(
        r"(?:ont|a|ai|avons|avait|avaient|est|sont|étaient|était|s['’]est|fut|furent|eut|vient de|viennent de)\b(?=[^.]{0,80}"
        r"(?:(?:é|ée|és|ées|i|ie|is|it|ise|u|ue|us|ues|ert|erte|int|démissionner|mort|né|fait|dit)\b))|"
        r"n['’](?:a|ont)|\w{3,}(?:èrent|irent|urent)|déclarait|annonçait|affirmait|était|étaient|avait|avaient|annoncèrent|du|de"
    ),
    future=(
        r"sera|seront|aura|auront|va\s\w+r|vont\s\w+r|doit|doivent|devrait|devraient|(?:est|sont|sera|"
        r"seront) prévue?s?|prévue?s? (?:pour|le|ce|en|lundi|mardi)|pourrait|"
        r"\w{3,}(?:era|eront|ira|iront|dra|dront|tra|tront)|attendue?s?|compte"
    ),
    negation="ne|n['’]\\w+|si|afin|pour que",
    updated="mis(?:e)? à jour(?: le)?|publié(?: le)?",
)
