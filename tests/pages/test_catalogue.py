"""The catalogues of the pages: complete, compiled, and with every word that a page shows."""

import gettext
import io
import re
from collections import Counter
from urllib.parse import parse_qsl

import pytest
from django.conf import settings

from entities.serializers import PLURALS
from nato_support.pages import filter_forms
from nato_support.pages.catalogue.messages import page_messages
from nato_support.pages.catalogue.po_files import CatalogueEntry, MessageKey, compile_mo, read_po, write_po
from nato_support.publishing.models.public_tables import Edition
from nato_support.publishing.publication import withdraw
from tests import world as make
from tests.invented import publish_cited
from tests.pages.pseudo_language import UntranslatedText, speak_pseudo, widen_register
from tests.pages.test_pages import PAGES

CATALOGUES = sorted((settings.BASE_DIR / "locale").glob("*/LC_MESSAGES/django.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)s|%s|</?\w[^>]*>|`[^`]*`")
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


@pytest.fixture(params=CATALOGUES, ids=lambda path: path.parts[-3])
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
    speak_pseudo(monkeypatch, read_po(CATALOGUES[-1].read_text(encoding="utf-8")))
    check_untranslated(client, [*((path, 200) for path in (*PAGES, *QUERIES, *record_paths(4))), *PROBLEMS])


@pytest.mark.slow
def test_no_page_of_the_shipped_register_has_a_word_that_nobody_can_translate(register, client, monkeypatch):
    widen_register()
    speak_pseudo(monkeypatch, read_po(CATALOGUES[-1].read_text(encoding="utf-8")))
    check_untranslated(client, [(path, 200) for path in (*PAGES, *record_paths(10_000))])
