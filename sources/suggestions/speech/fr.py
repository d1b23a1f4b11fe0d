"""French vocabulary of reported speech. Pure data."""

from sources.suggestions.speech.vocabulary import SpeechVocabulary, words, words_of_gender


def _participles(stems: str) -> frozenset[str]:
    """Return the participles in -é and -i with their agreements."""
    return frozenset(stem + ending for stem in stems.split() for ending in ("", "e", "s", "es"))


FRENCH = SpeechVocabulary(
    language="fr",
    verbs=words_of_gender(
        any="déclare déclara affirme affirma indique indiqua explique expliqua ajoute ajouta souligne souligna précise "
        "précisa estime "
        "estima assure assura rappelle rappela annonce annonça dit confie confia raconte raconta répond répondit écrit "
        "écrivit "
        "martèle insiste insista prévient avertit promet soutient juge jugea reconnaît admet commente exclame conclut "
        "poursuit "
        "poursuivit lance lança note nota observe remarque résume exclame regrette dénonce fustige tweete tonne témoigne "
        "argumente plaide demande réclame rétorque réplique révèle rapporte relate détaille menace accuse clame proclame "
        "déplore salue espère pense croit considère titre cite évoque constate signale confirme déclarait affirmait "
        "indiquait "
        "renchérit réitère réaffirme exprime exprima tempère nuance alerte glisse développe écrivait "
        "expliquait estimait soulignait disait ajoutait précisait assurait rappelait écrivait",
        p="déclarent affirment indiquent expliquent ajoutent soulignent précisent estiment assurent rappellent annoncent "
        "disent "
        "écrivent dénoncent préviennent insistent racontent répondent jugent reconnaissent",
    ),
    handing_verbs=words("publié"),
    calling_verbs=words_of_gender(
        any="trouve juge souhaite souhaita craint prône défend réfute rejette vante loue voit qualifie qualifia "
        "condamne condamna dénonce critique décrit parle évoque fustige promet réclame salue déplore",
        p="qualifient condamnent dénoncent critiquent parlent évoquent",
    ),
    participles=_participles(
        "déclaré affirmé indiqué expliqué ajouté souligné précisé estimé assuré rappelé annoncé confié raconté martelé "
        "insisté "
        "averti jugé commenté lancé noté observé remarqué résumé exclamé regretté dénoncé fustigé tweeté tonné témoigné "
        "argumenté "
        "plaidé demandé réclamé rétorqué répliqué révélé rapporté relaté détaillé menacé accusé clamé proclamé déploré "
        "salué pensé "
        "considéré titré cité évoqué constaté signalé confirmé réjoui félicité étonné publié écrié insurgé réagi appelé "
        "exhorté invité mentionné suggéré rejeté réfuté prôné "
        "défendu souhaité exprimé réaffirmé réitéré réclamé imploré tempéré nuancé martelé alerté glissé"
    )
    | words("dit dite dits dites répondu écrit prévenu promis soutenu reconnu admis conclu poursuivi cru repris"),
    calling_participles=_participles("qualifié condamné dénoncé critiqué évoqué fustigé réclamé salué déploré accusé parlé")
    | words("décrit promis"),
    infinitive_auxiliaries=words("avoir"),
    agent_prepositions=words("par"),
    auxiliaries=words_of_gender(any="a avait aurait est était eut ayant", p="ont avaient auraient sont"),
    passive_auxiliaries=words("été est était sont étaient"),
    reflexives=words("se s' m' me"),
    particle_verbs={verb: words("avant") for verb in ("met", "mettent", "mettait", "mettaient")},
    gerunds=words(
        "déclarant affirmant indiquant expliquant ajoutant soulignant précisant estimant assurant rappelant annonçant disant "
        "appelant exhortant invitant demandant insistant jugeant prévenant écrivant promettant arguant reconnaissant "
        "répétant martelant confirmant"
    ),
    calling_gerunds=words("dénonçant évoquant qualifiant accusant parlant fustigeant critiquant"),
    impersonal=(
        "peut-on lire",
        "lit-on",
        "on peut lire",
        "est-il écrit",
        "est-il indiqué",
        "indique-t-on",
        "explique-t-on",
        "apprend-on",
    ),
    according=("selon", "d'après", "aux yeux de", "de l'avis de", "dixit"),
    according_first=words("pour"),
    own_words={
        "selon lui": "m",
        "selon elle": "f",
        "selon eux": "p",
        "d'après lui": "m",
        "d'après elle": "f",
        "pour lui": "m",
        "pour elle": "f",
        "pour eux": "p",
    },
    relative_pronouns=words("qui"),
    roles=words_of_gender(
        m="président premier ministre chef général amiral colonel commandant chancelier secrétaire ambassadeur directeur "
        "conseiller "
        "député sénateur maire gouverneur expert analyste politologue économiste journaliste historien professeur avocat "
        "procureur juge commissaire représentant délégué responsable patron dirigeant leader candidat roi pape évêque "
        "cardinal "
        "auteur entraîneur porte-parole vice-président premier-ministre eurodéputé préfet médecin chercheur fonctionnaire "
        "diplomate "
        "militant opposant écrivain fondateur cofondateur cinéaste garde homme père frère fils monsieur m "
        "guide chef-adjoint premier-secrétaire président-élu coordinateur activiste haut-commissaire envoyé émissaire "
        "négociateur élu prêtre soldat témoin",
        f="première présidente ministre cheffe générale chancelière secrétaire ambassadrice directrice conseillère députée "
        "sénatrice mairesse "
        "gouverneure experte analyste politologue économiste journaliste historienne professeure avocate procureure juge "
        "commissaire représentante déléguée responsable patronne dirigeante candidate reine autrice porte-parole "
        "vice-présidente eurodéputée préfète chercheuse diplomate militante opposante écrivaine fondatrice cofondatrice "
        "femme "
        "mère madame mme envoyée négociatrice élue",
        p="responsables députés sénateurs ministres experts analystes journalistes avocats représentants diplomates "
        "dirigeants "
        "militaires autorités sources opposants témoins manifestants rebelles séparatistes élus enquêteurs procureurs "
        "démocrates républicains conservateurs socialistes écologistes",
    ),
    bodies=words(
        "irak israël syrie japon inde italie espagne grande-bretagne canada suède hongrie opposition mouvement cabinet "
        "mairie "
        "source russie ukraine france allemagne pologne turquie iran chine états-unis royaume-uni kiev moscou "
        "washington berlin "
        "paris varsovie "
        "ministère gouvernement commission parlement conseil agence armée police parquet parti ambassade alliance union "
        "organisation banque tribunal cour journal quotidien hebdomadaire magazine chaîne télévision radio entreprise groupe "
        "société présidence élysée kremlin pentagone onu otan maison-blanche état-major association syndicat fédération "
        "communiqué texte rapport patriarcat afp reuters comité direction assemblée sénat"
    ),
    places=words(
        "ukraine france russie allemagne pologne espagne italie syrie turquie états-unis royaume-uni république maison "
        "blanche élysée "
        "pentagone kremlin europe justice intérieur défense affaires étrangères otan onu union européenne sénat assemblée "
        "nationale"
    ),
    epithets={
        "chef l' état": "président",
        "chef gouvernement": "ministre",
        "chef diplomatie": "ministre",
    },
    nations=words("français russe ukrainien allemand polonais britannique américain turc chinois italien espagnol"),
    pronouns=words_of_gender(m="il", f="elle", p="ils elles"),
    articles=words("le la l' les un une des son sa ses leur leurs ce cet cette"),
    genitive_openers=words("de du des d' à au aux pour en"),
    prepositions=words(
        "à au aux de du d' dans en par pour sur sous avec sans chez contre vers depuis pendant durant lors devant "
        "derrière entre selon "
        "après avant dès malgré face auprès suite jusqu' jusque"
    ),
    conjunctions=words("que qu' qui dont où si quand lorsque lorsqu' puisque puisqu' car comme alors tandis bien parce"),
    and_words=words("et ou"),
    fillers=words(
        "aussi encore également ensuite puis alors déjà hier aujourd'hui demain notamment ainsi pourtant enfin toutefois "
        "cependant "
        "lui-même elle-même d'ailleurs n' ne pas y l' s' se lui leur en même bien ailleurs lundi mardi mercredi jeudi "
        "vendredi samedi "
        "dimanche matin soir plus tôt tard fermement vivement immédiatement récemment clairement systématiquement quant "
        "à elle "
        "nous m' me"
    ),
    tag_openers=words("comme ainsi"),
    not_names=words(
        "mais et ou que le la les l' un une des du de d' à au aux ce cet cette ces dans en par pour sur sous avec sans "
        "chez contre "
        "vers depuis pendant lors devant entre selon après avant dès malgré face il elle ils elles on je tu nous vous son "
        "sa ses "
        "leur leurs mon ma mes notre nos votre vos tout tous toute toutes chaque si quand lorsque lorsqu' comme alors "
        "aussi encore "
        "également ensuite puis hier aujourd'hui demain ainsi pourtant enfin toutefois cependant ici là qui quoi dont où "
        "pourquoi "
        "parmi outre grâce face quelques voici voilà or donc car afin parce lui cette hors via moins toujours "
        "combien ne n' pas plus même très déjà bien cela ça ceci c' s' j' celui celle ceux aucun aucune certains "
        "plusieurs autre "
        "autres deux trois quatre cinq six lundi mardi mercredi jeudi vendredi samedi dimanche janvier février mars avril "
        "mai juin "
        "juillet août septembre octobre novembre décembre monsieur madame d'autre"
    ),
    terms=words(
        "dit dite dits dites soi-disant nommé nommée intitulé intitulée baptisé baptisée opération film roman livre "
        "journal magazine loi "
        "programme projet émission navire accord accords expression terme mot notion quotidien hebdomadaire surnommé "
        "titre slogan concept groupe mouvement logiciel réseau site collectif campagne nom noms surnom devise notions "
        "termes mots"
    ),
    abbreviations=words("m mm mme mmes mlle dr pr st ste av gén col cf etc p ex"),
    adverb_endings=("ment",),
    verb_endings=("ant",),
    has_dash_speech=True,
    dash_tag_after_comma=True,
    elides=True,
)
