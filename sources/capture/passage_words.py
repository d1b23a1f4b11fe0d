"""Words that show what a passage does: its kind of commitment, its step, how far a relation holds, and denial. Data alone.

Language -> meaning -> regular expression of whole words; the first letters suffice where endings vary. Only words that mean
one thing are listed: where two meanings are found, nothing is proposed.
"""

from entities.vocabulary import Modality, Nature, Stage

NATURE_WORDS: dict[str, dict[str, str]] = {
    "en": {
        Nature.REFUSAL: r"refus(?:e|es|ed|al)|rul(?:e|es|ed|ing) out|reject(?:s|ed|ion)?|declin(?:e|es|ed) to|will not|won['’]t",
        Nature.FORECAST: r"(?:is|are|was|were) (?:expected|likely|projected) to|(?:is|are) due to",
        Nature.HOPE: r"hop(?:e|es|ed|ing)",
        Nature.CONDITION: r"if|unless|provided that|on condition that",
        Nature.ASSURANCE: r"assur(?:e|es|ed|ance|ances)",
        Nature.TARGET: r"targets?|goals?|aim(?:s|ed)? to|objectives?",
        Nature.DISCUSSION: r"discuss(?:es|ed|ing|ions?)?|(?:is|are) considering|considered|(?:in|hold|held) talks",
        Nature.PLEDGE: r"pledg(?:es?|ed|ing)|promis(?:es?|ed|ing)|vow(?:s|ed)|commit(?:s|ted|ments?)?(?: to)?|undert(?:akes|ook)",
        Nature.DECISION: r"decid(?:e|es|ed)|decisions?|agre(?:e|es|ed)|approv(?:e|es|ed|al)|adopt(?:s|ed)",
        Nature.ACTION: (
            r"deliver(?:s|ed)|donat(?:ed|es)|handed over|"
            r"(?:has|have|had) (?:also |already )?(?:provided|given|sent|trained|allocated|transferred)|sent|"
            r"(?:has|have|had) (?:also |already )?made [^.;]{1,90}? available"
        ),
        Nature.PLAN: r"plan(?:s|ned|ning)?(?: to)?|intend(?:s|ed)?(?: to)?|intention|will|(?:is|are) to",
    },
    "uk": {
        Nature.REFUSAL: r"відмов\w+|відхил\w+|не буде|не надасть",
        Nature.FORECAST: r"очікується|очікують\w*|ймовірно",
        Nature.HOPE: r"сподіва\w+|надія|надіється",
        Nature.CONDITION: r"якщо|за умови",
        Nature.TARGET: r"ціль|цілі|мета",
        Nature.DISCUSSION: r"обговор\w+|переговори",
        Nature.PLEDGE: r"пообіця\w+|обіця\w+|зобов['’]яза\w+|обіцянк\w+",
        Nature.DECISION: r"вирішил\w+|вирішив|рішення|домовил\w+|погодил\w+|погодив\w*|ухвалил\w+|ухвалив",
        Nature.ACTION: r"передал\w+|передав|надал\w+|надав|доставил\w+|доставив|виділил\w+|виділив",
        Nature.PLAN: (
            r"планує\w*|планують|має намір|мають намір|виділ(?:ить|ять)|нада(?:сть|дуть)|переда(?:сть|дуть)|постав(?:ить|лять)|"
            r"спряму(?:є|ють)|закуп(?:ить|лять)|профінансу(?:є|ють)"
        ),
    },
    "pl": {
        Nature.REFUSAL: r"odmówi\w+|odmawia\w*|wyklucz\w+|odrzuci\w+",
        Nature.FORECAST: r"oczekuje się|prawdopodobnie|ma nastąpić",
        Nature.HOPE: r"nadziej\w+|liczy na",
        Nature.CONDITION: r"jeśli|jeżeli|pod warunkiem",
        Nature.TARGET: r"cel|celem",
        Nature.DISCUSSION: r"omawia\w+|omówi\w+|rozmow\w+|negocj\w+",
        Nature.PLEDGE: r"obieca\w+|zobowiąz\w+|obietnic\w+|przyrzek\w+",
        Nature.DECISION: r"zdecydowa\w+|decyzj\w+|uzgodni\w+|zatwierdzi\w+|postanowi\w+|przyję(?:to|ł|ła|li)",
        Nature.ACTION: r"przekaza\w+|dostarczy\w+|wysła\w+|udzieli\w+",
        Nature.PLAN: (
            r"planuj\w+|zamierza\w*|plan\w*|przeka(?:że|żą)|przeznacz(?:y|ą)|dostarcz(?:y|ą)|wy(?:śle|ślą)|udziel(?:i|ą)|"
            r"sfinansuj(?:e|ą)"
        ),
    },
    "de": {
        Nature.REFUSAL: r"lehnt\w* .{0,60}? ab|abgelehnt|weigert\w*|schließt .{0,60}? aus|ausgeschlossen|verweiger\w+",
        Nature.FORECAST: r"wird erwartet|voraussichtlich|wahrscheinlich",
        Nature.HOPE: r"hoff(?:t|en|te|ten|nung)",
        Nature.CONDITION: r"falls|sofern|unter der Bedingung|vorausgesetzt",
        Nature.TARGET: r"Ziel|Ziele|Zielmarke",
        Nature.DISCUSSION: r"diskutier\w+|berät|beraten|Gespräche|Verhandlungen",
        Nature.PLEDGE: r"zugesagt|Zusage\w*|sagte .{0,60}? zu|versprich\w+|versproch\w+|versprach\w*|verpflichte\w+",
        Nature.DECISION: r"beschloss\w*|beschlossen|Beschluss|entschied\w*|entschieden|Entscheidung|vereinbart\w*|genehmig\w+",
        Nature.ACTION: r"geliefert|lieferte\w*|übergeben|übergab\w*|gespendet|bereitgestellt",
        Nature.PLAN: (
            r"plant|planen|geplant|beabsichtig\w+|Plan|Pläne|in Aussicht gestellt|stell(?:t|te|en|ten) [^.;]{0,90}? in Aussicht|"
            r"(?:wird|werden|will|wollen) [^.;]{0,90}?"
            r"(?:liefern|bereitstellen|zur Verfügung stellen|überweisen|finanzieren|beisteuern)"
        ),
    },
    "fr": {
        Nature.REFUSAL: r"refus\w*|exclu(?:t|re)?|rejet\w+",
        Nature.FORECAST: r"devrait|devraient|probablement|est attendue?",
        Nature.HOPE: r"esp[èé]r\w+|espoir",
        Nature.CONDITION: r"si|à condition",
        Nature.TARGET: r"objectif|objectifs|cible",
        Nature.DISCUSSION: r"discut\w+|discussions?|pourparlers|négoci\w+",
        Nature.PLEDGE: r"promis|promet\w*|promesse|engag(?:é|ée|és|ement|ements|e|ent)|s['’]engage\w*",
        Nature.DECISION: r"décid\w+|décision|convenu\w*|approuv\w+|adopt\w+",
        Nature.ACTION: r"livr(?:é|ée|és|ées)|fourni(?:es?|s)?|envoy(?:é|ée|és|ées)|donn(?:é|ée|és|ées)|remis(?:es?)?",
        Nature.PLAN: (
            r"prévoi\w+|prévu\w*|envisag\w+|compte|(?:livre|fourni|verse|enver|donne|alloue|finance|débloque)r(?:a|ont)|"
            r"(?:va|vont) (?:livrer|fournir|verser|envoyer|donner|allouer|financer|débloquer)"
        ),
    },
}

STAGE_WORDS: dict[str, dict[str, str]] = {
    "en": {
        Stage.PROPOSED: r"propos(?:e|es|ed|al)",
        Stage.AGREED: r"agre(?:ed|ement)|decided|approved|signed|adopted",
        Stage.ANNOUNCED: r"announc(?:e|es|ed|ing|ement)|pledg(?:ed|es)|promised|vowed|unveiled",
        Stage.ALLOCATED: r"allocat(?:ed|es)|appropriated|earmarked",
        Stage.UNDER_WAY: r"under ?way|(?:has|have) (?:begun|started)",
        Stage.DELIVERED: r"delivered|handed over|arrived|donated",
        Stage.DROPPED: r"dropped|cancell?ed|scrapped|abandoned",
    },
    "uk": {
        Stage.PROPOSED: r"запропонува\w+",
        Stage.AGREED: r"домовил\w+|погодил\w+|ухвалил\w+|підписал\w+|вирішил\w+|вирішив",
        Stage.ANNOUNCED: r"оголосил\w+|оголосив|пообіцял\w+|пообіцяв|анонсува\w+",
        Stage.ALLOCATED: r"виділил\w+|виділив",
        Stage.DELIVERED: r"передал\w+|передав|доставил\w+|доставив|отримал\w+",
    },
    "pl": {
        Stage.PROPOSED: r"zaproponowa\w+",
        Stage.AGREED: r"uzgodni\w+|zatwierdzi\w+|podpisa\w+|zdecydowa\w+",
        Stage.ANNOUNCED: r"ogłosi\w+|zapowiedzia\w+|obieca\w+",
        Stage.ALLOCATED: r"przeznaczy\w+|przydzieli\w+",
        Stage.DELIVERED: r"dostarczy\w+|przekaza\w+",
    },
    "de": {
        Stage.PROPOSED: r"vorgeschlagen|schlug .{0,60}? vor",
        Stage.AGREED: r"vereinbart\w*|beschlossen|beschloss\w*|unterzeichnet\w*|genehmigt\w*",
        Stage.ANNOUNCED: r"angekündigt|kündigte\w* .{0,80}? an|zugesagt|versproch\w+",
        Stage.ALLOCATED: r"bewilligt\w*",
        Stage.DELIVERED: r"geliefert|übergeben",
    },
    "fr": {
        Stage.PROPOSED: r"propos(?:é|ée|e)",
        Stage.AGREED: r"convenu\w*|sign(?:é|ée)|approuv(?:é|ée)|décidé\w*|adopt(?:é|ée)",
        Stage.ANNOUNCED: r"annonc(?:é|ée|e|ent)|promis",
        Stage.ALLOCATED: r"allou(?:é|ée)",
        Stage.DELIVERED: r"livr(?:é|ée|és|ées)|remis(?:es?)?",
    },
}

MODALITY_WORDS: dict[str, dict[str, str]] = {
    "en": {
        Modality.CLAIMED: r"claim(?:s|ed|ing)?|alleg(?:es|ed|edly)|according to|accus(?:es|ed|ing)",
        Modality.CONDITIONAL: r"if|unless|provided that",
        Modality.EXPECTED: r"(?:is|are|was|were) (?:expected|likely) to|should",
        Modality.PLANNED: r"will|would|(?:is|are) to|plan(?:s|ned)? to|intends? to|set to",
    },
    "uk": {
        Modality.CLAIMED: r"стверджу\w+|нібито|за словами|звинувач\w+",
        Modality.CONDITIONAL: r"якщо|за умови",
        Modality.EXPECTED: r"очікується",
        Modality.PLANNED: r"буде|будуть|планує\w*|має",
    },
    "pl": {
        Modality.CLAIMED: r"twierdz\w+|rzekomo|według|zdaniem|oskarż\w+",
        Modality.CONDITIONAL: r"jeśli|jeżeli",
        Modality.EXPECTED: r"oczekuje się|powinn\w+",
        Modality.PLANNED: r"będzie|będą|planuj\w+|ma być",
    },
    "de": {
        Modality.CLAIMED: r"behaupte\w+|angeblich|laut|nach Angaben|beschuldig\w+",
        Modality.CONDITIONAL: r"falls|sofern",
        Modality.EXPECTED: r"dürfte\w*|wird erwartet",
        Modality.PLANNED: r"wird|werden|soll|sollen|plant|planen",
    },
    "fr": {
        Modality.CLAIMED: r"affirm\w+|prétend\w*|selon|d['’]après|accus\w+",
        Modality.CONDITIONAL: r"si",
        Modality.EXPECTED: r"devrait|devraient",
        Modality.PLANNED: r"\w+era|\w+eront|prévoi\w+|va|vont",
    },
}

DENIAL_WORDS = {
    "en": r"not|no|never|neither|nor|cannot|\w+n['’]t|without|denie[sd]|deny",
    "uk": r"не|ні|ніколи|немає|заперечу\w+|заперечи\w+",
    "pl": r"nie|nigdy|zaprzecz\w+",
    "de": r"nicht|nie|niemals|kein\w*|dementier\w+",
    "fr": r"ne|n['’]\w*|jamais|pas|aucun\w*|dément\w*",
}

NOT_SETTLED_WORDS = {
    "en": r"not|never|neither|nor|cannot|\w+n['’]t|yet to|whether",
    "uk": r"не|ніколи|чи|якби",
    "pl": r"nie|nigdy|czy|gdyby",
    "de": r"nicht|nie|niemals|kein\w*|wenn|sobald|ob|sollte",
    "fr": r"ne|n['’]\w*|jamais|pas|aucun\w*",
}
"""Words in front of others in one clause, after which these do not tell what was done: noch nicht beschlossen."""

AFTER_A_SUBJECT = {
    "en": (
        r"has|have|had|will|would|is|are|was|were|did|does|also|already|again|now|then|today|yesterday|later|never|not|too|both|"
        r"earlier|first|meanwhile|once|still|itself|themselves|\w+ly|on|in|at|and|this|last|next|which|who|that|"
        r"mon\w+day|tues\w*|wednes\w*|thurs\w*|fri\w*|satur\w*|sun\w*"
    ),
}
"""First words between a subject and its verb, in languages that put nouns in a row: NATO member countries are not NATO."""

FINITE_VERBS = {"de": r"hat|haben|hatte|hatten|wird|werden|will|wollen|habe|würde|würden|wurde"}
"""Verbs at whose side the subject stands, while the one that tells what it does comes at the end of the clause."""

TOWARDS_WORDS = {"en": r"to|for", "uk": r"для", "pl": r"dla", "de": r"für|an", "fr": r"à|pour|en faveur de"}
"""Prepositions before the one who benefits."""

DATIVE_ENDINGS = {"uk": r"(?:і|ові|еві|ам|ям)", "pl": r"(?:ie|owi|om|ce|rze|dze)", "de": r"\w"}
"""Endings of the one to whom something is given, in languages that name them without a preposition."""
DATIVE_ARTICLES = {"de": r"der|dem|den"}
"""Articles without which the case of a name is not told."""

PERIOD_WORDS = {"en": r"for|over|during|throughout", "uk": r"на", "pl": r"na", "de": r"für|über", "fr": r"pour|sur"}
"""Words before the time for which something is meant."""

PREPOSITIONS = {
    "en": r"in|from|to|of|with|for|by|against|near|about|at|on|into|between|among",
    "uk": (
        r"в|у|з|із|до|від|для|на|про|проти|за|між|біля|"
        r"президент\w*|прем['’ʼ]єр\w*(?:-міністр\w*)?|віце-прем['’ʼ]єр\w*|міністр\w*|посол|речни\w+|канцлер\w*|уряд\w*|влад\w+|"
        r"парламент\w*|міністерств\w+|конгрес\w*|сенат\w*|глав\w+|лідер\w*"
    ),
    "pl": (
        r"w|we|z|ze|do|od|dla|na|o|przeciw|za|między|przy|"
        r"prezydent\w*|premier\w*|wicepremier\w*|minist\w+|ambasador\w*|rzeczni\w+|kanclerz\w*|rząd\w*|władz\w*|parlament\w*|"
        r"kongres\w*|senat\w*|szef\w*|przywódc\w+"
    ),
    "de": r"in|aus|von|mit|für|an|auf|bei|gegen|über|nach|zu|zwischen|der|des|dem|den",
    "fr": r"dans|en|de|du|des|avec|pour|à|au|aux|par|contre|sur|vers|entre",
}
"""Words before a name that is not the subject of its sentence."""

GIVING_VERBS = {
    "en": r"giv(?:e|es|ing|en)|gave|sen(?:d|ds|ding|t)|grant(?:s|ed|ing)?|offer(?:s|ed|ing)?|len(?:d|ds|ding|t)"
    r"|award(?:s|ed|ing)?|promis(?:e|es|ed|ing)|pledg(?:e|es|ed|ing)|provid(?:e|es|ed|ing)|donat(?:e|es|ed|ing)",
}
"""Verbs after which the one who gains may follow at once, before the amount."""

BY_WORDS = {
    "en": r"by(?: the end of)?|before|until|no later than",
    "uk": r"до(?: кінця)?",
    "pl": r"do(?: końca)?|przed",
    "de": r"bis(?: zum| Ende| zum Ende des Jahres)?|vor",
    "fr": r"d['’]ici(?: la fin(?: de)?| à)?|avant",
}
"""Words before the day by which something is due."""
