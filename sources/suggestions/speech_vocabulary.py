"""Vocabulary of reported speech: verbs of speech, and the words that come between them and their subjects."""

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
    implored implores emailed e-mailed texted messaged hollered barked bellowed roared shrieked sobbed groaned grumbled
    indicated indicates
    moaned gushed marvelled marveled bragged crowed bristled sneered jeered taunted gloated volunteered interrupted
    chanted counselled counseled advised advises reminded reminds assured assures wondered wonders blogged penned
    scrawled scribbled cabled narrated chided scolded admonished rebuked griped groused intoned blurted stammered
    whimpered exhorted entreated summarised summarized surmised reckoned reckons feared fears worried worries hoped
    theorised theorized confessed confesses confided recites recited expounded relayed relays tells petitioned
    appealed appeals raged seethed ranted railed rasped croaked gasped cheered wailed yelped howled
""".split()

_WITH_PARTICLE = [
    f"{verb} {particle}"
    for verbs, particle in (
        ("shot shoots hit hits fired fires wrote writes bit pushed pushes snapped", "back"),
        ("chimed chimes weighed weighs", "in"),
        ("piped spoke speaks summed sums", "up"),
        ("blurted cried called burst spoke speaks", "out"),
        ("went goes", "on"),
    )
    for verb in verbs.split()
]

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
WEAK_SPEECH_VERBS = frozenset(
    """
    agreed agrees made makes put puts pointed points declined declines refused believed believes thinks thought identified
    wished hoped hopes feared fears worried worries read reads considered considers deemed expressed expresses
    """.split()
)
"""Verbs of which the subject need not speak."""

REPORTING_VERBS = frozenset(
    """
    said says told tells added adds noted notes stressed stresses wrote writes tweeted tweets posted warned warns insisted
    insists explained explains recalled recalls concluded concludes declared declares argued argues claimed claims admitted
    admits acknowledged acknowledges replied replies responded remarked stated states announced announces emphasised
    emphasized emphasises emphasizes underlined underlines underscored underscores reiterated reiterates cautioned cautions
    maintained maintains asserted asserts affirmed affirms confirmed confirms contended contends conceded concedes alleged
    alleges reported reports revealed reveals disclosed testified suggested suggests reaffirmed reaffirms pointed points
    clarified clarifies predicted predicts reminded reminds assured assures indicated indicates
    """.split()
)
"""Verbs whose clause is what their subject said. Those of promising, asking, judging and believing are not among them."""

NOUNS_OR_VERBS = frozenset("notes states claims reports posts points".split())
"""Forms that may as well be nouns: member states."""

_LONGEST_FIRST = sorted({*_SAYING, *_WITH_PARTICLE, *_CALLING, *SPEECH_PARTICIPLES}, key=len, reverse=True)
SPEECH_VERB = re.compile(rf"(?<![\w’'-])(?=[Sa-z])(?P<verb>Said|{'|'.join(_LONGEST_FIRST)})(?![\w’'-])")

_ADVERB = r"(?:\w+ly|also|then|later|once|again|now|further|in\s+turn|has|had|have|further|so)"
_INVERTIBLE = _WITH_PARTICLE + [
    word for word in _SAYING if word not in ("told", "tells", "quoted", "cited", "put", "puts", "made", "makes")
]
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

OCCASION_VERB = re.compile(
    rf"(?:,[^,.;]{{1,80}},)?\s+(?:(?:{SUBJECT_VERB_FILLERS})\s+)*(?:{'|'.join(_LONGEST_FIRST)}|met|addressed|appeared|briefed|visited|"
    r"arrived|attended|held|hosted|gave|delivered|signed|unveiled|opened|toured|received|sat|stood|travell?ed|presented|launched|"
    r"took\s+questions|took\s+part|joined|defended)\b"
)
"""What somebody does on an occasion at which words are said, right after the name."""
