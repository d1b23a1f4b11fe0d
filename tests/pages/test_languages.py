"""Languages of the pages: chosen by the reader, and without a trace in the admin and the API."""

import re

import pytest
from django.utils.translation import override

from entities.formatting import format_amount, format_list_date, format_partial_date, format_period, format_share, join_names
from tests import world as make
from tests.invented import publish_cited
from tests.pages.pseudo_language import UntranslatedText, widened

NEGOTIATED = "Accept, Accept-Language, Cookie"


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
