"""Given names that are those of men, or of women, nearly always. Names of both (Alex, Robin, Sasha, Jean) are left out."""

from entities.likeness.latin_words import fold_to_latin

MEN_S_NAMES = frozenset(
    """
    aaron abbas abdul abdullah abraham adam adrian ahmad ahmed alan albert albrecht alejandro aleksandar aleksander aleksandr
    aleksei alexander alexandre alexei alexey alfred ali allan allen alvaro amir anatoly anders andre andreas andrei andres
    andrew andrey andrii andriy andrzej angus ante anthony anton antonio antony arkady armin arnold arthur artem arturo
    augustus axel barack barry bartosz bashar ben benjamin bernard bernd bernhard bernie bill björn bob bogdan bohdan boris
    brad brendan brent brian bruce bruno bryan caleb carl carlos carsten cesar charles charlie chester chris christian
    christophe christopher claudio clemens colin craig curtis cyril damian dan daniel danny darius darren david davide
    denis dennis denys derek diego dieter dirk dmitri dmitriy dmitry dmytro dominic dominik don donald douglas duncan
    dwight earl ed eddie eduardo edward edwin egon elijah elliot emanuel emil emilio emmanuel enrique eric erich erik ernest
    ernst ethan eugene evan fabian farid felix ferdinand fernando filip finn floyd francesco francisco franco francois frank
    franklin franz fred frederic frederick fredrik friedrich fritz gareth gary gavin geoff geoffrey georg george georges
    georgy gerald gerard gerhard giorgio giovanni giuseppe glenn gordon graham greg gregor gregory grzegorz guido gunther
    gustav guy hamid hannes hans harald harold harry harvey hassan hector heiko heinrich heinz helmut hendrik henri henrik
    henry herbert herman hermann horst howard hubert hugh hugo hussein ian ibrahim igor ihor ilya ingo isaac ismail ivan ivo
    jack jacob jacques jaime jakob jakub james janusz jaroslav jarosław jason javier jeff jeffrey jens jeremy jerome
    jerry jesse jim jimmy joachim joe joel johan johann johannes john johnny jon jonas jonathan jorge josef joseph joshua
    juan julian jürgen justin karim karl kaspar kaspars keith ken kenneth kevin khaled kirill klaus konrad konstantin kurt
    kyle kyrylo lars laurence laurent lawrence lech leo leon leonard leonid leonidas leopold lester lev lewis liam lloyd lorenzo
    louis luca lucas ludwig luis luiz lukas luke łukasz maciej magnus mahmoud maksim maksym malcolm manfred manuel marc marcel
    marcin marco marcos marcus marek mario marius mariusz mark marko markus martin marvin massimo mateusz matteo matthew
    matthias matthieu max maxim maximilian mehmet melvin michael michał michel miguel mihail mikael mike mikhail mikheil miklos
    milan milos miloš miroslav mitch mitchell mitt mohamed mohammad mohammed muhammad murat mustafa mykhailo mykola nathan
    nathaniel neil nicholas nick nicolas niels nigel nikita nikola nikolai nikolas nikolaus nikolay nils noah norbert norman
    olaf oleg oleh oleksandr oleksii oleksiy oliver olivier omar oscar oskar osman ostap otto owen pablo paolo pascal patrick paul
    paulo pavel pavlo pawel paweł pedro per pete peter petr petro petros philip philipp philippe phillip pierre pieter piotr
    przemysław radek radosław radoslaw rafael rafał ralf ralph ramón ramon ramzan raphael raul raymond recep reinhard ricardo
    richard rick roberto robert rodrigo roger roland rolf roman ronald ronnie roy rudolf ruslan russell ryan ryszard salman
    samuel sebastian serge sergei sergey sergio serhii serhiy seth shane shaun simon sławomir stanislav stanisław stefan
    stefano stephan stephane stephen steve steven stewart stuart sven svein szymon tadeusz taras ted terrence theo
    theodor theodore thierry thomas thorsten tim timo timothy tobias todd tom tomas tomasz tommy tony torsten trevor tyler
    udo ulf ulrich umberto uwe vadim vadym valdis valentin valeri valerii valeriy vasily vasyl viacheslav victor viktor vincent
    vitali vitalii vitaly vladimir vladislav vladyslav vlad volker volodymyr vyacheslav waldemar walter warren wayne werner
    wilhelm william willy winston witold władysław wojciech wolfgang xavier yaroslav yevgeny yevhen yuri yuriy yury yusuf
    zachary
    zbigniew zdravko zoltan
    """.split()
)

WOMEN_S_NAMES = frozenset(
    """
    abigail ada adela adele adriana agata agnes agnieszka aisha aleksandra alexandra alice alicia alina alison allison amal
    amalia
    amanda amelia amy ana anastasia angela angelica angelika angelina anita anja ann anna anne annette annika antonia
    anya ashley astrid audrey aurora ava barbara beata beatrice beatrix bella bernadette beth bettina betty bożena brenda
    bridget brigitte britta brooke camilla carla carmen carol carolina caroline carolyn catarina catherine cecilia celia
    charlotte chelsea cheryl chloe christina christine cindy claire clara clarissa claudia colleen connie constance cornelia
    cristina cynthia daniela daphne darya deborah debbie debra denise diana diane dolores donna dora doris dorothea dorothy
    edith elaine eleanor eleonora elena elisa elisabeth eliza elizabeth ella ellen elsa elvira elżbieta emilia emily emma erica
    erika erin esther eugenia eva evelyn ewa fatima federica felicia fiona flora franziska frederica frieda gabriela
    gabriella galina genevieve georgina geraldine gertrude ginny giorgia giulia gisela gloria grace greta
    grażyna gretchen gudrun halina halyna hanna hannah hannelore harriet heather heidi heike helen helena helene helga henrietta
    hilary hilda hildegard hillary holly ida ilona ilse inga inge ingeborg ingrid inna irena irene irina iris irma iryna isabel
    isabella
    isabelle ivana ivanka ivy iwona jacinda jacqueline jana jane janet janice jeanne jennifer jenny jessica jill joan joanna
    johanna josephine joyce juanita judith judy julia juliana julie julieta justyna jutta kaja karen karin karina karla
    karolina katarina katarzyna kate kateryna katharina katherine kathleen kathryn kathy katie katja katrin kayla keira
    kerstin kinga kirsten kristalina kristi kristin kristina krystyna laila lara larissa laura lauren leila lena
    lesia leticia lidia liliana lilian lily lina linda lisa liudmyla liz liza lola loretta lorraine louise lucia lucy ludmila
    luisa lydia lyudmila madeleine magda magdalena maia maja małgorzata manuela mara marcela margaret margareta margarita
    margarethe margrethe maria mariana marianne marie marieke marija marina marine mariya marjorie marlene marta martha martina
    mary maryna mathilda matilda maureen maya megan melania melanie melissa mercedes mette michaela michelle mila milena mildred
    miranda miriam moira molly mona monica monika muriel myra myrna nadia nadine nadja nadiia nancy naomi nastassja natalia
    natalie nataliia natalya natasha nathalie nellie nicole nina nora norma odile oksana olena olga olha olivia olya
    ophelia paige pamela patricia paula pauline penelope penny petra phyllis pia polina priscilla rachel ramona rebecca regina
    renata renate rhonda rita roberta rosa rosalind rose rosemary roxana roxanne ruth sabine sabrina sally samantha sandra sanna
    sara sarah selma serena sharon sheila shirley sigrid silvia sofia solveig sonia sonja sophia sophie stefania stella
    stephanie susan susanna susanne suzanne svetlana svitlana sybil sylvia tamara tanja tanya tatiana teresa tetiana thea
    theresa
    therese tina tricia ulrike urszula ursula valentina valeria valerie vanessa vera verena veronica veronika viktoria
    victoria viktoriia viola violetta vivian wanda wendy wilhelmina wiktoria yana yelena yevgenia yulia yuliia yvette
    yvonne zoe zofia zuzana
    """.split()
)

WOMEN_S_TITLES = frozenset("mrs ms miss madam dame lady frau mme madame mlle pani".split())
"""Folded titles of women, who may bear the family name of a man."""


_GENDERS = {fold_to_latin(name): gender for gender, names in (("m", MEN_S_NAMES), ("f", WOMEN_S_NAMES)) for name in names}


def gender_of_given_name(name: str) -> str:
    """Return m or f for a folded given name that is nearly always of one gender; '' for others."""
    return _GENDERS.get(name, "")
