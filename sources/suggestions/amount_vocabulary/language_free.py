"""What needs no language: scales that mean one number wherever they are understood, and words that may be scales elsewhere."""

SCALES = {
    **dict.fromkeys(
        "million millions millionen mio mln млн milion miliony milionów мільйон мільйона мільйони мільйонів".split(), 10**6
    ),
    **dict.fromkeys("milliard milliards milliarder milliarde milliarden mrd mld miliard miliardy miliardów".split(), 10**9),
    **dict.fromkeys("млрд мільярд мільярда мільярди мільярдів".split(), 10**9),
    **dict.fromkeys("тис тисяч тисячі tys tysięcy tysiące tsd".split(), 10**3),
    **dict.fromkeys(("трлн", "трильйон", "трильйона", "трильйони", "трильйонів"), 10**12),
}
"""Scales that the five languages read alike, wherever they stand. Billion, bilion and trillion are not among them."""

ABBREVIATIONS = frozenset("mio mln млн mrd mld mrds mlds млрд трлн тис tys tsd bn mn bln bio mill md mds tn trn mia trln".split())
"""Scales after which a full stop may stand."""

FOREIGN_SCALE = (
    r"(?!mili[tce]|milli?[mgl][ie]|millionn?[aä]i?r|millia\w+[aä]i?r|мілі[тцмг]|мільйонер|мільярдер)"
    r"(?:mil(?:l|l?[hijyoëõ]\w*|y[ao]\w*|h\w{2}|es|la|ion\w*|liún|un)?|mrd|mld|mlrd|mlr|mln|mio|mia|mii|mij[eë]|md|mds|mn|bn|bln|bil+[hijy]\w+|"
    r"tri?l+[ijy]\w+|trln?|tn|tus(?:en|ind)\w*|tūkst\w*|tuh\w{2,}|ti?s[ií]c\w*|tisoč\w*|tisu[cć]\w*|tis|tys\w*|tsd|tausend\w*|duiz\w+|"
    r"þús\w*|hilj\w*|ezer\w*|bin|riv|ribu|juta|nghìn|triệu|tỷ|elfu|thous\w+|hund(?:re|ert|ra)\w*|milj\w+|lakhs?|lacs?|crores?|dozens?|k|m|b|t|т|к|м|"
    r"хиляд\w+|тисяч\w*|тис|тыс\w*|мільйон\w*|мільярд\w*|милл?[иь]\w+|мил[јі]\w+|млн|млрд|трлн|трил\w+|більйон\w*|миља\w+|"
    r"χιλ\w+|εκατ\w*|δισ\w*|τρισ\w*)"
)
"""Pattern of words that multiply a number in some language. Where they are not understood, the number before is not."""

OTHER_CURRENCY = r"pesos?|peso|reais|real|soles|bol[ií]var\w*|boliviano\w*|lempiras?|quetzal\w*|c[oó]rdobas?|песо|реалів|патак\w*|pataca\w*|dongs?|rands?"
"""Money for which a sign of dollars stands, too."""

MODELS = (
    r"leopard\w*|леопард\w*|abrams\w*|абрамс\w*|patriot\w*|challenger|marder|gepard|boeing\w*|боїнг\w*|airbus|mirage|gripen|rafale|iskander\w*|"
    r"іскандер\w*|kalibr|калібр|shahed|шахед\w*|bayraktar|байрактар\w*|iris|storm|scalp|bradley|stryker|cv|windows|iphone|apollo|formula|"
    r"himars|nasams|mark|mk|pac|mach|block|boxer|puma|fennek|mars|javelin|stinger|starlink|covid|artemis"
)
"""Things whose names end in a number."""
