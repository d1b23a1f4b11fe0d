"""Polish words of amounts."""

from decimal import Decimal

from entities.vocabulary import Qualifier
from sources.suggestions.amount_vocabulary.entries import (
    WORD_GAP,
    AmountVocabulary,
    NounVocabulary,
    NumberVocabulary,
    names_below_hundred,
    words_by_value,
)
from sources.suggestions.amount_vocabulary.language_free import SCALES

_SCALE_FORMS = {
    "tysiąc tysiąca tysiące tysięcy tysiącom tysiącami tysiącach tysiącem tys": 10**3,
    "milion miliona miliony milionów milionom milionami milionach milionem mln": 10**6,
    "miliard miliarda miliardy miliardów miliardom miliardami miliardach miliardem mld": 10**9,
    "bilion biliona biliony bilionów bilionom bilionami bilionach bln": 10**12,
}
_MANY = "dziesiątki|dziesiątek|setki|setek|tysiące|tysięcy|miliony|milionów|miliardy|miliardów|biliony|bilionów"
_SEVERAL = "kilka|kilku|kilkanaście|kilkunastu|kilkadziesiąt|kilkudziesięciu|kilkaset|kilkuset|parę|paru|paręset|wiele|wielu"
_BILLIONS = "tysiące|tysięcy|miliony|milionów|miliardy|miliardów|biliony|bilionów"

NUMBERS = NumberVocabulary(
    decimal_mark=",",
    names=names_below_hundred(
        words_by_value(
            "jeden jedna jedno jednego jednej jednym jedną;dwa dwie dwaj dwóch dwu dwom dwoma dwiema dwoje;trzy trzej trzech trzem trzema troje;"
            "cztery czterej czterech czterem czterema czworo;pięć pięciu pięcioma pięcioro;sześć sześciu sześcioma;siedem siedmiu siedmioma;"
            "osiem ośmiu ośmioma;dziewięć dziewięciu dziewięcioma"
        ),
        words_by_value(
            "dziesięć dziesięciu dziesięcioma;jedenaście jedenastu;dwanaście dwunastu;trzynaście trzynastu;czternaście czternastu;"
            "piętnaście piętnastu;szesnaście szesnastu;siedemnaście siedemnastu;osiemnaście osiemnastu;dziewiętnaście dziewiętnastu",
            first=10,
        ),
        words_by_value(
            "dwadzieścia dwudziestu;trzydzieści trzydziestu;czterdzieści czterdziestu;pięćdziesiąt pięćdziesięciu;"
            "sześćdziesiąt sześćdziesięciu;siedemdziesiąt siedemdziesięciu;osiemdziesiąt osiemdziesięciu;dziewięćdziesiąt dziewięćdziesięciu",
            step=10,
            first=20,
        ),
    ),
    hundreds=words_by_value(
        "sto stu;dwieście dwustu;trzysta trzystu;czterysta czterystu;pięćset pięciuset;sześćset sześciuset;siedemset siedmiuset;"
        "osiemset ośmiuset;dziewięćset dziewięciuset",
        step=100,
        first=100,
    ),
    scales=SCALES | {word: value for forms, value in _SCALE_FORMS.items() for word in forms.split()},
    money_scales={"M": 10**6, "k": 10**3},
    bare_scales=frozenset(("tysiąc", "milion", "miliard")),
    limited_scales=frozenset(("tysiąca", "miliona", "miliarda", "biliona")),
    shares={
        ("pół",): Decimal("0.5"), ("półtora",): Decimal("1.5"), ("półtorej",): Decimal("1.5"), ("ćwierć",): Decimal("0.25"),
    },
    attached_shares={"pół": Decimal("0.5"), "ćwierć": Decimal("0.25")},
    and_half=frozenset((("i", "pół"),)),
    point_words=frozenset(("przecinek", "cała", "całe", "całych", "koma")),
    open_number=(
        rf"(?:{_SEVERAL}){WORD_GAP}(?:{_BILLIONS})\b(?:{WORD_GAP}(?:{_BILLIONS})\b)?|(?:{_MANY})\b(?:{WORD_GAP}(?:{_BILLIONS})\b)?"
    ),
)  # fmt: skip

_PERSONS = (
    r"żołnierz\w*|os[óo]b(?:y|om|ami|ach)?|ludzi(?:e|om|ach)?|ludźmi|cywil(?:ów|e|i|om|ami)|uchodźc\w*|oficer\w*|podoficer\w*|dzieci(?:om|ach)?|"
    r"dziećmi|kobiet[yam]*|mężczyzn[iyao]*|mieszka(?:ńc|nk|nek)\w*|obywatel\w*|pracowni[kc]\w*|ochotni[kc]\w*|wolontariusz\w*|lekarz\w*|lekark\w+|"
    r"pielęgniar\w+|nauczyciel\w*|studen[tc]\w*|uczni\w+|uczennic\w*|instruktor\w*|pilo[tc]\w*|marynarz\w*|lotni[kc](?:ów|y|om|ami)|policjan[tc]\w*|"
    r"straża[kc]\w*|ratowni[kc]\w*|funkcjonariusz\w*|jeńc\w*|jeniec|zakładni[kc]\w*|rekru[tc]\w*|rezerwi(?:st|śc)\w*|najemni[kc]\w*|bojowni[kc]\w*|"
    r"dziennikarz\w*|pos(?:łów|łowie|łom|łami)|senator(?:ów|owie)|ministr\w+|eksper[tc](?:ów|i|om|ami)|specjali(?:st|śc)\w*|inżynier\w*|ukrai(?:ńc|nek|nk)\w*|"
    r"rosjan\w*|pola(?:k|c)\w*|polek|niemc\w*|amerykan\w*|francuz\w*|brytyjczy\w+|ofiar[yom]*|pacjen[tc]\w*|weteran\w*|uczestni[kc]\w*|migran[tc]\w*|"
    r"emery[tc]\w*|kade[tc]\w*|kierowc\w+|medy[kc](?:ów|y|om|ami)|saper\w+|technik(?:ów|om|ami)|technicy|dyploma[tc]\w*|wyborc\w+|rolni[kc](?:ów|y|om|ami)|"
    r"więźni\w+|demonstran[tc]\w*|tury(?:st|śc)\w*|pasażer\w+|generał(?:ów|owie)|dowódc\w+|snajper\w*|doradc\w+|szkoleniowc\w+|partyzan[tc]\w*|"
    r"terrory(?:st|śc)\w*|przesiedleńc\w+|rodziców|rodzice|pogranicznik\w+|strzelc(?:ów|y)|czołgi(?:st|śc)\w*|artylerzy(?:st|śc)\w*|delega[tc]\w*|"
    r"przedsiębiorc\w+|cudzoziemc\w+|obcokrajowc\w+|imigran[tc]\w*|emigran[tc]\w*|czeczen(?:ów|i|om|ami)|czech(?:ów|om)|czesi|słowa(?:ków|cy)|"
    r"norwe(?:gów|dzy|gom)|szwed(?:ów|zi|om)|fin(?:ów|owie)|duńczy\w+|holendr(?:ów|zy)|belg(?:ów|owie)|włoch(?:ów|om)|włosi|hiszpan(?:ów|ie|om)|grek(?:ów|om)|grecy|"
    r"tur(?:ków|cy|kom)|węgr(?:ów|zy|om)|rumun(?:ów|i|om)|serb(?:ów|owie)|litwin(?:ów|i|om)|łotysz\w*|estończy\w+|białorusin(?:ów|i|om)|gruzin(?:ów|i|om)|"
    r"mołdawian\w*|japończy\w+|chińczy\w+|koreańczy\w+|irańczy\w+|irakijczy\w+|syryjczy\w+|afgańczy\w+|palestyńczy\w+|izraelczy\w+|libijczy\w+|egipcjan\w*|"
    r"kanadyjczy\w+|australijczy\w+|europejczy\w+|kurd(?:ów|owie)|arab(?:ów|owie)|żyd(?:ów|zi|om)|muzułmanów|muzułmanie|chrześcijan\w*|katolik(?:ów|om)|meksykan(?:ów|ie)|"
    r"programi(?:st|śc)\w*|sportowc\w+|trener(?:ów|zy)|prezydentów|premier(?:ów|zy)|ambasador(?:ów|owie)|prokurator(?:ów|zy)|"
    r"deputowanych|podejrzanych|oskarżonych|europosł(?:ów|owie)|radn(?:ych|i)|maturzyst\w*|kombatan[tc]\w*|powstańc\w+|świadk(?:ów|owie)|"
    r"kandydat(?:ów|om|ami)|kandydaci|podróżnych|strajkujących|sierot(?:y|om)?|niemowl\w+|nastolat\w+|internowanych|"
    r"górni[kc](?:ów|y)|robotni[kc]\w*|urzędni[kc]\w*|sędzi(?:ów|owie)|prawni[kc]\w*|naukowc\w+|gości|goście|chłopc\w+|dziewcz\w+|młodzieży|widz(?:ów|owie)|"
    r"spadochroniarz\w*|komandos\w*|dezerter\w*|szpieg(?:ów|owie)|aktywi(?:st|śc)\w*"
)
_PERSON_ADJECTIVES = (
    r"(?:rann|zabit|poległ|zmarł|cywiln|wojskow|poszkodowan|zaginion|więzion|ewakuowan|wysiedlon|zatrudnion|bezdomn|bezrobotn|niepełnosprawn|"
    r"poborow|szeregow|dorosł|młod|chor|powołan|przeszkolon|zatrzyman|aresztowan|ocalał|protestując)(?:ych|i|ymi|y)"
)
_NEVER = (
    r"dni|dzień|dnia|dniom|dniach|dniami|godzin\w*|minut\w*|sekund\w*|tygodni\w*|tygodnie|miesi\w+|rok\w*|lat|lata|latach|latami|lecie|stuleci\w*|wiek\w*|razy|raz|"
    r"kilometr\w*|km|metr\w*|centymetr\w*|milimetr\w*|mil|mile|stopni\w*|procent\w*|proc|punkt\w*|pkt|stycznia|lutego|marca|"
    r"kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia|trzecie|trzecich|czwarte|czwartych|piąte|piątych|dziesiąte|"
    r"dziesiątych|przecinek|groszy|cent\w*|promil\w*|tuzin\w*|"
    r"tysi\w+|milion\w*|miliard\w*|bilion\w*|setek|setki|pół|połow\w+|ćwierć|ćwierci|nocy|noce|kwarta\w+|dekad\w*|poniedział\w+|wtork\w+|śród|"
    r"czwartk\w+|piątk\w+|sobót|niedziel\w*|megawat\w*|gigawat\w*|kilowat\w*|wat\w*|stóp|cali|dób|r|roku|części"
)
_MONEY = (
    r"dolar\w*|dol|euro|frank\w*|funt\w*|koron\w*|rubl\w*|jen(?:y|a|ów)?|juan\w*|rupi\w*|złot\w*|hrywien|hrywn\w*|lir[yęa]?|forint\w*|won(?:y|ów)?|"
    r"szekl\w*|dinar\w*|peso|real(?:i|e|ów)|lew(?:y|ów|a)?|lej(?:e|ów)?|manat\w*|tenge|dirham\w*"
)
_NO_NOUN = (
    r"\w{1,2}|\w*[qvx]\w*|\w+(?:ej|ego|emu)|\w*(?:e|[bcdfghjklmnprtwz])s|oraz|lub|albo|czyli|ale|lecz|więc|zatem|jednak|także|również|tylko|jeszcze|już|teraz|dzisiaj|dziś|jutro|wczoraj|tam|tutaj|tu|"
    r"razem|łącznie|ogółem|przez|przed|pod|nad|dla|bez|przy|między|pomiędzy|wśród|spośród|podczas|według|wobec|dzięki|około|ponad|poza|"
    r"około|prawie|niemal|blisko|jako|jak|niż|że|żeby|aby|gdy|kiedy|gdzie|który\w*|która|które|których|którzy|którym|tych|tym|tego|tej|"
    r"ich|jego|jej|nich|nas|nam|wam|mu|jest|są|był\w*|będ\w+|może|mogą|można|więcej|mniej|wszystkich|wszystkie|inne|innych|sztuk temu|temu|"
    r"później|wcześniej|rocznie|dziennie|miesięcznie|średnio|osobno|naraz|obecnie|nadal|ciągle|wciąż|zarówno|plus|minus|nie|się|"
    r"\w+(?:ło|ła|ły|ano|ono|eto|ęto|yto|yć|ać|eć|ić|uje|ują|ają|iły|yły|ały)|został\w*|zostan\w+|mają|miał\w*|zginę\w+|każd\w+|za|w|z|na|o"
)

_CHANGES = "wzr[oó]s|rosn|rośn|zwiększ|podn[ioe]|podwyższ|spad|zmniejsz|obniż|zreduk|skoczy"

VOCABULARY = AmountVocabulary(
    language="pl",
    numbers=NUMBERS,
    nouns=NounVocabulary(
        persons=rf"(?:{_PERSONS})",
        person_adjectives=_PERSON_ADJECTIVES,
        adjectives=r"\w+(?:ych|ich|[sc]kie|owe|wsze|jne|lne|tne|rne|zne|nne|wne|dne|pne|ane|one|ęte|nowe|duże|małe|stare|inne|kolejne|ymi|imi|[sc]cy|owi|ni)",
        never_counted=rf"(?:{_NEVER})",
        money=rf"(?:{_MONEY})",
        no_noun=rf"(?:{_NO_NOUN})",
        surely_nouns=r"\w+(?:ów|cji|ek|ami|ników|arzy|eli|arni|owni|elni)|(?:wyrzutni|wyrzutnie|rakiet|haubic|dronów|ton|sztuk|min|armat|dział|maszyn|firm|państw|krajów|miast|szkół)",
        after_five=r".*(?:[bcćdfghjklłmnńprsśtwzźż]|i|(?:rz|cz|sz|ż|c)y)",
        numbered=r"(?:brygad|eskadr|flotyll|grup)(?:a|y|zie|ę|ą)|(?:dywizj|armi|kompani)(?:a|i|e|ę|ą)|(?:batalion|pułk|korpus|pluton|oddział)(?:u|em|owi)?",
        measures=(
            r"(?i:(?:kilo|mega)?ton(?:y|a|ę|ami)?\b|hektar(?:ów|y|a|ami)?\b|ha\b|litr(?:ów|y|a|ami)?\b|bary(?:łek|łki)\b|kilogram(?:ów|y|a)?\b|"
            r"metr(?:ów|y|a) sześcienn(?:ych|e|ego)\b|m sześc\.)"
        ),
        joined_noun=r"\s+(?:i|oraz|lub|albo)\s+(?:\w+(?:ych|ich)\s+)?(?:\w*(?:ów|cji|ek)|rakiet|haubic|dział|armat|min|ton|maszyn)\b",
        strong=r"[-‐‑]osobow(?:y|a|e|ego|ej|ym|ą|emu)\b",
    ),
    qualifiers={
        Qualifier.EXACTLY: "dokładnie|równo|równe",
        Qualifier.UP_TO: r"do|aż do|(?:co )?najwyżej|maksymalnie|maksimum|maks\.|nie więcej niż|mniej niż|poniżej|nawet do",
        Qualifier.AT_LEAST: r"co najmniej|przynajmniej|minimum|min\.|minimalnie|nie mniej niż|conajmniej",
        Qualifier.MORE_THAN: "(?:(?:znacznie|dużo|nieco) )?ponad|(?:(?:znacznie|dużo|nieco) )?więcej niż|powyżej|przeszło|z górą",
        Qualifier.NEARLY: "prawie|niemal|niemalże|blisko|bez mała|niespełna|nieomal",
        Qualifier.ABOUT: r"około|ok\.|mniej więcej|w przybliżeniu|jakieś|jakichś|szacunkowo|rzędu|circa|ca|ca\.|z grubsza",
    },
    between_qualifier_and_number="dodatkowe|dodatkowych|kolejne|kolejnych|łącznie",
    qualifiers_after={
        Qualifier.AT_LEAST: rf"{WORD_GAP}(?:lub|albo|i|czy){WORD_GAP}więcej\b(?!{WORD_GAP}niż)",
        Qualifier.UP_TO: rf"{WORD_GAP}(?:lub|albo|i){WORD_GAP}mniej\b(?!{WORD_GAP}niż)",
    },
    late_qualifiers=(
        r"(?:lub|albo|i|czy|jeśli nie|może)(?: nawet)? (?:więcej|mniej)\b(?! niż)|mniej więcej|w przybliżeniu|"
        r"(?<!i )(?<!oraz )(?:co (?:najmniej|najwyżej)|przynajmniej|maksymalnie|szacunkowo)"
    ),
    ambiguous_qualifiers="do|aż do|nawet do",
    prepositions_in=(
        r"(?i:\b(?:wzr[oó]s|rosn|rośn|zwiększ|podn[ioe]|podwyższ|spad|zmniejsz|ogranicz|obniż|zreduk|reduk|skoczy|powiększ|wysł(?!anni[kc])|wysył|dołącz|"
        r"zwróc|dotar|dociera|trafi|należ|jech|pojech|przyby|wróc|dostarcz|dosz|doszł|list\w*|apel|skierow|adres|rozszerz|skróc|wydłuż|"
        r"dostęp|prawo|praw|droga|podróż|wjazd|eksport)\w*\s[^.;:]*$|\b(?:z|ze|od)\s+\d[^.;:]*$)"
    ),
    negation=r"\b(?:nie|ani)\s+$",
    share_words="z|ze|na",
    share_counts=frozenset(("jeden", "jedna", "jedno", "co")),
    multiples=(
        r"dwukrotnie|trzykrotnie|dwa razy|(?:połow\w+|jedn\w+ (?:trzeci\w+|czwart\w+)|dwie trzecie|trzy czwarte) (?:z|ze)|połow\w+|"
        r"(?:dwa razy|dwukrotnie) (?:więcej|mniej) niż|podwójn\w+"
    ),
    times="razy",
    range_words="lub|albo",
    opened_ranges=(
        (r"(?i:\bod\s+$)", "do"),
        (r"(?i:\b(?:po)?między\s+$)", "a|i"),
        (r"(?i:\bpo?między\s+$)", "a"),
    ),
    change=rf"(?i:\b(?:{_CHANGES})\w*\b[^.;]*\b(?:z|ze|od)\s+$)",
    percent_change=r"(?i:\b(?:z|ze)\s+$)",
    change_to="do",
    change_target=(
        rf"(?i:\b(?:{_CHANGES})\w*\s(?:[^.;:,]|[.,]\d)*\bdo\s+$|\b(?:z|ze)\s+\d[\d.,]*\s?(?:%|procent\w*|proc\.?)?\s+do\s+$)"
    ),
    currencies={
        "EUR": r"euro|eur",
        "PLN": r"zł|złot(?:ych|e|y|ego|ym|ymi)|złotówek",
        "CHF": r"frank\w* szwajcarsk\w+|frank(?:ów|i)(?! (?:CFA|\w+(?:skich|ckich)))",
        "GBP": r"funt\w* (?:szterling\w*|brytyjsk\w+)",
        "SEK": r"koron\w* szwedzk\w+|kronor",
        "NOK": r"koron\w* norwesk\w+",
        "DKK": r"koron\w* duńsk\w+",
        "ISK": r"koron\w* islandzk\w+",
        "CZK": r"koron\w* czesk\w+",
        "UAH": r"hrywien|hrywn(?:y|i|a|ę|ami)",
        "RUB": r"rubl(?:i|e|a|ami)(?: rosyjski\w+)?(?! \w*białorus\w+)",
        "JPY": r"jen(?:ów|y|a)?",
        "CNY": r"juan(?:ów|y|a)?",
        "TRY": r"lir[y]? tureck\w+",
        "HUF": r"forint(?:ów|y|a)?",
        "INR": r"rupii indyjskich",
        "KRW": r"won(?:ów|y) południowokoreański\w+",
        "ILS": r"szekli",
        "CAD": r"(?:dolar\w*|dol\.) kanadyjsk\w+",
        "AUD": r"(?:dolar\w*|dol\.) australijsk\w+",
        "NZD": r"(?:dolar\w*|dol\.) nowozelandzk\w+",
        "HKD": r"(?:dolar\w*|dol\.) hongko[ńn]gsk\w+",
        "SGD": r"(?:dolar\w*|dol\.) singapursk\w+",
        "TWD": r"(?:dolar\w*|dol\.) tajwańsk\w+",
        "USD": r"(?:dolar(?:ów|y|a|ami|om|ach)?|dol\.|dol(?!\.))(?: amerykańsk\w+| USA)?(?! \w+(?:ski|skiego|skich|skie|ckich)\b)",
    },
    percent=r"procent(?:y|a|ów|om|ami|ach)?|proc\.|proc",
    percentage_points=r"punkt(?:y|u|ów|em|ami)? procentow(?:e|ych|ego|y|ymi)|pkt\.? proc\.?|p\. ?proc\.|p\.\s?p\.|pp\.",
    product=rf"{WORD_GAP}(?:(?:swojego|jego|jej|ich|polskiego|rocznego){WORD_GAP})?(?:PKB|produktu{WORD_GAP}krajowego{WORD_GAP}brutto)\b",
    months="stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia|"
    "styczeń|luty|marzec|kwiecień|czerwiec|lipiec|sierpień|wrzesień|październik|listopad|grudzień",
    labels=(
        r"[Aa]rtyku[łl]\w*|[Aa]rt\.|[Uu]st\.|[Rr]ozdzia\w+|[Ss]tron\w*|[Ss]tr\.|[Nn]r\.?|[Nn]umer\w*|[Ff]az\w+|[Rr]ezolucj\w+|[Pp]unk\w*|[Pp]kt\.?|§|"
        r"[Gg]rup\w+|[Ee]tap\w*|[Dd]zień|[Rr]und\w+|[Kk]las\w+|[Zz]ałącznik\w*|[Cc]zęś\w+|[Tt]abel\w+|[Tt]yp\w*|[Ww]ersj\w+|[Ss]tref\w+|[Ll]ini\w+|"
        r"[Ss]al\w+|[Pp]oziom\w*|[Tt]el\.|[Tt]elefon\w*|[Bb]rygad\w+|[Uu]staw\w+|[Dd]yrektyw\w+|[Dd]ekret\w*|[Mm]odel\w*|[Rr]eaktor\w*|[Bb]lok\w*|G|[Aa]genda"
    ),
    year_words=r"w|od|do|roku|rok|po|przed|za",
)
