"""German vocabulary of reported speech. Pure data."""

from sources.suggestions.speech.vocabulary import SpeechVocabulary, words, words_of_gender

GERMAN = SpeechVocabulary(
    language="de",
    verbs=words_of_gender(
        any="sagte sagt erklärte erklärt betonte betont äußerte äußert meinte meint schrieb "
        "schreibt twitterte twittert warnte warnt forderte fordert kritisierte kritisiert bekräftigte "
        "bekräftigt unterstrich unterstreicht versicherte versichert versprach verspricht berichtete berichtet erläuterte "
        "erläutert ergänzte ergänzt bestätigte bestätigt behauptete behauptet antwortete antwortet entgegnete entgegnet "
        "erwiderte erwidert verwies verweist mahnte mahnt appellierte "
        "appelliert rief ruft fragte fragt bemerkte bemerkt kommentierte kommentiert resümierte resümiert urteilte urteilt "
        "argumentierte argumentiert begründete begründet drohte droht beklagte beklagt lobte lobt würdigte würdigt "
        "prophezeite wiederholte wiederholt zitierte zitiert verkündete verkündet verlangte "
        "verlangt beteuerte beteuert konstatierte konstatiert appellierte begrüßte begrüßt bedauerte bedauert vermutete "
        "vermutet hofft hoffte befürchtete befürchtet "
        "verneinte verneint dementierte dementiert bestritt bestreitet verdeutlichte verdeutlicht plädierte plädiert "
        "spottete spottet schimpfte schimpft bilanzierte bilanziert präzisierte präzisiert unterstellte unterstellt "
        "signalisierte signalisiert postete postet wetterte wettert ätzte klagte klagt scherzte jubelte "
        "rechtfertigte rechtfertigt schilderte schildert mutmaßte monierte moniert bezweifelte bezweifelt",
        p="sagten sagen erklärten erklären betonten betonen schrieben schreiben meinten meinen "
        "warnten warnen forderten fordern kritisierten kritisieren bekräftigten berichteten berichten "
        "bestätigten bestätigen behaupteten riefen rufen fragten mahnten verlangten skandierten",
    ),
    calling_verbs=words_of_gender(
        any="sprach spricht nannte nennt bezeichnete bezeichnet verurteilte verurteilt bezichtigte titulierte beschrieb "
        "beschreibt wertete wertet geißelte charakterisierte charakterisiert klassifizierte",
        p="sprachen sprechen redeten reden nannten nennen bezeichneten bezeichnen verurteilten verurteilen",
    ),
    participles=words(
        "gesagt erklärt betont mitgeteilt angegeben hinzugefügt geäußert gemeint geschrieben getwittert angekündigt gewarnt "
        "gefordert kritisiert bekräftigt unterstrichen versichert versprochen berichtet erläutert ergänzt bestätigt "
        "behauptet "
        "geantwortet entgegnet erwidert festgestellt eingeräumt hervorgehoben gemahnt appelliert gerufen gefragt kommentiert "
        "gesprochen verkündet verlangt aufgerufen aufgefordert begrüßt bedauert vermutet klären wissen betonen sagen"
    ),
    calling_participles=words("genannt bezeichnet verurteilt beschrieben gewürdigt eingestuft vorgeworfen zurückgewiesen"),
    auxiliaries=words_of_gender(any="hat hatte habe hätte will wollte möchte", p="haben hatten hätten wollen wollten möchten"),
    impersonal=(
        "hieß es",
        "heißt es",
        "es hieß",
        "es heißt",
        "war zu lesen",
        "ist zu lesen",
        "steht in",
        "stand in",
        "stand auf",
        "steht auf",
        "lautet",
        "lautete",
    ),
    according=("laut", "nach angaben", "nach aussage", "nach aussagen", "nach den worten", "nach ansicht", "nach meinung"),
    own_words={
        "nach seinen worten": "m",
        "seiner meinung nach": "m",
        "seinen angaben zufolge": "m",
        "ihm zufolge": "m",
        "ihr zufolge": "f",
    },
    according_after=words("so"),
    postpositions=words("zufolge"),
    particle_verbs={
        verb: words(particles)
        for verbs, particles in (
            ("teilte teilt teilten teilen", "mit"),
            ("gab gibt gaben geben", "an bekannt"),
            ("fügte fügt", "hinzu"),
            ("stellte stellt", "fest klar"),
            ("räumte räumt wandte wendet", "ein"),
            ("wies weist", "hin"),
            ("hob hebt", "hervor"),
            ("führte führt", "aus"),
            ("rief ruft forderte fordert", "auf dazu"),
            ("machte macht machten machen", "geltend klar deutlich"),
            ("kündigte kündigt kündigten", "an"),
        )
        for verb in verbs.split()
    },
    calling_particle_verbs={
        verb: words(particle)
        for verbs, particle in (
            ("warf wirft warfen werfen", "vor"),
            ("wies weist wiesen weisen", "zurück"),
            ("lehnte lehnt lehnten lehnen tat tut taten tun kanzelte kanzelt", "ab"),
            ("stufte stuft stuften stufen", "ein"),
        )
        for verb in verbs.split()
    },
    reporting_moods=words(
        "sei seien habe hätten hätte werde würden könne könnten müsse müssten dürfe dürften wolle solle gebe wären wäre"
    ),
    indirect_moods=words("sei seien habe werde könne müsse dürfe wolle solle gebe brauche bekomme bleibe gehe komme stehe liege"),
    before_fragments=words("ein eine einen einem einer eines kein keine keinen als von sei seien für"),
    dative_nouns=("ung", "ion", "ei", "schaft", "agentur", "behörde", "armee", "bank", "in", "ukraine", "türkei"),
    roles=words_of_gender(
        m="präsident kanzler bundeskanzler minister ministerpräsident premierminister premier außenminister sprecher "
        "sekretär "
        "generalsekretär botschafter general admiral oberst major kommandeur oberbefehlshaber befehlshaber direktor chef "
        "leiter "
        "berater abgeordneter abgeordnete senator bürgermeister oberbürgermeister gouverneur experte analyst politologe "
        "ökonom "
        "journalist historiker professor prof dr gen vorsitzender vorsitzende parteivorsitzende fraktionsvorsitzende anwalt "
        "staatsanwalt richter kommissar gesandter sondergesandter vertreter beamter politiker diplomat könig papst bischof "
        "kardinal autor trainer staatssekretär vizepräsident kandidat amtskollege regierungschef staatschef inspekteur "
        "unternehmer gründer zeuge "
        "oberhaupt staatsoberhaupt führer anführer ajatollah aktivist abgesandter unterhändler präsidentschaftskandidat "
        "augenzeuge soldat schriftsteller regisseur beauftragter beauftragte herr geschäftsführer ermittler",
        f="präsidentin kanzlerin bundeskanzlerin ministerin ministerpräsidentin premierministerin außenministerin sprecherin "
        "generalsekretärin botschafterin direktorin chefin leiterin beraterin senatorin bürgermeisterin expertin analystin "
        "ökonomin journalistin historikerin professorin regisseurin anwältin staatsanwältin richterin kommissarin "
        "vertreterin politikerin "
        "diplomatin königin autorin staatssekretärin vizepräsidentin kandidatin amtskollegin regierungschefin frau "
        "geschäftsführerin kanzlerkandidatin "
        "vorsitzende parteivorsitzende fraktionsvorsitzende abgeordnete beauftragte",
        p="beamte diplomaten experten analysten vertreter abgeordnete minister journalisten augenzeugen ermittler politiker "
        "demonstranten verbündete kreise quellen anwohner soldaten kritiker behörden",
    ),
    role_endings=(
        ("chefin", "f"),
        ("chef", "m"),
        ("anwalt", "m"),
        ("sprecher", "m"),
        ("minister", "m"),
        ("forscherin", "f"),
        ("forscher", "m"),
    ),
    bodies=words(
        "opposition "
        "iran irak usa israel syrien großbritannien indien japan südkorea nordkorea ungarn italien spanien schweden "
        "norwegen finnland "
        "österreich schweiz kanada außenamt gruppe bewegung "
        "russland ukraine deutschland frankreich polen türkei china moskau kiew kyjiw washington berlin paris warschau "
        "ministerium außenministerium verteidigungsministerium innenministerium regierung bundesregierung kommission "
        "parlament "
        "rat behörde behörden agentur armee polizei staatsanwaltschaft partei fraktion botschaft bündnis union organisation "
        "bank gericht zeitung magazin sender unternehmen konzern kreml pentagon weiße haus dpa reuters afp nato eu un "
        "eu-kommission generalstab generalstaatsanwaltschaft verband gewerkschaft stiftung institut bundeswehr "
        "nachrichtenagentur"
    ),
    places=words(
        "usa ukraine deutschland deutschlands russlands frankreichs polens großbritanniens luxemburgs australiens "
        "italiens spaniens kanadas "
        "chinas japans österreichs schwedens finnlands norwegens dänemarks litauens lettlands estlands ungarns israels irans"
    ),
    epithets={
        "regierungschef": "kanzler bundeskanzler ministerpräsident premierminister premier",
        "regierungschefin": "kanzlerin bundeskanzlerin ministerpräsidentin premierministerin",
        "staatschef": "präsident",
        "staatsoberhaupt": "präsident",
        "kanzler": "bundeskanzler kanzler",
        "außenamtschef": "außenminister",
    },
    nations=words(
        "deutsch russisch ukrainisch französisch polnisch britisch amerikanisch türkisch chinesisch belarussisch "
        "niederländisch tschechisch slowakisch"
    ),
    pronouns=words_of_gender(m="er", f="sie", p="beide"),
    articles=words("der die das ein eine dessen deren sein seine ihr ihre unser unsere dieser diese"),
    genitive_openers=words("des der den dem für von vom im am beim zum zur aus über seines ihres"),
    prepositions=words(
        "in im an am auf aus bei beim mit nach von vom vor zu zum zur für gegen über unter um durch ohne seit wegen "
        "während trotz "
        "gegenüber zwischen hinter neben bis ab laut anlässlich angesichts aufgrund innerhalb"
    ),
    conjunctions=words(
        "dass daß weil wenn als ob welche welcher da obwohl damit wo denn weswegen wobei nachdem bevor indem sodass"
    ),
    and_words=words("und sowie oder"),
    fillers=words(
        "auch noch dann später zuvor heute gestern morgen zudem außerdem weiter wörtlich dementsprechend daraufhin jedoch "
        "hingegen "
        "dagegen nun schon bereits wieder erneut ebenfalls einmal nicht sich es dazu dabei deshalb daher anschließend "
        "allerdings "
        "ferner weiterhin unterdessen am montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag montagabend "
        "dienstagabend mittwochabend donnerstagabend freitagabend abend ihm ihr uns so"
    ),
    tag_openers=words("wie so das dies"),
    not_names=words(
        "aber und oder dass der die das ein eine einer eines dem den des dieser diese dieses in im an am auf aus bei beim "
        "mit nach "
        "von vom vor zu zum zur für gegen über unter um durch ohne seit wegen während trotz wie als wenn weil da doch "
        "jedoch auch "
        "noch so dann später zuvor heute gestern morgen er sie es ich wir ihr sein seine seiner ihre ihrer unser alle "
        "alles jeder "
        "jede kein keine nicht nur schon hier dort wer was wo warum wann nun zudem außerdem unterdessen dabei damit dazu "
        "dagegen "
        "daher darin darauf danach laut ferner weiter ebenfalls bereits erst erneut zuletzt bisher trotzdem stattdessen "
        "demnach "
        "montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar märz april mai juni juli august "
        "september "
        "oktober november dezember anfang mitte ende rund etwa mehr viele einige manche beide zwei drei vier fünf sechs "
        "kritik angesichts aufgrund gegenüber zwischen ab bis man selbst zwar"
    ),
    terms=words(
        "sogenannte sogenannten sogenannter sogenanntes genannte genannten titel name namen projekt operation zeitung "
        "magazin film roman buch "
        "gesetz programm schiff unternehmen gruppe partei britischen nachrichtenmagazin sendung motto begriff wort stichwort"
    ),
    abbreviations=words("dr prof z b d h u a bzw ca gen st nr vgl ggf inkl evtl usw mio mrd hrsg jr"),
    has_dash_speech=False,
    ordinal_dots=True,
    nouns_are_capitalised=True,
)
