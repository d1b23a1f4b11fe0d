"""Given names that are common in the region's news, in Latin letters as names are folded, with their gender. Pure data."""

_MEN = """
    adam adrian alain albert aleksander aleksandr aleksei aleksey alexander alexandre alexei alexis alfred ali anatolii
    anatoliy andre andreas andrei andreii andrej andrew andrey andrii andriy andrzej andrzhey anthony antoine anton antoni
    antonio antony arsen arseniy artem arthur artur arvydas august aurelien axel barack bartosz bastien ben benjamin
    benoit bernard bernd bernhard bertrand bill bob bogdan bohdan boris borys bruno carl carlos cezary charles christian
    christoph christophe christopher claude clement colin cory cyril damian dan daniel danilo dariusz david denis denys
    didier dieter dirk dmitri dmitrii dmitrij dmitriy dmitro dmitry dmytro dominik dominique donald dzheyk dzheyms dzho
    dzhon dzhordzh dzhozef eberhard edgars edouard eduard edward egils eliot emanuel emmanuel emmanyuel eric erik ernst
    evgen evgenii evgeniy fabien fedir felix francis franciszek francois frank frans franz frederic friedrich fritz
    gabriel geoffrey george georges gerald gerard gerhard gilles giorgio gitanas gordon gregoire grigoriy grzegorz guido
    guillaume gunter guy hans harald hassan heiko heinz helmut henri henry henryk herbert horst hubert hugo ian igor ihor
    illia illya ilya iouri ireneusz ivan jacek jack jacques jakub jan janusz jarmo jaromir jaroslaw javier jean jens
    jeremy jerome jerzy jim joachim joe johann johannes john jonas jonathan jordan jorg jorge jose josef josep joseph
    joshua jozef juan julien jurgen juri jurij karel karl karol kay kazimierz keir kenneth kevin kim kir kirill kirilo
    klaus konrad konstantin konstanty kostiantyn krzysztof kyrylo lars laurent lech leo leon leonid leszek lev lindsey
    lloyd lothar louis luc luca lucas ludwig luigi luis lukas lukasz maciej maks maksim maksym marc marcel marcin marco
    marcus marek marian mariano mariusz mark marko markus martin mateush mateusz mathias matteo matthew matthias max maxim
    maxime michael michal michel mick miguel mihai mike mikhail mikhaylo mikola mikolaj miroslav miroslaw mitt
    mohamed mohammed moritz muhammad
    mustafa mykhailo mykhaylo mykola narendra nazar nick nicolas nigel nikolai nikolaj nikolay norbert olaf ole oleg oleh
    oleksandr oleksii oleksiy oliver olivier omar oskar ostap otto pascal patrick patrik paul pavel pavlo pawel pedro per
    peter petr petro philip philipp philippe pierre pietro piotr radoslaw rafal rainer ralf ralph raphael raul recep
    reinhard rene rex richard rishi robert robin rodrigo roger roland rolf roman ronald ruben rudi rudolf rudy rupert
    ruslan rustem ryszard sam samuel scott sean sebastian sebastien serge sergei sergey sergii sergio sergiy serhii serhiy
    sigmar silvio simon slawomir stanislas stanislav stanislaw stefan stepan stephane stephen steve steven sven svyatoslav
    sylvain szymon tadeusz taras thierry thomas thorsten tim tobias tom tomas tomasz tony ulrich uwe vadim vadym valdis
    valentin valerii valeriy vasil vasyl viacheslav victor viktor vincent vitali vitalii vitalij vitaliy vladimir
    vladislav vladyslav volker volodimir volodymyr vyacheslav waldemar walter werner wieslaw wiktor wilhelm willi william
    winfried witold wladimir wladyslaw wlodzimierz wojciech wolfgang wolodimir wolodymyr xavier yann yannick yannis
    yaroslav yens yevgen yevhen yuri yurii yuriy yves zbigniew zdzislaw zygmunt
"""
_WOMEN = """
    ada agata agnes agnieszka aleksandra alexandra alice alicja alina alla amelie amy andrea angela angelika anna annalena
    anne annegret annemarie annie antje anzhela aurelie aurore barbara beata beate birgit bozena brigitte britta camille
    carla carole caroline catherine cecile celine charlotte christiane christina christine claire clara claudia
    condoleezza corinne cornelia danuta dariya deborah diana dominika doris dorota dorothee dzhordzha edyta elena eleonora
    eliane elisabeth elise elizabeth elke elzbieta emilia emily emine emma erika ester eva ewa fatima florence francoise
    franziska gabriele galina ganna genevieve gerda giorgia grazyna greta halina hanna hannah heidi heike helena helene
    hillary ilona inga ingrid inna irena irene irina iryna isabel isabelle iwona izabela janet janina jeanne jennifer
    jessica joan joanna johanna jolanta josephine judith julia juliette justyna kaja kamala karin karine karolina katarina
    katarzyna kate katerina kateryna katherine kathrin katja kaya kelly kerstin khristina kirsten krystyna larisa larysa
    laura laurence lesya lilia liliana linda lisa liudmyla ljudmila louise lucia lucie lucyna ludmila luisa luise lyubov
    lyudmila magdalena malgorzata manuela marcela margaret margarete margarita margot maria mariana marianne marie mariia
    marina mariya marta martina martine mary maryana maryna mathilde melania melanie mette michele michelle milena monika
    monique nadia nadiia nadine nadiya nancy natalia natalie nataliia nataliya nathalie nicole nina odile oksana
    oleksandra olena olga olha olivia patricia paulina pauline petra rachel rebecca renate rita roberta roksolana rosa
    ruth sabine sandra sanna sara sarah segolene silvia simone sofia solomiya sonia sophie stefanie stephanie susan
    susanne svenja svetlana svitlana sylvia sylvie sylwia tatiana tatyana teresa tetiana tetyana theresa ulrike ursula
    urszula valentina valerie vera veronica veronika veronique victoria viktoria viktoriia viktoriya vira virginie wanda
    weronika yana yulia yuliia yuliya zoe zofia zuzana zuzanna
"""
GIVEN_NAMES = dict.fromkeys(_MEN.split(), "m") | dict.fromkeys(_WOMEN.split(), "f")
"""Folded given name -> m or f. Names that both bear, such as Andrea or Dominique, are with whoever bears them more often here."""
