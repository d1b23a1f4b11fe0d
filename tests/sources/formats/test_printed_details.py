"""What an article prints above its text is proposed, with where it was read; what may mean something else is not."""

import pytest

from sources.formats import extract_plain_text
from sources.formats.language_guess import guess_language

ENGLISH = "The minister said that the kites would be given to the town by the end of the year, and that it was good."
GERMAN = "Der Minister hat gesagt, dass die Stadt nicht mit den Drachen von dem Land rechnet und sie auch nicht will."
POLISH = "Minister powiedział, że się nie boi i że to jest dla miasta, ale nie dla nas, bo tak był umówiony z nim."
UKRAINIAN = "Міністр сказав, що це для міста і що він буде у місті до кінця року, але не для нас, а про інше вже не йдеться."
FRENCH = "Le ministre a dit que les cerfs-volants sont pour la ville et que le pays ne sera pas seul dans cette affaire."


def details(text: str) -> tuple[str, ...]:
    draft = extract_plain_text(text)
    return draft.title, draft.authors, draft.publisher, draft.published_on, draft.updated_on, draft.language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Kites for all\nBy Ada Fell\nJuly 11, 2024\n\n{ENGLISH}", ("Kites for all", "Ada Fell", "", "2024-07-11", "", "en")),
        (
            f"Kites for all\nBy Ada Fell and Bo Quill, Kite News\nPublished: 11 July 2024 | Updated: 12 July 2024\n\n{ENGLISH}",
            ("Kites for all", "Ada Fell; Bo Quill", "Kite News", "2024-07-11", "2024-07-12", "en"),
        ),
        (
            f"Kites for all\nBy Ada Fell, Kite News, 11 July 2024\n\n{ENGLISH}",
            ("Kites for all", "Ada Fell", "Kite News", "2024-07-11", "", "en"),
        ),
        (f"Kites for all\nKite News, 11 July 2024\n\n{ENGLISH}", ("Kites for all", "", "Kite News", "2024-07-11", "", "en")),
        (f"Kites\n\nKYIV, July 11 (Ukrinform) — {ENGLISH}", ("Kites", "", "Ukrinform", "", "", "en")),
        (f"Kites\n\nKYIV, July 11, 2024 (Ukrinform) — {ENGLISH}", ("Kites", "", "Ukrinform", "2024-07-11", "", "en")),
        (f"Kites\n\nHARBOURTON, July 11 (Kite News) — {ENGLISH}", ("Kites", "", "Kite News", "", "", "en")),
        (f"Kites\n\nReuters - {ENGLISH}", ("Kites", "", "Reuters", "", "", "en")),
        (f"Kites\nKite News\n{ENGLISH}", ("Kites", "", "Kite News", "", "", "en")),
        (f"Kite News\nKites for all\n{ENGLISH}", ("Kites for all", "", "Kite News", "", "", "en")),
        (
            f"Drachen für alle\nVon Ada Fell\n11.07.2024, 10:30 Uhr\n\nBerlin (dpa) - {GERMAN}",
            ("Drachen für alle", "Ada Fell", "dpa", "2024-07-11", "", "de"),
        ),
        (
            f"Drachen\nVeröffentlicht am 11. Juli 2024, aktualisiert am 12. Juli 2024\n{GERMAN}\n(dpa)",
            ("Drachen", "", "dpa", "2024-07-11", "2024-07-12", "de"),
        ),
        (f"Drachen\nVon dpa\n{GERMAN}", ("Drachen", "dpa", "", "", "", "de")),
        (
            f"Latawce dla wszystkich\nAutor: Ada Fell\nOpublikowano 11.07.2024\nŹródło: PAP\n\n{POLISH}",
            ("Latawce dla wszystkich", "Ada Fell", "PAP", "2024-07-11", "", "pl"),
        ),
        (f"Latawce\n11 lipca 2024\nWARSZAWA (PAP) - {POLISH}", ("Latawce", "", "PAP", "2024-07-11", "", "pl")),
        (
            f"Змії для всіх\nАвтор: Ада Фелл\n11 липня 2024\n\nКиїв, 11 липня (Укрінформ). {UKRAINIAN}",
            ("Змії для всіх", "Ада Фелл", "Укрінформ", "2024-07-11", "", "uk"),
        ),
        (
            f"Змії\nОпубліковано: 11.07.2024\nОновлено: 12.07.2024\n{UKRAINIAN}",
            ("Змії", "", "", "2024-07-11", "2024-07-12", "uk"),
        ),
        (
            f"Des cerfs-volants\nPar Ada Fell\nMis à jour le 12 juillet 2024\n\nParis (AFP) - {FRENCH}",
            ("Des cerfs-volants", "Ada Fell", "AFP", "", "2024-07-12", "fr"),
        ),
        (
            f"Publié le 11 juillet 2024 à 10h00, mis à jour le 12 juillet 2024 à 09h15\nDes cerfs-volants\n{FRENCH}",
            ("Des cerfs-volants", "", "", "2024-07-11", "2024-07-12", "fr"),
        ),
    ],
)
def test_what_an_article_prints_is_proposed(text, expected):
    assert details(text) == expected


def test_each_proposal_says_where_it_was_read():
    draft = extract_plain_text(f"Kites for all\nBy Ada Fell\nJuly 11, 2024\n\nHARBOURTON (AP) — {ENGLISH}")
    assert draft.origins == {
        "language": "its commonest words",
        "authors": "the line “By Ada Fell”",
        "published_on": "the line “July 11, 2024”",
        "publisher": "the dateline “HARBOURTON (AP) —”",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Kites\nPublished on 07/04/2024\nText.", "“07/04/2024” may be 2024-04-07 or 2024-07-04."),
        ("Kites\nJuly 11, 2024\nJuly 12, 2024\nText.", "Several lines name a day (2024-07-11, 2024-07-12)"),
        ("Kites\nKYIV, July 11 (Ukrinform) — Text.", "“July 11” without a year"),
    ],
)
def test_a_doubtful_day_is_told_and_not_proposed(text, said):
    draft = extract_plain_text(text)
    assert (draft.published_on, draft.updated_on) == ("", "")
    assert said in " ".join(draft.warnings)


@pytest.mark.parametrize(
    "text",
    [
        "Kites\nBy Monday Morning\nText.",
        "Kites\nBy land and sea they came.\nText.",
        "Kites\nVon Anfang an war es gut.\nText.",
        "Kites\nThe meeting was on July 11, 2024, in the harbour of the town.\nText.",
        "Kites\nThe plan (draft) - nothing more.\nText.",
        "Kites (Courier) - ten of them\nText.",
        "Kites\nThe Times of Kites are over.\nText.",
        "Kites\nInterfax said on Monday that kites fly.\nText.",
    ],
)
def test_what_may_be_something_else_is_not_proposed(text):
    draft = extract_plain_text(text)
    assert (draft.authors, draft.publisher, draft.published_on, draft.updated_on) == ("", "", "", "")
    assert draft.title == text.split("\n")[0]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH, "en"),
        (GERMAN, "de"),
        (POLISH, "pl"),
        (UKRAINIAN, "uk"),
        (FRENCH, "fr"),
        ("Министр сказал, что это для города и что он будет там до конца года, но не для нас, так как уже был.", ""),
        ("De minister zei dat het niet voor de stad is en dat zij er ook niet over wordt gevraagd door het land.", ""),
        ("El ministro dijo que no es para la ciudad y que los barcos del puerto se van con las cometas en el año.", ""),
        (f"{ENGLISH} {GERMAN}", ""),
        ("Kites for all", ""),
        ("", ""),
    ],
)
def test_a_language_is_proposed_where_its_words_are_a_clear_majority(text, language):
    assert guess_language(text) == language


@pytest.mark.parametrize(
    "line", ["By " + "Ada " * 60_000, "A, " * 60_000, "A " * 90 + "(" * 90, "July " * 40, "1 " * 95, "11.07.2024 " * 18]
)
def test_long_lines_are_read_in_no_time(line):
    extract_plain_text(f"Kites\n{line}\n" * 20)
