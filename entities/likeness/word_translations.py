"""Translations of words that names of organisations and places share, in lower case and romanised. Pure data.

Aliases record the names of an entity in other languages; these words help where nobody has recorded one.
"""


def _parse_word_forms(rows: str) -> dict[str, str]:
    """Parse "english: form form | english: form" to a dict of form -> English word."""
    return {form: word.strip() for row in rows.split("|") for word, _, forms in [row.partition(":")] for form in forms.split()}


WORD_TRANSLATIONS = _parse_word_forms(
    "ministry: ministerstvo ministarstvo ministerio ministero ministeriet"
    " | foreign: zakordonnikh inostrannykh zagranicznych | affairs: sprav del spraw angelegenheiten"
    " | interior: vnutrishnikh vnutrennikh wewnetrznych innern"
    " | european: ievropeyskiy ievropeyska ievropeyskogo evropeyskiy evropeyskaya evropeyskogo europaische"
    " europaischen europeenne europeen | union: soyuz soyuzu soyuza unii"
    " | commission: komisiya komissiya kommission komisja | council: rada rady sovet soveta rat conseil"
    " | national: natsionalniy natsionalna natsionalnogo natsionalnyy natsionalnaya narodowy nationale nationaler"
    " | nations: natsiy nationen narodow | united: obiednanikh obedinennykh vereinte vereinten zjednoczonych unies"
    " | bank: banku banka | fund: fond fondu fonda fonds fundusz"
    " | government: uryad uryadu pravitelstvo pravitelstva regierung rzad"
    " | international: mizhnarodniy mizhnarodna mezhdunarodnyy mezhdunarodnaya internationale internationaler"
    " miedzynarodowy | state: derzhavna derzhavniy derzhavne gosudarstvennaya gosudarstvennyy gosudarstvennoe"
    " | service: sluzhba sluzhbi sluzhby | general: generalniy generalnyy generalnogo | staff: shtab shtabu shtaba"
    " | academy: akademiya akademie akademia"
    " | university: universitet universitetu universitat uniwersytet universite"
    " | institute: institut institutu instytut | agency: agentstvo agentsiya agentur agencja agence"
    " | republic: respublika respubliki republik republique | federation: federatsiya federatsii"
    " | army: armiya armii armee armia | brigade: brigadi brigady brygady"
    " | mechanised: mekhanizovana mekhanizirovannaya mechanized | president: prezident prezidenta"
    " | office: ofis biuro buro | security: bezpeki bezopasnosti sicherheit bezpieczenstwa securite"
    " | ministers: ministriv ministrov | finance: finansiv finansov finanzen finansow"
    " | economy: ekonomiki gospodarki wirtschaft"
    " | germany: nimechchina nimechchini germaniya germanii deutschland allemagne niemcy niemiec"
    " | poland: polshcha polshchi polsha polshi polska polski polen pologne"
    " | russia: rosiya rosii rossiya rossii russland russie rosja rosji"
    " | france: frantsiya frantsii frankreich francja | britain: britaniya britanii brytania"
    " | lithuania: litva litvi litvy litauen litwa | norway: norvegiya norvegii norwegen norwegia"
    " | sweden: shvetsiya shvetsii schweden szwecja | spain: ispaniya ispanii spanien espana"
    " | hungary: ugorshchina ugorshchini vengriya vengrii ungarn wegry | belarus: belarusi bilorus bilorusi"
    " | turkey: turechchina turechchini turtsiya turtsii turkiye turkei"
    " | moscow: moskva moskvy moskvi moskau moscou moskwa"
)
"""Form in another language -> English word."""

PLACE_NAME_FORMS = {
    word.strip(): tuple(forms.split())
    for row in (
        "moscow: moskva | warsaw: varshava | vienna: vin | prague: praga | athens: atina | belgrade: beograd"
        " | lisbon: lisboa | rome: roma | munich: munkhen | geneva: zheneva | brussels: brusel briksel"
        " | paris: pari parizh | copenhagen: kobenhavn | poland: polsha polonia | germany: germania almania"
        " | hungary: ungaria vengria | norway: norvegia noruwe | lithuania: litva litauen | greece: gretsia yunan"
        " | turkey: turtsia turkiya | sweden: shvetsia suedia | switzerland: shveytsaria suisra | spain: ispania espania"
        " | slovakia: slovachchina | georgia: gruzia jorjia | croatia: khorvatia | japan: yaponia nihon | egypt: misr"
        " | cyprus: kipr kubros | france: frantsia faransa | denmark: dania | netherlands: niderlandi horanda"
        " | belgium: belgia | iceland: islandia | ireland: irlandia | latvia: latvia letonia | estonia: estonia"
        " | israel: izrail | jordan: iordania urdun | crimea: krim | lviv: lvov livyu | kyiv: kiev | kharkiv: kharkov"
        " | chernihiv: chernigov | tbilisi: tiflis tiflida | austria: avstria nimsa | istanbul: stambul"
        " | bucharest: bukarest | ukraine: ukraina | europe: evropa | asia: azia | london: londra | vilnius: vilna"
        " | nicosia: levkosia | damascus: dimashq | cairo: kahira | jerusalem: ierusalim yerushalayim quds"
        " | baghdad: bagdad"
    ).split("|")
    for word, _, forms in [row.partition(":")]
}
"""Place -> its names in other languages, by their sound."""
