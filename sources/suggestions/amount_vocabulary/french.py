"""French words of amounts."""

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

_ONES = words_by_value("un une;deux;trois;quatre;cinq;six;sept;huit;neuf")
_TEENS = words_by_value("dix;onze;douze;treize;quatorze;quinze;seize", first=10)
_TENS = words_by_value("vingt;trente;quarante;cinquante;soixante", step=10, first=20) | {
    "septante": 70,
    "octante": 80,
    "huitante": 80,
    "nonante": 90,
}


def _names_below_hundred() -> dict[tuple[str, ...], int]:
    """Return the names of 1 to 99, in France, Belgium and Switzerland."""
    names: dict[tuple[str, ...], int] = {(word,): value for group in (_ONES, _TEENS, _TENS) for word, value in group.items()}
    below_twenty = {name: value for name, value in names.items() if value < 17}
    below_twenty |= {("dix", one): 10 + _ONES[one] for one in ("sept", "huit", "neuf")}
    names |= below_twenty
    for ten, value in _TENS.items():
        for one, unit in _ONES.items():
            names[(ten, "et", one) if unit == 1 else (ten, one)] = value + unit
    for name, value in below_twenty.items():
        if value >= 10:
            names[("soixante", *(("et",) if value == 11 else ()), *name)] = 60 + value
        names[("quatre", "vingt", *name)] = 80 + value
    return names | {("quatre", "vingts"): 80, ("quatre", "vingt"): 80}


_SCALE_FORMS = {
    "mille": 10**3, "million millions": 10**6, "milliard milliards mrd mrds mld mlds md mds": 10**9, "billion billions": 10**12,
    "milliers": 10**3, "billiard billiards": 10**15,
}  # fmt: skip
_MANY = "dizaines|douzaines|centaines|milliers|millions|milliards|billions"

NUMBERS = NumberVocabulary(
    decimal_mark=",",
    names=_names_below_hundred(),
    hundreds={"cent": 100, "cents": 100},
    hundred_multiplies=True,
    scales=SCALES | {word: value for forms, value in _SCALE_FORMS.items() for word in forms.split()},
    money_scales={"M": 10**6, "k": 10**3, "Md": 10**9, "Mds": 10**9, "Mrd": 10**9},
    scale_link=rf"{WORD_GAP}(?:de{WORD_GAP}|d['’])",
    articles=frozenset(("un",)),
    bare_scales=frozenset(("mille", "cent")),
    shares={
        ("un", "demi"): Decimal("0.5"), ("demi",): Decimal("0.5"), ("un", "quart", "de"): Decimal("0.25"),
        ("trois", "quarts", "de"): Decimal("0.75"),
    },
    and_half=frozenset((("et", "demi"), ("et", "demie"))),
    point_words=frozenset(("virgule",)),
    open_number=(
        rf"(?:(?:des|les|ces|ses|nos|leurs|plusieurs|quelques|de nombreux|de nombreuses){WORD_GAP})?(?:{_MANY})(?:{WORD_GAP}de{WORD_GAP}(?:{_MANY}))*(?={WORD_GAP}d(?:e\b|['’]))"
    ),
)  # fmt: skip

_PERSONS = (
    r"personnes|gens|hommes|femmes|enfants|soldats|soldates|militaires|civils|civiles|officiers|sous-officiers|généraux|combattants|combattantes|"
    r"recrues|réservistes|volontaires|bénévoles|instructeurs|formateurs|pilotes|marins|aviateurs|policiers|policières|gendarmes|pompiers|"
    r"sauveteurs|secouristes|médecins|infirmiers|infirmières|enseignants|professeurs|élèves|étudiants|étudiantes|employés|employées|salariés|"
    r"travailleurs|ouvriers|journalistes|députés|sénateurs|ministres|experts|spécialistes|ingénieurs|techniciens|citoyens|habitants|"
    r"habitantes|résidents|réfugiés|réfugiées|déplacés|migrants|prisonniers|prisonnières|détenus|otages|victimes|morts|blessés|blessées|tués|"
    r"disparus|survivants|ukrainiens|ukrainiennes|russes|français|allemands|polonais|américains|britanniques|européens|patients|vétérans|"
    r"participants|entrepreneurs|entrepreneuses|élus|élues|eurodéputés|eurodéputées|députées|porte-parole|sans-abri|dirigeants|"
    r"chrétiens|chrétiennes|musulmans|musulmanes|juifs|juives|catholiques|protestants|étrangers|étrangères|immigrés|exilés|expulsés|"
    r"procureurs|magistrats|ambassadeurs|opposants|opposantes|rebelles|séparatistes|djihadistes|jihadistes|islamistes|activistes|militantes|"
    r"sympathisants|partisans|candidats|candidates|suspects|accusés|condamnés|voyageurs|écoliers|"
    r"lycéens|collégiens|apprentis|athlètes|sportifs|joueurs|supporters|artistes|chauffeurs|paysans|pêcheurs|mineurs|soignants|"
    r"témoins|proches|riverains|commandos|putschistes|miliciens|kidnappeurs|interprètes|assistants|collaborateurs|présidents|diplomates|électeurs|agriculteurs|retraités|passagers|touristes|manifestants|mercenaires|cadets|conseillers|agents|"
    r"fonctionnaires|parachutistes|légionnaires|fantassins|artilleurs|conducteurs|mécaniciens|démineurs|sapeurs|terroristes|militants|"
    r"parents|familles d'accueil|jeunes|adolescents|adultes|bébés|orphelins|évacués|délégués|représentants|observateurs|inspecteurs|"
    r"chercheurs|scientifiques|juges|avocats|invités|visiteurs|spectateurs|appelés|conscrits|engagés|stagiaires|effectifs"
)
_ADJECTIVES = (
    r"nouveaux|nouvelles|nouvel|autres|premiers|premières|derniers|dernières|grands|grandes|petits|petites|gros|grosses|jeunes|anciens|"
    r"anciennes|vieux|vieilles|bons|bonnes|futurs|futures|principaux|principales|mêmes|différents|différentes|prochains|prochaines|"
    r"très|plus grands|longs|longues|beaux|belles|simples|supplémentaires"
)
_NEVER = (
    r"secondes?|minutes?|heures?|jours?|nuits?|semaines?|mois|ans?|années?|décennies|siècles?|fois|kilomètres?|km|mètres?|centimètres?|"
    r"millimètres?|milles|miles|degrés|points?|quarts?|tiers|moitiés?|dixièmes?|cinquièmes?|centièmes|virgule|janvier|février|"
    r"mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|dollars?|euros?|francs?|livres?|couronnes?|roubles?|yens?|"
    r"yuans?|roupies?|pesos?|dinars?|dirhams?|zlotys?|hryvnias?|millions?|milliards?|milliers|centaines|dizaines|billions?|cents?|mille|"
    r"pour|watts|mégawatts|gigawatts|kilowatts|lundis?|mardis?|mercredis?|jeudis?|vendredis?|samedis?|dimanches?|étés|hivers|trimestres?|"
    r"semestres?|matins?|soirs?|pieds|pouces|nœuds|livre|fs|pas|dans|sans|plus|mais|puis|alors|toujours|depuis|vers|dès|très|moins|"
    r"leurs|nos|vos|ses|des|les|mes|tes|aux|deux|trois|six|dix|ceux|eux|nous|vous|ils|elles|sous|hors|lors|jamais|près|après|ailleurs|"
    r"\w*(?:di|[ou]z|[gnr]t)aines?|centimes?|certes|donc|versus|parmi|sauf|mieux|auxquels|auxquelles|desquels|lesquels|lesquelles|cependant|certains|certaines|plusieurs|"
    r"quelques|tous|toutes|ans"
)

VOCABULARY = AmountVocabulary(
    language="fr",
    numbers=NUMBERS,
    nouns=NounVocabulary(
        persons=rf"(?:{_PERSONS})",
        adjectives=rf"(?:{_ADJECTIVES})",
        never_counted=rf"(?:{_NEVER})",
        no_noun=r"\w*[^sxz]|\w{1,2}|.*'.*",
        measures=(
            r"(?i:(?:kilo|méga)?tonnes?\b|mètres?\s+cubes?\b|hectares?\b|(?:hecto)?litres?\b|barils?\b|kilogrammes?\b|kilos?\b)"
        ),
        person_phrases=r"(?i:casques\s+bleus|chefs\s+d['’]\s?(?:état|entreprise)|chefs\s+de\s+gouvernement|hauts\s+fonctionnaires)\b",
        proper_persons=r"(?:[A-ZÉÎ][\wà-ÿ-]+(?:iens|iennes|éens|éennes|ains|aines|ais|aises|ois|oises|ols|oles|andes|ands)|Tchétchènes|Tchèques|Turcs|Turques|"
        r"Grecs|Grecques|Serbes|Croates|Slovaques|Slovènes|Kurdes|Arabes|Belges|Suisses|Suédois|Danois|Finnois|Lettons|Bulgares|Roumains|Hongrois|"
        r"Kosovars|Tatars|Juifs|Juives|Musulmans|Afghans|Afghanes|Catalans|Catalanes|Basques|Corses|Bretons|Tutsis|Hutus|Roms|Rohingyas|Biélorusses|Russes)",
        proper_things=r"[ÉE]tats(?:-(?:membres|nations))?",
        money=r"dollars?|euros?|francs?|livres?|couronnes?|roubles?|yens?|yuans?|roupies?|pesos?|dinars?|dirhams?|zlotys?|hryvnias?|shekels?|réals?|reais|wons?|forints?",
        joined_noun=r"\s+(?:et|ou)\s+(?!(?:des|les|ses|leurs|aux|plus|sans|dans|nous|vous|ils|elles)\b)[a-zà-ÿœ-]+[sx]\b",
        strong=r"(?!)",
    ),
    qualifiers={
        Qualifier.EXACTLY: "exactement|précisément|très exactement",
        Qualifier.UP_TO: "jusqu['’]à|au plus|tout au plus|au maximum|pas plus de|pas plus d['’]|(?:un peu )?moins de|(?:un peu )?moins d['’]|un maximum de|maximum|inférieure?s? à",
        Qualifier.AT_LEAST: "au moins|au minimum|minimum|au bas mot|pas moins de|pas moins d['’]|un minimum de",
        Qualifier.MORE_THAN: "(?:(?:bien|un peu|beaucoup) )?plus de|(?:un peu )?plus d['’]|dépassant|excédant|au-delà de|supérieure?s? à",
        Qualifier.NEARLY: "près de|près d['’]|presque|proche de|proches de|quasi|quasiment|pas loin de",
        Qualifier.ABOUT: r"(?:d['’])?environ|quelque|quelques|autour de|à peu près|approximativement|de l['’]ordre de|aux alentours de|env\.|aux environs de|avoisinant|dans les",
    },
    between_qualifier_and_number="un total de",
    share_words="sur",
    share_counts=frozenset(("un", "une")),
    multiples=(
        r"(?:le|au) (?:double|triple|quadruple) (?:de|d['’])|la moitié (?:de|d['’])|deux fois|(?:le|un) (?:tiers|quart) (?:de|d['’])|"
        r"les (?:deux tiers|trois quarts) (?:de|d['’])"
    ),
    times="fois",
    qualifiers_after={
        Qualifier.AT_LEAST: rf"{WORD_GAP}(?:(?:ou|et){WORD_GAP}plus\b|au{WORD_GAP}(?:moins|minimum)\b)",
        Qualifier.ABOUT: rf"{WORD_GAP}environ\b",
        Qualifier.UP_TO: rf"{WORD_GAP}(?:ou{WORD_GAP}moins\b|au{WORD_GAP}(?:plus|maximum)\b)",
    },
    late_qualifiers=(
        r"(?:ou|et|voire|peut-être|sinon)(?: même| peut-être)? (?:plus|moins|davantage)\b(?! (?:de|d['’]|que))|(?<!et )(?<!ou )"
        r"(?:à tout le moins|au (?:moins|minimum|maximum|bas mot)|environ|à peu près|approximativement|"
        r"(?:tout )?au plus(?! (?:tard|tôt|vite|haut|bas|près|fort|grand)))"
    ),
    negation=r"\b(?:pas|jamais|ni)\s+$",
    range_words="à|ou",
    opened_ranges=((r"(?i:\bentre\s+$)", "et"), (r"(?i:\bde\s+$)", "à"), (r"(?i:\bd['’]$)", "à")),
    change_to="à",
    change=r"(?i:\b(?:pass|augment|mont|grimp|bond|recul|chut|baiss|rédui|port|progress|tomb|pass|diminu|hauss)\w*\b[^.;]*\bd(?:e\s+|['’])$)",
    currencies={
        "EUR": r"euros?",
        "CHF": r"francs? suisses?",
        "GBP": r"livres? sterling|livres? britanniques?",
        "SEK": r"couronnes? suédoises?|kronor",
        "NOK": r"couronnes? norvégiennes?",
        "DKK": r"couronnes? danoises?",
        "ISK": r"couronnes? islandaises?",
        "CZK": r"couronnes? tchèques?",
        "PLN": r"zlotys?(?: polonais)?|złotys?|zloty",
        "UAH": r"(?:hryvnias?|hryvnas?|hrivnas?|hryvni|hrivnias?)(?: ukrainiennes?)?",
        "RUB": r"roubles?(?: russes?)?(?! \w*(?:biélorusses|bélarusses))",
        "JPY": r"yens?(?: japonais)?",
        "CNY": r"yuans?(?: chinois)?|renminbi",
        "TRY": r"livres? turques?",
        "HUF": r"forints?(?: hongrois)?",
        "INR": r"roupies? indiennes?",
        "KRW": r"wons? sud-coréens?",
        "ILS": r"shekels?(?: israéliens?)?",
        "CAD": r"dollars? canadiens?",
        "AUD": r"dollars? australiens?",
        "NZD": r"dollars? néo-zélandais",
        "HKD": r"dollars? de Hong[ -]Kong",
        "SGD": r"dollars? (?:de Singapour|singapouriens?)",
        "TWD": r"dollars? taïwanais",
        "USD": r"dollars?(?: américains?| US| états-uniens?)?(?! \w*(?:jamaïcains|namibiens|zimbabwéens|libériens|fidjiens|barbadiens))",
    },
    percent=r"pour cent|pour-cent|p\. 100",
    percentage_points=r"points? de pourcentage",
    product=rf"{WORD_GAP}(?:du|de{WORD_GAP}(?:son|leur|notre)|des)(?:{WORD_GAP})(?:PIB|produit{WORD_GAP}intérieur{WORD_GAP}brut)\b",
    months="janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre",
    labels=(
        r"[Aa]rticles?|[Aa]rt\.|[Ss]ection|[Cc]hapitre|[Pp]ages?|p\.|[nN][°ºo]|[Nn]uméro|[Pp]hase|[Rr]ésolution|[Aa]nnexe|[Gg]roupe des|G|[Cc]haîne|"
        r"[ÉéEe]tape|[Jj]our|[Nn]iveau|[Aa]linéa|[Ll]oi|[Pp]aragraphe|[Tt]ableau|[Ff]igure|[Pp]artie|[Tt]ype|[Vv]ersion|[Zz]one|[Ll]igne|[Ss]alle|"
        r"[Rr]outes?|[Vv]ol|[Aa]genda|[Tt]él\.|[Tt]éléphone|[Bb]rigade|[Mm]odèle|[Rr]éacteur|[Pp]oint|[Dd]écret|[Rr]èglement|[Cc]atégorie|§|le"
    ),
    year_words=r"en|depuis|dès|fin|début|avant|après|année|de",
)
