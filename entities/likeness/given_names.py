"""Forms of given names, romanised as in entities.likeness.names. Pure data."""

GIVEN_NAME_VARIANTS = {
    form: forms.split()[0]
    for forms in (
        "vladimir volodymyr volodimir wolodymyr wladimir wolodimir vladimirs vladimiras",
        "alexander aleksandr oleksandr alexandr aleksander olexandr alexandre",
        "alexei oleksii oleksiy olexiy aleksei aleksey alexey oleksij",
        "sergei sergey serhii serhiy sergij serhij sergiy siergiej",
        "nikolai mykola nikolay mikola nikolaj",
        "dmitri dmytro dmitry dmitriy dmitro dmitrii",
        "andrei andriy andrii andrey andrij andrej",
        "evgeni yevhen evgeny yevgeny yevgeniy ievgen yevhenii yevhenij jewhen evgeniy",
        "mikhail mykhailo mikhaylo mihail mychajlo mikhailo michail mykhaylo",
        "pavel pavlo pawlo",
        "petr petro pyotr piotr petr",
        "kirill kyrylo kirilo kyrill",
        "konstantin kostyantyn kostiantyn kostyantin",
        "anton antin",
        "vasili vasyl vasyly vasily vasiliy",
        "viktor victor wiktor",
        "igor ihor",
        "oleg oleh",
        "denis denys",
        "julia yulia yuliya iulia yuliia julija",
        "natalia nataliya nataliia natalya nathalie",
        "irina iryna irena",
        "elena olena yelena",
        "abd abdul abdel abdal",
        "mohammed muhammad mohammad mohamed mohamad muhammed mehmet",
        "bin ibn ben",
    )
    for form in forms.split()
}
"""Form of a given name in neighbouring languages -> its standard form."""

_NAMES_WITH_SHORT_FORMS = (
    "abigail abby|abraham abe|albert bert al|alexander alex sasha sascha oleks sandy|alexei alyosha lyosha|alfred fred alf"
    "|anastasia nastya|andrew andy drew|andrei andryusha|anthony antony tony toni|antonio toni tonio|anna ania anya"
    "|arthur art|benjamin ben bin benny bibi benji|catherine katherine kate cathy kathy katie katya|charles charlie chuck"
    "|christopher chris kit|christine christina chris tina|daniel dan danny|david dave|deborah debbie|dmitri dima"
    "|donald don|dorothy dot dolly|edward ed eddie ted ned|eleanor ellie nell|elizabeth liz beth betty lisa eliza"
    "|emmanuel manny manu|eugene gene|evgeni zhenya|francis frank|francisco paco pancho|franklin frank"
    "|frederick fred freddy|gabriel gabe|gregory greg|grigori grisha|harold harry hal|henry harry hank|ivan vanya"
    "|jacob jake|james jim jimmy jamie|janet jan|jean jeannie|jennifer jen jenny|jessica jess|john johnny jack|jonathan jon"
    "|jose pepe|joseph joe joey|joshua josh|katarzyna kasia|kenneth ken|lawrence larry|leonard leo len|leonid lyonya"
    "|leopold leo|lev lyova|margaret maggie meg peggy greta|maria masha mariya|matthew matt|maximilian max"
    "|michael mike mick|mikhail misha|nathaniel nathan nate|natalia natasha|nicholas nick|nikolai kolya|olga olya"
    "|oleg olezhka|pamela pam|patricia pat patty tricia|patrick pat paddy|pavel pasha|peter pete|petr petya|philip phil"
    "|rebecca becky|richard dick rick ricky rich|robert bob bobby rob robbie|ronald ron|rudolf rudi|samuel sam|sarah sally"
    "|sergei seryozha|stanislav stas|stephen steven steve|susan sue susie|svetlana sveta|tatiana tanya|terence terry"
    "|theodore ted teddy theo|thomas tom tommy|timothy tim|valentina valya|victoria vicky|viktor vitya"
    "|vladimir volodya vova|vyacheslav slava|walter walt|wilhelm willi|william bill billy will willy|yuri yura|zachary zach"
)

GIVEN_NAME_SHORT_FORMS: dict[str, frozenset[str]] = {}
"""Given name or short form -> the names that it may stand for."""

for _name in _NAMES_WITH_SHORT_FORMS.split("|"):
    for _form in _name.split():
        GIVEN_NAME_SHORT_FORMS[_form] = GIVEN_NAME_SHORT_FORMS.get(_form, frozenset()) | {_name.split()[0]}
