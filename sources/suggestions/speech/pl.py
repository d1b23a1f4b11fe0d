"""Polish vocabulary of reported speech. Pure data."""

from sources.suggestions.speech.vocabulary import SpeechVocabulary, words, words_of_gender


def _past_forms(stems: str) -> dict[str, str]:
    """Return the past tense of verbs in -ć given by their stem."""
    return {
        stem + ending: gender
        for stem in stems.split()
        for ending, gender in (("ł", "m"), ("ła", "f"), ("ło", "n"), ("ły", "p"), ("li", "p"))
    }


POLISH = SpeechVocabulary(
    language="pl",
    verbs=_past_forms(
        """
        powiedzia mówi oświadczy stwierdzi doda dodawa zapowiedzia zapowiada podkreśli podkreśla poinformowa informowa zaznaczy
        zaznacza zauważy zauważa wyjaśni wyjaśnia tłumaczy wytłumaczy przyzna przyznawa zapewni zapewnia ocenia oceni uzna
        napisa pisa odpowiedzia odpowiada przekaza przekazywa przypomnia przypomina ostrzeg ogłosi wskaza wskazywa skomentowa
        komentowa podsumowa potwierdzi potwierdza zaapelowa apelowa wezwa obieca twierdzi relacjonowa opowiada przekonywa
        zadeklarowa deklarowa zapyta pyta poda podawa zasugerowa sugerowa krzykną uważa argumentowa kontynuowa zwróci
        podziękowa dziękowa zarzuci zarzuca oskarży oskarża uznawa skrytykowa pochwali chwali wyrazi zażąda żąda
        zacytowa cytowa ujawni akcentowa zaakcentowa wylicza wyliczy sprecyzowa doprecyzowa precyzowa zakomunikowa dopowiedzia
        uspokaja uspokoi zadeklarowa przestrzega przestrzeg napomkną wspomina wspomnia zdradzi zwierzy
        skwitowa kwitowa ironizowa zaprzeczy zaprzecza pochwali wezwa nawoływa zastrzeg zastrzega
        """
    )
    | words_of_gender(
        m="rzekł ostrzegł ostrzegał powiedział odparł wyraził",
        f="rzekła ostrzegła ostrzegała odparła",
        p="ostrzegli powiedzieli zapowiedzieli odpowiedzieli przypomnieli stwierdzili odparli rzekli",
        any="mówi twierdzi dodaje podkreśla zapowiada informuje zaznacza zauważa wyjaśnia tłumaczy przyznaje zapewnia ocenia "
        "uważa pisze odpowiada przekazuje przypomina ostrzega ogłasza wskazuje komentuje potwierdza apeluje wzywa obiecuje "
        "relacjonuje opowiada przekonuje deklaruje pyta podaje sugeruje argumentuje kontynuuje cytuje oświadcza stwierdza",
    )
    | dict.fromkeys("mówią twierdzą dodają podkreślają informują piszą podają uważają oceniają przyznają".split(), "p"),
    handing_verbs=frozenset(_past_forms("przekaza przekazywa poda podawa")) | words("przekazuje podaje podają przekazali podali"),
    calling_verbs=_past_forms("nazwa nazywa określi określa skrytykowa krytykowa potępi opisa opisywa")
    | words_of_gender(any="nazywa określa krytykuje potępia opisuje"),
    gerunds=words(
        "mówiąc dodając podkreślając zaznaczając twierdząc informując pisząc ostrzegając przypominając wskazując "
        "zapowiadając "
        "stwierdzając tłumacząc zapewniając wyjaśniając apelując"
    ),
    calling_gerunds=words("nazywając określając potępiając"),
    impersonal=("czytamy", "napisano", "podkreślono", "stwierdzono", "zaznaczono", "poinformowano", "dodano", "głosi", "brzmi"),
    according=("zdaniem", "według", "w opinii", "w ocenie"),
    own_words={
        "jego zdaniem": "m",
        "jej zdaniem": "f",
        "ich zdaniem": "p",
        "według niego": "m",
        "według niej": "f",
        "w jego ocenie": "m",
        "w jej ocenie": "f",
    },
    relative_pronouns=words("który która którzy"),
    roles=words_of_gender(
        m="prezydent premier wicepremier minister wiceminister szef wiceszef rzecznik ambasador generał gen płk mjr kpt "
        "admirał pułkownik major "
        "dowódca kanclerz sekretarz przewodniczący wiceprzewodniczący prezes wiceprezes dyrektor doradca poseł europoseł "
        "senator "
        "burmistrz wojewoda gubernator ekspert analityk politolog ekonomista dziennikarz historyk profesor prof dr lider "
        "prokurator "
        "rzecznik-prasowy komisarz przedstawiciel marszałek wicemarszałek adwokat sędzia eurodeputowany kandydat naczelnik "
        "przywódca opozycjonista działacz pełnomocnik mecenas inspektor komendant zastępca polityk dyplomata król "
        "papież biskup kardynał arcybiskup ksiądz autor trener lekarz kierownik "
        "eks-premier eksprezydent współzałożyciel założyciel redaktor pisarz reżyser oficer żołnierz świadek",
        f="prezydentka premierka ministra ministerka szefowa wiceszefowa rzeczniczka kanclerka sekretarka przewodnicząca "
        "prezeska "
        "dyrektorka doradczyni posłanka europosłanka senatorka burmistrzyni ekspertka analityczka politolożka ekonomistka "
        "dziennikarka historyczka profesorka liderka prokuratorka komisarka przedstawicielka eurodeputowana kandydatka "
        "zastępczyni polityczka królowa autorka lekarka kierowniczka założycielka redaktorka pisarka reżyserka",
        p="władze działacze opozycjoniści lekarze prawnicy urzędnicy przedstawiciele posłowie eksperci analitycy "
        "dziennikarze wojskowi źródła ministrowie przywódcy politycy "
        "śledczy prokuratorzy świadkowie mieszkańcy sojusznicy związkowcy",
    ),
    bodies=words(
        "irak izrael syria japonia indie włochy hiszpania kanada szwecja węgry litwa białoruś opozycja inspekcja inspektorat "
        "rosja ukraina polska niemcy francja turcja iran chiny moskwa kijów warszawa berlin paryż waszyngton "
        "ministerstwo mon msz mswia resort rząd sejm senat parlament komisja rada agencja urząd sztab prokuratura policja "
        "firma spółka partia ambasada sojusz organizacja bank sąd gazeta dziennik tygodnik portal kancelaria "
        "departament kreml "
        "pentagon pap reuters ap afp służba straż wojsko armia ke onz ue nato stowarzyszenie fundacja związek koncern "
        "telewizja radio instytut"
    ),
    places=words(
        "polski ukrainy usa niemiec francji rosji litwy łotwy estonii szwecji finlandii norwegii danii kanady włoch "
        "hiszpanii rumunii "
        "czech słowacji węgier turcji gruzji mołdawii holandii belgii austrii japonii chin białorusi nato onz ue europy "
        "warszawy "
        "krakowa gdańska wielkiej brytanii stanów zjednoczonych izraela iranu republiki rp ke pe pis po pzu mon msz mswia"
    ),
    epithets={
        "szef msz": "minister",
        "szef mon": "minister",
        "szef dyplomacji": "minister",
        "szef resortu": "minister",
        "szef rządu": "premier",
        "głowa państwa": "prezydent",
    },
    nations=words(
        "polski rosyjski ukraiński niemiecki francuski brytyjski amerykański turecki chiński białoruski czeski słowacki"
    ),
    pronouns=words_of_gender(m="on", f="ona", p="oni one"),
    prepositions=words(
        "w we na do od z ze za o dla po przy przez pod nad przed między bez podczas wobec wśród koło przeciw oprócz "
        "dzięki mimo "
        "zamiast wskutek według u"
    ),
    conjunctions=words(
        "że żeby aby który która które którzy którego której których gdy jeśli jeżeli bo ponieważ gdyż choć chociaż gdzie "
        "czy by iż"
    ),
    and_words=words("i oraz lub a"),
    fillers=words(
        "także też również jeszcze wcześniej potem później następnie wtedy dziś dzisiaj wczoraj jutro jednocześnie "
        "ponadto już "
        "niedawno jednak natomiast z kolei się dalej znów ponownie nie wprost tak tu tam krótko nam dziennikarzom mu jej mi "
        "w we poniedziałek wtorek środę czwartek piątek sobotę niedzielę rano wieczorem po południu stycznia lutego marca "
        "kwietnia maja czerwca lipca sierpnia września października listopada grudnia roku r"
    ),
    tag_openers=words("jak tak"),
    not_names=words(
        "ale a i oraz lub że to ten ta te tego w we na do od z ze za o dla po przy jak tak też także jednocześnie "
        "wcześniej wtedy "
        "potem później następnie dziś dzisiaj wczoraj jutro on ona oni one ono my wy ja ty jego jej ich nasz wasz mój "
        "wszystko "
        "wszyscy każdy jeśli jeżeli gdy kiedy przed pod nad między przez bez jednak natomiast więc zatem ponadto oprócz "
        "dzięki "
        "zgodnie według zdaniem jeszcze już nie choć bo tylko nawet obecnie tu tam gdzie kto dlaczego ile poza mimo podczas "
        "poniedziałek wtorek środa czwartek piątek sobota niedziela styczeń luty marzec kwiecień maj czerwiec lipiec "
        "sierpień "
        "wrzesień październik listopad grudzień taki taka takie inny inna inne jeden jedna jedno dwaj troje zobacz pan "
        "pani panie "
        "ponad około zarzuty tymczasem kolejny kolejna ostatni pierwszy drugi trzeci jesienią latem zimą wiosną"
    ),
    terms=words(
        "tzw zwany zwana zwane zwanego zwanej zwanych projekt projektu program programu operacja operacji operację gazeta "
        "gazety "
        "gazecie dziennik dziennika film filmu powieść książka książki książce książkę ustawa ustawy ustawę partia partii "
        "partię firma firmy "
        "spółka spółki ruch ruchu akcja akcji akcję kampania kampanii kampanię aplikacja aplikacji aplikację hasłem "
        "określenie słowo pojęcie nazwą pseudonimem tytułem statek okręt zespół batalion brygada"
    ),
    title_openers=words("o"),
    abbreviations=words("ul tzw np dr prof gen płk mjr kpt por inż mgr im św ks bp abp r rtm hab tj red pt tys mln mld"),
    case_endings=words("a y i u ę ą o e ie em iem owi om ami ach ów ii ią ego emu ej ym"),
    complement_endings=("y", "i", "u", "a", "ów", "ych", "ich", "ego", "ej", "ia", "ii"),
    oblique_endings=("ego", "emu", "iej", "ej", "ą", "ę", "owi", "em", "im", "ym", "ich", "ych", "om", "ami", "ach", "u", "ów"),
    adverb_endings=("o", "ie"),
    verb_endings=tuple("ał ił ył ął ała iła yła ęła ało iło yło ali ili yli ęli ały iły yły ęły".split()),
    has_dash_speech=True,
    drops_pronouns=True,
    inflects_names=True,
)
