"""Romanisation of names by their sound rather than letter by letter.

anyascii transliterates the letters of every script. This module adds what depends on the language: letters that sound
different next to others (Greek, Hebrew, Arabic), vowels that Japanese, Korean and Chinese insert between consonants, vowels
that Thai writes before the consonant they follow, and endings that Georgian adds.
"""

import re

from anyascii import anyascii

from entities.likeness.text_rewriters import Rewriter, compile_rewriter

CONSONANTAL_SCRIPTS = {"hebrew", "arabic"}
"""Scripts that omit vowels."""

SYLLABIC_SCRIPTS = {"han", "hangul"}
"""Scripts that write one letter per syllable."""

LATIN, CYRILLIC = "latin", "cyrillic"


def detect_script(name: str) -> str:
    """Return the script of a name: Latin, or the first of _SCRIPTS of which it has a letter, else `other`."""
    if name.isascii() or _LATIN_LETTER.search(name):
        return LATIN
    return next((script for script, letters, _ in _SCRIPTS if letters.search(name)), "other")


def romanise(name: str) -> str:
    """Romanise a name, normalised to NFKC, by its sound; case and punctuation are kept."""
    if name.isascii():
        return name
    for _, letters, rewrite in _SCRIPTS:
        if letters.search(name):
            name = rewrite(name)
    return anyascii(name)


def respell_accented_words(name: str) -> dict[str, str]:
    """Return the accented words of a Latin name in lower-case ASCII -> respelled by their sound: vucic -> vutchitch."""
    words = (word.casefold() for word in _ALPHABETIC_WORD.findall(name))
    return {anyascii(word): anyascii(word.translate(_RESPELLED_LETTERS)) for word in words if not word.isascii()}


_ALPHABETIC_WORD = re.compile(r"[^\W\d_]+")
_RESPELLED_LETTERS = str.maketrans(
    {
        "č": "tch",
        "ć": "tch",
        "š": "sh",
        "ś": "sh",
        "ş": "sh",
        "ș": "sh",
        "ž": "zh",
        "ź": "zh",
        "ż": "zh",
        "ř": "rzh",
        "ț": "ts",
        "ţ": "ts",
    }
    | {"đ": "dj", "ę": "en", "ą": "on", "ğ": "", "ñ": "ny", "ň": "ny", "ń": "ny", "ģ": "dj", "ķ": "ky", "ë": "yo"}
)


# Letters of Serbian and Macedonian that anyascii romanises letter by letter.
_rewrite_cyrillic = compile_rewriter("", "јЈ=y љЉ=ly њЊ=ny ћЋ=ch ѓЃ=dj ќЌ=kj")
_rewrite_greek = compile_rewriter(
    "(?i:(?<=[αεηιουωάέήίόύώ])ντ(?=[αεηιουωάέήίόύώ]))>nd (?i:μπ)>b (?i:ντ)>d (?i:γκ)>g (?i:γγ)>ng (?i:τζ)>j (?i:ου|ού)>u"
    " (?i:αι|αί)>e (?i:[εο][ιί])>i (?i:αυ|αύ)>av (?i:ευ|εύ)>ev (?i:γ(?=[ιίεέη]))>y",
    "βΒ=v δΔ=d ηήΗΉ=i υύϋΥΎ=i χΧ=kh",
)
_rewrite_hebrew = compile_rewriter(
    "[׳’]>' ג'>j ז'>zh [צץ]'>ch ת'>th ח'>kh וו>v \\bו>v ו>w (?<=\\w)ה\\b>a \\bי>y",
    "אע=a ח=kh י=i ף=f ש=sh צץ=ts ו=w ב=b ט=t פ=p ה=h",
)
_rewrite_arabic = compile_rewriter(
    "[\u064b-\u065f\u0670\u0640\u200c]> \\bال(?=\\w{3})>al- \\bو>v \\b[يی](?=\\w)>y (?<=\\w)[هةۀە]\\b>a",
    "اأإآٱى=a عءئؤ= غگڭ=g يیې=i ح=h ذ=z ض=d ث=th",
)
_rewrite_thai = compile_rewriter(
    "ร\u0e4c>ร \\w\u0e4c> [\u0e47-\u0e4e]> ([เแโใไ])([ก-ฮ])>\\2\\1 \\bอ> ",
    "ขคฆ=k ถทธฐฑฒ=t ผพภ=p จ=j",
)
_rewrite_georgian = compile_rewriter("(?<=\\w{2}[ბ-ჰ])ი\\b> ", "")
_rewrite_armenian = compile_rewriter("ու>u Ու>u և>ev \\bե>ye \\bՈ>vo \\bԵ>ye", "")
_rewrite_devanagari = compile_rewriter("[\u0902\u0901]>n \u091c\u093c>z \u092b\u093c>f", "च=ch शष=sh")
_drop_spare_hangul_vowels = compile_rewriter("(?<=[BCDFGHJKLMNPRST])eu>")


def _romanise_kana(name: str) -> str:
    written: list[str] = []
    for letter in name:
        sound = ":" if letter == "ー" else anyascii(letter).lower() if _KANA_LETTER.match(letter) else letter
        if letter in "ッっ":
            continue
        if letter in "ァィゥェォぁぃぅぇぉ" and written:
            before = written.pop()
            sound = {"u": "w", "i": "y"}.get(before, before[:-1]) + sound + ":"
        elif letter in "ャュョゃゅょ" and written:
            before = written.pop()
            sound = before[:-1] + (sound[1:] if before in ("shi", "chi", "ji") else sound)
        written.append(sound)
    return _SPARE_VOWELS.sub("", "".join(written)).replace(":", "")


# Long vowels are kept.
_SPARE_VOWELS = re.compile("(?<=[bcdfghjkmnprstvwyz])u(?![aeiou:])|(?<=[td])o(?![aeiou:])|(?<=ch|.j)i(?![a-z:])")


def _romanise_hangul(name: str) -> str:
    return _drop_spare_hangul_vowels(anyascii(name))


# Syllables that represent a consonant.
_CONSONANT_SYLLABLES = {
    "Er": "r",
    "Si": "s",
    "Te": "t",
    "De": "d",
    "Ke": "k",
    "Fu": "f",
    "Pu": "p",
    "Bu": "b",
    "Ge": "g",
    "Mu": "m",
}
_CONSONANT_SYLLABLES |= {"Shi": "sh", "Ci": "ts", "Le": "l", "He": "h", "Zi": "z"}
_PINYIN = compile_rewriter("\\bwu\\b>u \\byi\\b>i \\bzh>j \\bq>ch \\bx>sh \\bc(?!h)>ts ng$>n [ui]+o>o ao>o [iu]a>a")

# Characters that represent foreign sounds rather than their Chinese reading.
_PHONETIC_CHARACTERS = str.maketrans(
    {
        written[0]: written[1:]
        for written in (
            "基ki 加ga 吉gi 什sh 希hi 夏sha 谢she 切che 丘chu 恰cha 齐zi 奇chi 辛sin 西si 杰je 佳ga 兹z 茨ts 瑟s 沃vo 瓦va 娃va"
            " 维vi 伊i 尤yu 约yo 让zhan 热zhe 若zho 日zhi 茹zhu 戈go 哥go 华va 夫v 弗v 乔jo 翰han 阿a 亚ya"
        ).split()
    }
)


def _romanise_han(name: str) -> str:
    """Romanise Chinese names as pinyin, and foreign names by sound: they are longer, or have a dot or phonetic characters."""
    if "·" not in name and len(_HAN_CHARACTER.findall(name)) < 4 and not _PHONETIC_MARKERS.search(name):
        return anyascii(name)
    written = anyascii(name.translate(_PHONETIC_CHARACTERS))
    return re.sub("[A-Z][a-z]*", lambda syllable: _CONSONANT_SYLLABLES.get(syllable[0]) or _PINYIN(syllable[0].lower()), written)


_PHONETIC_MARKERS = re.compile("[斯尔夫茨赫沃弗基]")
_LATIN_LETTER = re.compile("[A-Za-z\u00c0-\u024f]")
_KANA_LETTER = re.compile("[\u3041-\u30fa]")
_HAN_CHARACTER = re.compile("[\u4e00-\u9fff]")
_SCRIPTS: list[tuple[str, re.Pattern[str], Rewriter]] = [
    (CYRILLIC, re.compile("[\u0400-\u052f]"), _rewrite_cyrillic),
    ("greek", re.compile("[\u0370-\u03ff]"), _rewrite_greek),
    ("hebrew", re.compile("[\u05d0-\u05ea]"), _rewrite_hebrew),
    ("arabic", re.compile("[\u0600-\u06ff]"), _rewrite_arabic),
    ("thai", re.compile("[\u0e00-\u0e7f]"), _rewrite_thai),
    ("georgian", re.compile("[\u10d0-\u10ff]"), _rewrite_georgian),
    ("armenian", re.compile("[\u0531-\u0587]"), _rewrite_armenian),
    ("devanagari", re.compile("[\u0900-\u097f]"), _rewrite_devanagari),
    ("kana", _KANA_LETTER, _romanise_kana),
    ("hangul", re.compile("[\uac00-\ud7a3]"), _romanise_hangul),
    ("han", _HAN_CHARACTER, _romanise_han),
]
