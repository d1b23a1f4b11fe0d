"""Language of a text, guessed from its commonest function words."""

import re

_FUNCTION_WORDS = {
    "en": "the of and to that is was for with it as he be by at have are this his not they from which has had were will said",
    "de": "der die das und ist nicht ein eine den dem mit von zu auf für sich des auch im es wird werden nach bei wie dass hat",
    "fr": "le la les des du et est un une dans que qui pour pas sur au avec ce il par plus ne se sont été elle aux ont",
    "pl": "w i na z że się nie do jest to o jak po ale przez od dla jego był została są oraz który która które ma tym będzie",
    "uk": "і що та у з до це як для він від про але його її які який яка під час року також або вже буде були був щодо після",
    # Neighbours, so that none of them is taken for one of the above.
    "ru": "и что с это как для он от из но его которые которая был были также года после уже или она мы будет чтобы",
    "nl": "de het een van en is dat op te in voor met zijn niet aan er om ook als bij door naar wordt over deze heeft",
    "es": "el la los las de y que en un una es por con para no se del al lo como más su pero sus fue ha este",
    "it": "il la di e che è un una per in non con del della dei le si gli da come anche nel sono alla più ha questo",
    "pt": "o a os as de e que em um uma é por com para não se do da dos das no na mais como mas foi ao",
    "cs": "a v na se že je s z do to o i jako pro ale po který která jsou bude byl také podle už nebo",
    "sv": "och att det som en på är av för med den till inte har de om ett var men sig från kan vi",
    "be": "і што ў з да гэта як для ён ад пра але яго якія які год таксама або ўжо будзе былі",
    "bg": "и на да се от за че в с по не са е като това до ще които който беше след",
}
_WORDS_BY_LANGUAGE = {language: frozenset(words.split()) for language, words in _FUNCTION_WORDS.items()}
_PROPOSED = frozenset({"en", "de", "fr", "pl", "uk"})
_WORD = re.compile(r"[^\W\d_]+")
_FEWEST_WORDS = 4
_FEWEST_SHARE = 0.12
_READ_CHARACTERS = 20_000


def guess_language(text: str) -> str:
    """Return en, uk, pl, de or fr if the function words of `text` clearly belong to it, else ''."""
    words = [word.lower() for word in _WORD.findall(text[:_READ_CHARACTERS])]
    counts = {language: sum(word in function_words for word in words) for language, function_words in _WORDS_BY_LANGUAGE.items()}
    first, second = sorted(counts, key=counts.__getitem__, reverse=True)[:2]
    is_clear = counts[first] >= max(_FEWEST_WORDS, _FEWEST_SHARE * len(words)) and counts[first] * 2 >= counts[second] * 3
    return first if first in _PROPOSED and is_clear else ""
