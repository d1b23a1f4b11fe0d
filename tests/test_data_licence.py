"""The licence of the data goes with the data: every form in which the register leaves the house names it."""

import io
import json
import zipfile
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core.management import call_command
from openpyxl import load_workbook

from nato_support.data_licence import GAZETTEER_CREDIT, LICENCE_NAME, LICENCE_URL, RIGHTS_NOTICE
from nato_support.exchange.fixtures import read_fixtures
from nato_support.exchange.spreadsheets import file_writer
from nato_support.exchange.spreadsheets.sheets_and_columns import SHEETS_BY_NAME

pytestmark = pytest.mark.django_db


def read_json(client, path: str) -> dict:
    return json.loads(client.get(f"/api/v1/{path}").content)


def test_the_licence_file_has_the_same_terms():
    text = (settings.BASE_DIR / "LICENSE").read_text()
    assert LICENCE_NAME in text and LICENCE_URL in text
    assert "MIT License" in text
    assert GAZETTEER_CREDIT in RIGHTS_NOTICE and "GeoNames" in text


@pytest.mark.parametrize(
    "path",
    ["commitments/", "commitments/forty-kites/", "commitments.csv", "quotes.ndjson", "facilities.geojson", "persons.jsonld"],
)
def test_every_public_response_links_to_it(client, public, path):
    assert f'<{LICENCE_URL}>; rel="license"' in client.get(f"/api/v1/{path}").headers["Link"]


@pytest.mark.parametrize(
    ("path", "licence"),
    [
        ("commitments/forty-kites.jsonld", LICENCE_URL),
        ("organisations/arcadia.jsonld", LICENCE_URL),
        ("quotes/{quote.slug}.jsonld", None),
        ("documents/{document.slug}.jsonld", None),
    ],
)
def test_linked_data_licenses_editions_but_not_the_words_of_others(client, public, path, licence):
    node = read_json(client, path.format(quote=public.quote, document=public.document))
    assert node["hasVersion"].get("license") == licence
    assert read_json(client, "contexts/1/")["@context"]["license"] == {"@id": "schema:license", "@type": "@id"}


def test_the_openapi_document_names_it(client, public):
    info = read_json(client, "schema/")["info"]
    assert info["license"] == {"name": LICENCE_NAME, "url": LICENCE_URL}
    assert RIGHTS_NOTICE in info["description"]


def test_the_page_of_the_licence_names_whose_the_maps_are(client, public):
    text = client.get("/licence/").content.decode()
    assert GAZETTEER_CREDIT in text and "Natural Earth" in text


def test_the_feed_names_it(client, public):
    feed = ElementTree.fromstring(client.get("/api/v1/changes.atom").content)
    assert feed.findtext("{http://www.w3.org/2005/Atom}rights") == RIGHTS_NOTICE


def test_a_snapshot_names_it(client, public, settings, tmp_path):
    settings.EXPORTS_DIR = tmp_path
    call_command("snapshot", verbosity=0)
    manifest = json.loads((tmp_path / "1" / "manifest.json").read_bytes())
    assert (manifest["license"], manifest["rights"]) == (LICENCE_URL, RIGHTS_NOTICE)
    assert read_json(client, "exports/1/") == manifest


def test_exported_fixtures_begin_with_it(world, tmp_path):
    call_command("export_register", tmp_path, stdout=io.StringIO())
    paths = sorted(tmp_path.glob("*.yaml"))
    for path in paths[:-1]:
        head = path.read_text().split("\n\n")[0]
        assert " ".join(line.removeprefix("# ") for line in head.splitlines()) == RIGHTS_NOTICE
    # A file without records has nothing to license.
    assert paths[-1].read_text() == "[]\n"
    assert read_fixtures(paths)


def test_a_workbook_and_an_archive_name_it(world):
    def sheets():
        return [(SHEETS_BY_NAME["organisations"], [])]

    with file_writer.build_workbook(sheets()) as file:
        book = load_workbook(file)
    assert RIGHTS_NOTICE in [row[0] for row in book["about"].iter_rows(values_only=True)]
    with file_writer.build_csv_archive(sheets()) as file, zipfile.ZipFile(file) as archive:
        assert archive.comment.decode() == RIGHTS_NOTICE
