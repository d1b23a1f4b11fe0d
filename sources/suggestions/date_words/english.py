"""English words for dates."""

import calendar

from sources.suggestions.date_words.vocabulary import DateVocabulary

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_TENS = {word: 10 * number for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_SMALL = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
_EDGE = "(?:end|beginning|start|middle) of"

ENGLISH = DateVocabulary(
    months=_MONTHS,
    short_months={name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9},
    weekdays={name.lower(): number for number, name in enumerate(calendar.day_name)},
    short_weekdays={"mon": 0, "tue": 1, "tues": 1, "wed": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4, "sat": 5, "sun": 6},
    names_are_capitalised=True,
    weekday_part="(?: (?:morning|afternoon|evening|night))?",
    month_first=True,
    months_with_count="in|during",
    day_suffix="(?:st|nd|rd|th)?",
    day_article="the",
    before_month="(?:of )?",
    not_a_day=r"(?:%|per\s?cent|million|billion|thousand)",
    since="since",
    range_to="to|through|until|till",
    range_and="and",
    between="between(?: the)?",
    week_of="weeks?(?: (?:of|beginning|commencing|starting|ending|from))(?: on)?(?: the)?",
    year_head="(?:of )?",
    years_beside=(("(?:of )?last year", -1), ("(?:of )?this year", 0), ("(?:of )?next year", 1)),
    certain_before_year=(
        r"(?:in|since|by|until|till|from|during|before|after|of|through|throughout|to|between|and|or|for|early|late|year|around|"
        r"than|the|our|its|their|this|back|as)(?: the)?"
    ),
    number_before=(
        r"resolutions?|orders?|articles?|sections?|flight|room|no\.|number|act|law|model|boeing|route|agenda|vision|plan|page|code|"
        r"percent|of about|some|nearly|than|least|up to|AD|doc|document|docket|case|report|bill|version|regulation"
    ),
    fiscal="(?:fiscal (?:years? )?|(?:financial|budget) years? |FY\\s?)",
    year_part="(?:early|late|mid)(?: in |-| )",
    seasons="spring|summer|fall|autumn|winter",
    part_of_year="(?:first|second|third|fourth|last) (?:quarter|half)|Q[1-4]|H[12]",
    days=(
        ("the day before yesterday", -2),
        ("the day after tomorrow", 2),
        ("yesterday", -1),
        ("tomorrow", 1),
        ("(?:(?:earlier|later) )?today", 0),
        ("tonight", 0),
        ("this (?:morning|afternoon|evening)", 0),
    ),
    no_day_before=(
        "(?:days?|weeks?|months?|years?|hours?) (?:from|after|before|since|ago)|(?:leaders?|world|generations?|"
        "wars?|jobs|challenges"
        "|threats?|weapons|technolog(?:y|ies)|forces?|arm(?:y|ies)) (?:of|for)|a better"
    ),
    no_day_after=(
        " and in the future| and tomorrow|['’]s (?:world|threats?|challenges|leaders?|generations?|wars?|"
        "realit(?:y|ies)|"
        "environment|Russia|Ukraine|Europe|society|youth|children|technolog(?:y|ies)|battlefields?)| (?:show|"
        "programme|program)\\b"
        "| more than ever"
    ),
    today_needs_tense=False,
    period_lead=f"(?:(?:earlier|later|early|late)(?: on)?(?: in)?|(?:(?:the|at) )?{_EDGE})",
    weeks=(("last week(?:end)?", -1), ("this(?: coming)? week(?:end)?", 0), ("next week(?:end)?", 1), ("later in the week", 0)),
    year_months=(
        ("last month", -1),
        ("this(?: coming)? month", 0),
        ("next month", 1),
        (f"(?:(?:earlier|later|early|late)(?: on)? in|(?:(?:the|at) )?{_EDGE}) the month", 0),
    ),
    years=(
        ("last year", -1),
        ("this(?: coming)? year", 0),
        ("next year", 1),
        ("this (?:spring|summer|autumn|fall)", 0),
        (f"(?:(?:earlier|later|early|late)(?: on)? in|(?:(?:the|at) )?{_EDGE}) the year", 0),
    ),
    no_period_before="(?:the|a|every|his|her|their|its|my|our|your|before|after)",
    no_period_after=" but one\\b| of (?:his|her|their|its|the|my|our)\\b|-",
    year_end="(?:by|before|until) (?P<words>year(?:['’]s |-)end)\\b",
    ago_after="ago",
    ago_roughly="about|around|nearly|almost|roughly|over|more than|some|just over|just under",
    ago_units=(("days?", "day"), ("weeks?", "week"), ("months?", "month"), ("years?", "year"), ("decades?", "decade")),
    numbers={word: number for number, word in enumerate(_SMALL, 1)} | _TENS | {"a": 1, "an": 1, "a couple of": 2},
    months_after=(
        f"in|since|by|until|from|during|before|after|through|of|to|early|late|mid|the|a|(?:by the )?{_EDGE}|and|between|for|that|"
        "earlier in|later in"
    ),
    months_stepped=(("last|this past", -1), ("next|this coming", 1), ("this", 0)),
    words_as_well=frozenset(("may", "march")),
    unsure_month_after="(?:the|a|to|and|of|that|for)",
    night_before="overnight (?:into|to)|night (?:into|to)",
    weekdays_stepped=(("last|this past", -1), ("next|coming|this coming", 1), ("this", 0)),
    no_weekday_before=(
        "weeks? on|Black|Good|Bloody|Super|Easter|Holy|Ash|Cyber|Palm|Giving|Mr\\.|Mrs\\.|Ms\\.|Sheer|every|each|any|a|an|most"
    ),
    no_weekday_after=(
        " (?:week|Times|Telegraph|Mail|Mirror|Express|Post|Herald|Service|prayers?|School|school|mass|Mass|roast|"
        "Night|nights|Islands?)"
        "\\b"
    ),
    limit_before="by|until|till|before|no later than",
    tense_is_needed=False,
    past=r"said|told|announced|was|were|had|has|have|did|\w{3,}ed",
    future=("will|would|upcoming|scheduled|due|expected|set to|(?:is|are) to|plans? to|planned|slated|shall"),
    done=(
        r"was|were|(?<!\bbe\s)(?:signed|agreed|launched|started|ended|passed|approved|adopted|elected|joined|visited|attacked|invaded|killed|"
        "died|destroyed|damaged|delivered|received|began|held|met|took|gave|won|went|left|sent|struck|broke|fought|opened|closed)"
    ),
    to_come="will|due|scheduled|expected|planned|set to",
    updated="(?:last )?updated?|published|posted",
)
