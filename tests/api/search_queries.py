"""Queries over the invented commitments of `search_world`, with the slugs that a reader would expect, thought out by hand.

A line is `query | slugs`; no slug where nothing is to be found.
"""

from tests.api.search_reference import default_forms

EXPECTED = """
f16 | falcon-jets falcon-spares
F-16 | falcon-jets falcon-spares
F16s | falcon-jets falcon-spares
f 16 | falcon-jets falcon-spares
"F-16 jets" | falcon-jets
"F16 jets" | falcon-jets
"f 16 jet" | falcon-jets
"jets F-16" |
F-1* | falcon-jets falcon-spares
f17 |
16 | falcon-jets falcon-spares
ceasefire | truce-watch truce-talks
cease-fire | truce-watch truce-talks
cease fire | truce-watch
"cease fire" | truce-watch
"cease-fire line" | truce-watch
"ceasefire line" | truce-watch
ceasefire line | truce-watch truce-talks
ceasefires | truce-watch truce-talks
cease* | truce-watch truce-talks
fire | truce-watch
not | no-lamps
"will not send" | no-lamps
"will send" | lamps
will send lamps | lamps no-lamps
lamp | lamps no-lamps
LAMPS | lamps no-lamps
not lamps | no-lamps
"not lamps" |
lamp's | lamps no-lamps
defence | grey-programme gray-program
defense | grey-programme gray-program
programme | grey-programme gray-program
program | grey-programme gray-program
programs | grey-programme gray-program
programmes | grey-programme gray-program
"defence program" | grey-programme gray-program
"defense programmes" | grey-programme gray-program
programm* | grey-programme
progra* | grey-programme gray-program
centre | grey-programme gray-program
centers | grey-programme gray-program
organise | grey-programme gray-program
organizes | grey-programme gray-program
organising | grey-programme gray-program
labour | grey-programme gray-program
labor | grey-programme gray-program
travelled | grey-programme gray-program
traveled | grey-programme gray-program
travelling | grey-programme gray-program
theater | grey-programme
theatre | grey-programme
whistler | gray-program
40bn | lake-loan
€40bn | lake-loan
40 billion | lake-loan
"40 billion" | lake-loan
"40 billion euros" | lake-loan
EUR 40 billion | lake-loan
40 billion euros | lake-loan
40,000,000,000 | lake-loan
40 000 000 000 | lake-loan
40000000000 | lake-loan
€ 40 000 000 000 | lake-loan
40-billion-euro | lake-loan
40,000 million | lake-loan
0.04 trillion euros | lake-loan
$40bn |
£40bn |
40m |
40 | lake-loan
4bn | hill-loan
€4bn | hill-loan
4 billion | hill-loan
4 | hill-loan
billion | lake-loan hill-loan
euro | lake-loan hill-loan
euros loan | lake-loan hill-loan
EUR | lake-loan hill-loan
50m | range-loan
$50m | range-loan
60 million dollars | range-loan
$60m | range-loan
50-60 million | range-loan
2% | spending-goal
2 % | spending-goal
2 percent | spending-goal
2 per cent | spending-goal
"2 per cent of GDP" | spending-goal
"2% of GDP" | spending-goal
5% | five-goal
5 per cent | five-goal
2.5% |
percent | spending-goal five-goal
two | five-goal
long-range | long-range
"long range" | long-range
longrange | long-range
long range | long-range long-list
"long list" | long-list
ranges | long-range long-list
to be hosted | camp
"to be hosted" | camp
"to be host" |
"is to be" | camp
hosted | camp camp-hosts
host | camp camp-hosts
hosting | camp camp-hosts
"hosted" | camp
"hosting" | camp-hosts
O'Brien | obrien
OBrien | obrien
O’Brien’s | obrien
brien | obrien
U.S. | us-group
us | us-group
u.s. group | us-group
"US group" | us-group
155mm | shells guns
155-mm | shells guns
155 mm | shells guns
155 | shells guns
155mm shells | shells
12,000 | shells
12 000 | shells
12k | shells
12 | guns
"12,000 shells" | shells
box | parties party
boxes | parties party
party | parties party
parties | parties party
ally | parties party
allies | parties party
part | spending-goal falcon-spares
parts | spending-goal falcon-spares
Lodz | lodz
Łódź | lodz
lodz workshop | lodz
Міст | lodz
річку | lodz
richku | lodz
dredgers | truce-watch
dredger river | truce-watch
watch dredgers | truce-watch
talks dredgers |
raft | truce-talks
goat | hill-loan
loan goat | hill-loan
hill goat surety | hill-loan
lighthouse | lamps
oxen guns | guns
spoon* | lodz
moonlight | range-loan
valley moonlight | range-loan
"valley bank" | range-loan
bank | lake-loan hill-loan range-loan
pledge rope | pledged
pledges | pledge pledged
"pledge" | pledge
pledging | pledge pledged
"pledged" | pledged
pledg* | pledge pledged
xyzzy |
lamps xyzzy |
"lamps send" |
"send lamps" | lamps no-lamps
arcadia send | lamps no-lamps
"""


# Over the shipped register, compared with `search_reference`. First words in all their regular forms, then queries with the
# forms of each of their terms: `query | form/form & form`.
WORDS = """
accession advance agree aid aircraft air alliance ally allow ammunition analysis announce artillery assistance attack aggression
battle bilateral billion bring build campaign capability chair close coalition collective command commitment conflict contract
coordinate corruption country create decade decide decision deliver democracy deterrence develop discuss donate double drill drone
education effort end enhance equipment establish european expect exercise expert facility fighter flank follow force general
german goal group headquarters help host hostile hope include intelligence invest join joint largest launch lead
leader lesson make manage meeting membership military minister mission move negotiate no not offer officer oversee
package party path peace personnel poland polish position production project promote protect provide reach readiness
reduce reform refuse repair replenish responsible right russia sabotage security share sign soon spend stock stop
strengthen structure summit support sweden system talk target teach territory the threat timeline to train transfer
troop under unlikely war weapon
"""
FORMS = """
F-16 | f 16/f16/f16s
f16 | f 16/f16/f16s
defence | defence/defences/defense/defenses
defense | defence/defences/defense/defenses
defence minister | defence/defences/defense/defenses & minister/ministers
centre | centre/centres/center/centers/centred/centered
center | centre/centres/center/centers/centred/centered
organise | organise/organize/organised/organized/organizes/organises/organising/organizing
neighbour | neighbour/neighbor/neighbours/neighbors/neighbouring/neighboring
programme | programme/programmes/program/programs
40bn | 40 billion/40000000000
€40bn | 40 billion euros/40000000000 euro
40 billion euros | 40 billion euros/40000000000 euro
$43bn | dollar 43 billion/43000000000 dollar
380 billion dollars | 380 billion dollars/380000000000 dollar
500,000 | 500,000/500000
500 000 troops | 500,000/500000 & troop/troops
90,000 | 90,000/90000
90k | 90,000/90000
700 | 700
850 | 850
two percent | two & percent
2 percent | 2 percent/2 percent of gdp
three-star | three star/threestar
3-star | 3star
"three-star general" | three star general/three star generals
long-term | long term/longterm
"long term" | long term
self-defence | self defence/self defense/selfdefence/selfdefense
self-defense | self defence/self defense/selfdefence/selfdefense
"self defence" | self defence/self defense
U.S. | us
US-led | us led/usled
NATO-Ukraine | nato ukraine/natoukraine
"nato ukraine joint" | nato ukraine joint
SAMP/T | samp t/samp ts/sampt/sampts
country-by-country | country by country/countrybycountry
"country by country" | country by country
battle-groups | battle groups/battle group/battlegroups/battlegroup
"battle groups" | battle groups/battle group
"not a party" | not a party
"will not make" | will not make
"is not the time" | is not the time
"now is not the time" | now is not the time
"not" | not
"to be" | to be
"is to be" | is to be
"does not become" | does not become
"in the future" | in the future
not mission | not & mission/missions
not ukraine | not & ukraine/ukraines
no membership | no & membership/memberships
support ukraine | support/supports/supported/supporting & ukraine/ukraines
training centre | training/train/trains/trained & centre/centres/center/centers/centred/centered
air defence | air/airs/aired/airing & defence/defences/defense/defenses
"air defence" | air defence/air defense/air defenses
"air-defence systems" | air defence systems/air defense systems/air defense system
stoltenberg's | stoltenberg/stoltenbergs
allies' | ally/allies/allied
Zelensky | zelensky
training* | training
commit | commit/commits/committed/committing
plan | plan/plans/planned/planning
stop | stop/stops/stopped/stopping
ukrain* | ukraine/ukraines/ukrainian/ukrainians
deliver* | deliver/delivers/delivered/delivering/delivery
wiesbaden germany | wiesbaden & germany/germanys
bydgoszcz poland | bydgoszcz & poland/polands
general reporting | general/generals & reporting/report/reports/reported/reporter
nonsense complete | nonsense & complete/completes/completed/completing
deteriorating environment | deteriorating & environment
"""


def expected_slugs() -> list[tuple[str, frozenset[str]]]:
    """Return (query, slugs of the commitments that it finds)."""
    lines = (line.partition(" |") for line in EXPECTED.strip().split("\n"))
    return [(query, frozenset(slugs.split())) for query, _, slugs in lines]


def queries_with_forms() -> list[tuple[str, list[list[str]]]]:
    """Return (query, forms of each of its terms)."""
    lines = (line.partition(" | ") for line in FORMS.strip().split("\n"))
    with_forms = [(query, [term.split("/") for term in terms.split(" & ")]) for query, _, terms in lines]
    return [*((word, [default_forms(word)]) for word in WORDS.split()), *with_forms]
