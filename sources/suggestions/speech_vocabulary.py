"""Vocabulary of reported speech: verbs of speech, titles, and nouns for those who can be quoted."""

import re

_SAYING = """
    said says say told tells added adds noted notes stressed stresses wrote writes tweeted tweets posted posts warned
    warns insisted insists vowed vows explained explains continued continues recalled recalls concluded concludes
    declared declares argued argues claimed claims admitted admits acknowledged acknowledges replied replies responded
    responds answered answers asked asks remarked remarks observed observes commented comments stated states announced
    announces emphasised emphasized emphasises emphasizes underlined underlines underscored underscores reiterated
    reiterates repeated repeats joked jokes quipped cautioned cautions lamented laments complained complains boasted
    boasts pledged pledges promised promises predicted predicts suggested suggests maintained maintains asserted
    asserts affirmed affirms confirmed confirms contended contends conceded concedes countered counters exclaimed
    shouted whispered cried proclaimed alleged alleges reported reports revealed reveals disclosed testified mused
    opined signalled signaled hinted ventured retorted interjected agreed agrees declined declines denied denies urged
    urges demanded read reads reaffirmed reaffirms outlined outlines pointed points identified made makes believes
    threatened threatens clarified clarifies vows swore reflected elaborated elaborates enthused
    snapped sighed laughed muttered murmured shrugged smiled mumbled growled scoffed fumed pleaded begged yelled
    screamed chuckled deadpanned teased remembered remembers recounted recounts reasoned speculated
    believed thinks thought put puts spoke speaks quoted cited sang thundered stipulated
""".split()

_CALLING = """
    called calls described describes branded brands labelled labeled dubbed dubs termed terms hailed hails praised
    praises condemned condemns criticised criticized criticises criticizes slammed slams blasted blasts denounced
    denounces dismissed dismisses rejected rejects welcomed welcomes thanked thanks referred refers characterised
    characterized likened likens compared compares accused accuses expressed expresses voiced voices decried touted
    touts celebrated lauded lauds ridiculed mocked deplored derided vilified saluted commended applauded applauds
    portrayed cast considers considered deemed refused wished
""".split()

_PARTICIPLES = """
    saying telling adding noting stressing writing tweeting posting warning insisting vowing explaining arguing
    claiming declaring asking emphasising emphasizing underlining underscoring reiterating repeating cautioning
    pledging promising predicting suggesting asserting affirming confirming urging demanding calling describing
    branding labelling labeling dubbing terming hailing praising condemning criticising criticizing slamming blasting
    denouncing dismissing rejecting welcoming thanking referring characterising characterizing likening comparing
    accusing expressing voicing citing decrying touting lamenting quoting acknowledging reaffirming outlining stating
    announcing joking
""".split()

_BASES = "say tell add note stress write warn insist explain declare call describe express ask urge promise stop quote".split()

SPEECH_PARTICIPLES = frozenset(_PARTICIPLES) | frozenset(_BASES)
NAMING_VERBS = frozenset(_CALLING)
PASSIVE_SPEECH_VERBS = frozenset(
    """
    called described branded labelled labeled dubbed termed hailed praised condemned criticised criticized
    denounced dismissed rejected welcomed characterised characterized quoted cited told asked urged reported
    said announced portrayed deemed considered referred accused thanked
    """.split()
)

_LONGEST_FIRST = sorted({*_SAYING, *_CALLING, *SPEECH_PARTICIPLES}, key=len, reverse=True)
SPEECH_VERB = re.compile(rf"(?<![\w’'-])(?P<verb>Said|{'|'.join(_LONGEST_FIRST)})(?![\w’'-])")

_ADVERB = r"(?:\w+ly|also|then|later|once|again|now|further|in\s+turn|has|had|have|further|so)"
_INVERTIBLE = [word for word in _SAYING if word not in ("told", "tells", "quoted", "cited", "put", "puts", "made", "makes")]
INVERTED_SPEECH_VERB = re.compile(rf"[\s,.\\*_—–-]*(?:{_ADVERB}\s+)?(?P<verb>{'|'.join(_INVERTIBLE)})\s+(?=\w)")
"""A verb of speech right after a quotation, before its subject."""

_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
SUBJECT_VERB_FILLERS = (
    r"has|have|had|having|already|also|later|then|now|\w+ly|once|again|further|was|is|are|were|been|being|never|not|did|does|do|would|could|"
    r"will|may|might|can|should|often|still|too|even|both|just|long|himself|herself|themselves|itself|earlier|today|yesterday|"
    rf"(?:on|late|early|late\s+on)\s+{_DAY}|{_DAY}|this\s+(?:week|month|year)|last\s+(?:week|month|year)|in\s+turn|"
    r"in\s+a\s+(?:\w+\s+){0,2}(?:statement|tweet|post|interview|speech|letter|video|address|briefing|message)|"
    r"on\s+(?:Twitter|X|Telegram|Facebook|social\s+media)|at\s+(?:the|a)\s+(?:\w+\s+){0,2}(?:briefing|summit|meeting|conference)|"
    r"jointly|instead|first|went\s+on\s+to|goes\s+on\s+to|sought\s+to"
)
"""Words that may come between a subject and its verb."""

ROLE_WORDS = (
    r"former|outgoing|incoming|acting|then|senior|deputy|vice|prime|foreign|defen[cs]e|finance|interior|economy|justice|"
    r"state|national|security|chief|press|public|affairs|political|military|policy|research|top|late|British|fellow|"
    r"(?:vice-)?presidents?|(?:prime-)?ministers?|secretar(?:y|ies)|secretary-general|general|generals|admiral|commander|"
    r"colonel|captain|major|ambassador|envoy|chancellor|premier|senators?|governor|mayor|lawmakers?|"
    r"spokes(?:man|woman|person)|director|head|leader|analyst|professor|economist|historian|adviser|advisor|aide|"
    r"chair(?:man|woman)?|executive|founder|co-founder|editor|author|journalist|correspondent|lawyer|attorney|doctor|"
    r"activist|representative|congress(?:man|woman)|king|queen|pope|judge|officer|soldier|expert|scientist|resident|"
    r"opposition|party|union|council|counterpart|billionaire|tycoon|singer|actor|actress|veteran|host|coach|diplomat|"
    r"legislator|candidate|nominee|ex-\w+|\w+-general"
)
"""Words of a title, in lower case, that come before or within a name."""

SPEAKER_NOUNS = (
    r"officials?|spokes(?:man|woman|person|men|people|persons)|ministr(?:y|ies)|minister|ministers|department|office|"
    r"government|governments|army|military|navy|police|agency|agencies|company|companies|group|groups|party|parties|union|"
    r"council|committee|commission|court|bank|embassy|consulate|administration|cabinet|parliament|alliance|bloc|"
    r"organi[sz]ations?|watchdog|regulator|presidency|president|presidents|premier|chancellor|secretary|leader|leaders|"
    r"lawmakers?|senators?|diplomats?|analysts?|experts?|economists?|researchers?|scientists?|critics|supporters|opponents|"
    r"sources?|people|persons?|person|residents?|witness(?:es)?|soldiers?|officers?|commanders?|generals?|general|admiral|"
    r"ambassador|ambassadors|envoy|aides?|advis[eo]rs?|allies|ally|prosecutors?|investigators?|lawyers?|judge|judges|"
    r"activists?|journalists?|reporters?|authorities|authority|statement|communiqu[eé]|declaration|report|document|"
    r"documents|letter|memo|message|post|tweet|resolution|text|website|newspaper|magazine|broadcaster|man|woman|men|women|"
    r"mother|father|son|daughter|wife|husband|brother|sister|teacher|doctor|professor|historian|author|chairman|chairwoman|"
    r"chair|director|chief|executive|executives|head|founder|editor|institute|think\s+tank|foundation|charity|coalition|"
    r"delegation|team|staff|mayor|governor|king|queen|pope|one|veteran|student|students|voter|voters|protesters?|pilot|"
    r"doctors?|workers?|farmer|farmers|representative|representatives|insiders?|observers?|moderator|interpreter|"
    r"negotiators?|mediators?|guards?|service|forces"
)
"""Nouns, in small letters, of those who can be quoted."""
