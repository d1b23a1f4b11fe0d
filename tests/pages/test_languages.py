"""Languages of the pages: chosen by the reader, complete, and without a trace in the admin and the API."""

import gettext
import io
import re
from collections import Counter
from urllib.parse import parse_qsl

import pytest
from django.conf import settings
from django.utils.translation import override

from entities.formatting import format_amount, format_list_date, format_partial_date, format_period, format_share, join_names
from entities.serializers import PLURALS
from nato_support.pages import filter_forms
from nato_support.pages.catalogue.messages import page_messages
from nato_support.pages.catalogue.po_files import CatalogueEntry, MessageKey, compile_mo, read_po, write_po
from nato_support.publishing.models.public_tables import Edition
from nato_support.publishing.publication import withdraw
from tests import world as make
from tests.invented import publish_cited
from tests.pages.pseudo_language import UntranslatedText, speak_pseudo, widen_register, widened
from tests.pages.test_pages import PAGES

UKRAINIAN = sorted((settings.BASE_DIR / "locale").glob("*/LC_MESSAGES/django.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)s|%s|</?\w[^>]*>|`[^`]*`")
NEGOTIATED = "Accept, Accept-Language, Cookie"
QUERIES = [
    "/commitments/?nature=plan&overdue=true&date_from=2024&amount_min=3&unit=kite&said_within=2024&committed_by=nobody",
    "/relations/?type=part-of&in_force=2024",
    "/entities/?contested=true",
    "/search/?q=boats",
    "/search/?q=train*&kind=event",
    "/search/?q=bootes",
    "/search/?q=nothing+at+all",
    "/organisations/arcadia/?as_of=release:1",
    "/commitments/forty-kites/editions/",
    "/commitments/forty-kites/editions/1/",
]
PROBLEMS = [
    ("/nowhere/", 404),
    ("/organisations/forty-kites/", 404),
    ("/organisations/410/", 410),
    ("/commitments/?nature=nix&page_size=0&date_to=x&colour=red", 400),
    ("/commitments/?cursor=nix", 400),
    ("/commitments/forty-kites/?as_of=release:77", 400),
]


@pytest.fixture(params=UKRAINIAN, ids=lambda path: path.parts[-3])
def path(request):
    return request.param


def test_every_word_of_the_pages_is_translated(path):
    catalogue = read_po(path.read_text(encoding="utf-8"))
    assert list(catalogue.entries) == list(page_messages()), "run: manage.py page_messages"
    assert [key for key, entry in catalogue.entries.items() if not entry.is_translated] == []
    for key, entry in catalogue.entries.items():
        assert len(entry.translations) == (catalogue.number_of_plurals if key.plural else 1), key
        for translation in entry.translations:
            wanted = {Counter(PLACEHOLDER.findall(text)) == Counter(PLACEHOLDER.findall(translation)) for text in key[1:] if text}
            assert True in wanted, (key, translation)
    assert write_po(catalogue) == path.read_text(encoding="utf-8"), "run: manage.py page_messages"


def test_the_compiled_catalogue_says_what_its_source_says(path):
    catalogue = read_po(path.read_text(encoding="utf-8"))
    compiled = path.with_suffix(".mo").read_bytes()
    assert compiled == compile_mo(catalogue), "run: manage.py page_messages"
    read_back = gettext.GNUTranslations(io.BytesIO(compiled))
    for key, entry in catalogue.entries.items():
        text = f"{key.context}\4{key.text}" if key.context else key.text
        read = [read_back.ngettext(text, "", number) for number in (1, 2, 5)] if key.plural else [read_back.gettext(text)]
        assert read == entry.translations


def test_files_of_a_catalogue_keep_every_text():
    key = MessageKey("where", 'a "quoted"\nline\twith \\n', "many")
    catalogue = read_po('msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=n!=1;\\n"\n')
    catalogue.entries[key] = CatalogueEntry(key, ["one", ""], is_fuzzy=True, sources=["a.py"])
    again = read_po(write_po(catalogue))
    assert again == catalogue and not again.entries[key].is_translated
    with pytest.raises(ValueError, match="no line"):
        read_po('msgid "a"\nmsgstr b')
    with pytest.raises(ValueError, match="twice"):
        read_po('msgid "a"\nmsgstr ""\n\nmsgid "a"\nmsgstr ""')


def check_untranslated(client, paths) -> None:
    """Check that no page in the pseudo language has a word in English."""
    filter_forms._values_in_use.cache_clear()
    found = []
    for path, status in paths:
        response = client.get(path, headers={"accept-language": "uk"})
        assert response.status_code == status, (path, response.content[:300])
        if response["Content-Type"].startswith("text/html"):
            asked = [value for _, value in parse_qsl(path.partition("?")[2])]
            found += [(path, text) for text in UntranslatedText(response.content.decode(), asked).found]
    filter_forms._values_in_use.cache_clear()
    assert not found, "\n".join(map(str, found))


def record_paths(most: int) -> list[str]:
    """Pages of live records: this many of each kind."""
    seen: Counter[str] = Counter()
    paths = []
    for kind, slug in Edition.objects.filter(superseded=None, withdrawn=False).order_by("-id").values_list("kind", "slug"):
        seen[kind] += 1
        if seen[kind] <= most:
            paths.append(f"/{PLURALS[kind]}/{slug}/")
    return paths


def test_no_page_has_a_word_that_nobody_can_translate(detailed, client, monkeypatch):
    gone = make.an_organisation("410", name="Gone record")
    publish_cited(detailed.quote, gone)
    withdraw([gone])
    widen_register()
    speak_pseudo(monkeypatch, read_po(UKRAINIAN[-1].read_text(encoding="utf-8")))
    check_untranslated(client, [*((path, 200) for path in (*PAGES, *QUERIES, *record_paths(4))), *PROBLEMS])


@pytest.mark.slow
def test_no_page_of_the_shipped_register_has_a_word_that_nobody_can_translate(register, client, monkeypatch):
    widen_register()
    speak_pseudo(monkeypatch, read_po(UKRAINIAN[-1].read_text(encoding="utf-8")))
    check_untranslated(client, [(path, 200) for path in (*PAGES, *record_paths(10_000))])


@pytest.mark.parametrize(
    ("query", "cookie", "accepted", "language", "varies", "sets"),
    [
        ("", "", "", "en-gb", NEGOTIATED, ""),
        ("", "", "uk", "uk", NEGOTIATED, ""),
        ("", "", "de, uk-UA;q=0.5, en;q=0.2", "uk", NEGOTIATED, ""),
        ("", "", "de, *", "en-gb", NEGOTIATED, ""),
        ("", "uk", "en", "uk", NEGOTIATED, ""),
        ("", "en", "uk", "en-gb", NEGOTIATED, ""),
        ("", "nix", "uk", "uk", NEGOTIATED, ""),
        ("?lang=uk", "en", "en", "uk", "Accept", "lang=uk;"),
        ("?lang=en", "uk", "uk", "en-gb", "Accept", "lang=en;"),
        ("?nature=pledge&lang=uk", "", "", "uk", "Accept", "lang=uk;"),
        ("?lang=nix", "", "uk", "uk", NEGOTIATED, ""),
    ],
)
def test_the_reader_chooses_the_language(public, client, query, cookie, accepted, language, varies, sets):
    if cookie:
        client.cookies["lang"] = cookie
    response = client.get(f"/commitments/{query}", headers={"accept-language": accepted})
    text = response.content.decode()
    assert response.status_code == 200 and f'<html lang="{language}">' in text
    assert ("Зобов’язання" in text) == (language == "uk")
    assert response["Vary"] == f"{varies}, Accept-Encoding" and response.headers.get("Set-Cookie", "").startswith(sets)
    assert ("Set-Cookie" in response.headers) == bool(sets)
    site = "http://testserver/commitments/"
    canonical = f"{site}?lang=uk" if language == "uk" else site
    assert f'<link rel="canonical" href="{canonical}">' in text
    for code, address in (("en", site), ("uk", f"{site}?lang=uk"), ("x-default", site)):
        assert f'<link rel="alternate" hreflang="{code}" href="{address}">' in text
    kept = "nature=pledge&amp;" if "nature" in query else ""
    other = "en" if language == "uk" else "uk"
    assert f'<a href="/commitments/?{kept}lang={other}" hreflang="{other}"' in text


def test_languages_are_cached_apart(public, client):
    path = "/commitments/forty-kites/"
    pages = {code: client.get(f"{path}?lang={code}") for code in ("en", "uk")}
    assert pages["en"]["ETag"] != pages["uk"]["ETag"] and pages["en"].content != pages["uk"].content
    for code, page in pages.items():
        assert client.get(path, headers={"accept-language": code}).content == page.content
        negotiated = client.get(path, headers={"accept-language": code, "if-none-match": page["ETag"]})
        assert (negotiated.status_code, negotiated["Vary"]) == (
            304,
            f"{NEGOTIATED[:6]}, Accept-Datetime{NEGOTIATED[6:]}, Accept-Encoding",
        )
        assert client.get(f"{path}?lang={code}", headers={"if-none-match": page["ETag"]}).status_code == 304


@pytest.mark.parametrize(("path", "words"), [("/nowhere/", "Такої сторінки немає"), ("/commitments/?nature=nix", "недопустиме")])
def test_a_problem_is_explained_in_the_language_of_the_reader(public, client, path, words):
    text = client.get(path, headers={"accept-language": "uk"}).content.decode()
    query = path.partition("?")[2]
    assert words in text and f"?{f'{query}&amp;' if query else ''}lang=en" in text


@pytest.mark.parametrize("path", ["/robots.txt", "/sitemap.xml"])
def test_files_for_crawlers_have_no_language(public, client, path):
    response = client.get(path, headers={"accept-language": "uk"})
    assert "Accept-Language" not in response.get("Vary", "") and response.status_code == 200


def test_a_client_is_sent_to_the_api_without_a_language(public, client):
    response = client.get("/commitments/?lang=uk&nature=pledge", headers={"accept": "application/json"})
    assert (response.status_code, response["Location"]) == (303, "/api/v1/commitments/?nature=pledge")
    assert response["Vary"] == "Accept, Accept-Encoding"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "commitments/",
        "commitments.csv",
        "commitments/forty-kites/",
        "commitments/totals/?by=stage",
        "relations/",
        "graph/arcadia/",
        "timeline/arcadia/",
        "search/?q=kites&facets=kind",
        "changes.atom",
        "schema/",
        "commitments/?nature=nix",
    ],
)
def test_the_api_has_no_language(detailed, client, path):
    plain = client.get(f"/api/v1/{path}")
    client.get("/commitments/forty-kites/?lang=uk")
    client.cookies["lang"] = "uk"
    other = client.get(f"/api/v1/{path}", headers={"accept-language": "uk"})
    own = {"X-Request-ID", "RateLimit", "Date"}
    assert [(name, value) for name, value in other.items() if name not in own] == [
        (name, value) for name, value in plain.items() if name not in own
    ]
    assert re.sub(b'urn:request:[^"]+', b"", other.content) == re.sub(b'urn:request:[^"]+', b"", plain.content)


def test_the_admin_stays_english(admin_client, detailed):
    admin_client.get("/?lang=uk")
    admin_client.cookies["lang"] = "uk"
    for path in ("/admin/", "/admin/entities/commitment/", "/admin/password_change/", "/admin/jsi18n/"):
        text = admin_client.get(path, headers={"accept-language": "uk"}).content.decode()
        assert not re.search("[а-яіїєґ]{3}", text), path


def test_the_name_of_a_record_is_never_translated(public, client):
    germany = make.an_organisation("germany", name="Germany", type="state", country="DE")
    publish_cited(public.quote, germany)
    aid = make.a_commitment("aid", by=[germany], nature="pledge")
    publish_cited(public.quote, aid)
    own, party = (client.get(f"{path}?lang=uk").content.decode() for path in ("/organisations/germany/", "/commitments/aid/"))
    assert '<h1 lang="en">Germany</h1>' in own and "Німеччина" in own and "держава" in own
    assert '<a href="/organisations/germany/">Germany</a>' in party and "Німеччина" not in party


@pytest.mark.parametrize(
    ("word", "arguments", "expected"),
    [
        (format_partial_date, ("2024-05-17",), "17 травня 2024"),
        (format_partial_date, ("2024-05",), "травень 2024"),
        (format_partial_date, ("2024-05~",), "близько травня 2024"),
        (format_partial_date, ("2024-05-17?",), "17 травня 2024 (непевно)"),
        (format_partial_date, ("2024-06-15/2024-07-08",), "у межах 15 червня – 8 липня 2024"),
        (format_partial_date, ("2024-06/2024-07",), "у межах червень – липень 2024"),
        (format_partial_date, ("../2024-06",), "до кінця червня 2024"),
        (format_partial_date, ("2024-06/..",), "починаючи з червня 2024"),
        (format_period, ("2024-06/2029-06",), "з червня 2024 до червня 2029"),
        (format_period, ("../2025-03",), "до березня 2025"),
        (format_list_date, ("2024-06~",), "близько 2024-06"),
        (
            format_amount,
            (
                "at_least",
                "1500000000",
                None,
                "EUR",
            ),
            "щонайменше 1,5 млрд €",
        ),
        (
            format_amount,
            (
                "about",
                "700",
                None,
                "person",
            ),
            "близько 700 осіб",
        ),
        (
            format_amount,
            (
                "none",
                "1",
                None,
                "tank",
            ),
            "1 танк",
        ),
        (
            format_amount,
            (
                "none",
                "21",
                None,
                "tank",
            ),
            "21 танк",
        ),
        (
            format_amount,
            (
                "none",
                "3",
                None,
                "tank",
            ),
            "3 танки",
        ),
        (
            format_amount,
            (
                "none",
                "11",
                "12",
                "tank",
            ),
            "11 – 12 танків",
        ),
        (
            format_amount,
            (
                "none",
                "1234567",
                None,
                "SEK",
            ),
            "1\xa0234\xa0567 SEK",
        ),
        (
            format_amount,
            (
                "none",
                "40",
                None,
                "kite",
            ),
            "40 kites",
        ),
        (
            format_share,
            (
                "0.25",
                "0.375",
            ),
            "25% – 37,5%",
        ),
        (join_names, (["A", "B", "C"],), "A, B та C"),
    ],
)
def test_dates_and_amounts_are_worded_in_ukrainian(word, arguments, expected):
    with override("uk"):
        assert word(*arguments) == expected


def test_an_untranslated_word_would_be_found():
    text = f'<p title="{widened("Old")}">{widened("About")} CSV <b lang="en">About</b><i title="New">Word</i></p>'
    assert UntranslatedText(text).found == ["New", "Word"]
