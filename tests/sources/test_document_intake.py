"""What comes in is read by its content, cleaned in the open, told apart from what is there, and added whole or not at all."""

import builtins
import io
import zipfile

import pytest
from django.core.exceptions import ValidationError

from entities.models import Organisation
from sources import document_intake, fingerprint, formats, near_copies
from sources.models import SourceDocument
from tests import world as make
from tests.steps import assert_linear

PAGE = """<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Arcadia to give kites | Courier</title>
<meta property="og:site_name" content="Arcadian Courier"><meta name="author" content="Bo Quill">
<link rel="canonical" href="https://www.courier.example/kites/?utm_source=feed">
<meta property="article:published_time" content="2024-07-09T10:00:00Z">
<meta property="article:modified_time" content="2024-07-10T08:00:00Z">
<script>document.write("made by a script")</script></head><body><nav><a href="/">Home</a></nav><article>
<h1>Arcadia to give kites</h1>
<p>Arcadia will give Ruritania 40 kites, its minister said on Tuesday to everybody who would listen in the yard.</p>
<script>alert("evil")</script><p onclick="evil()">“We pledge forty kites – no more and no less,” Ada Fell told
reporters at the Lake Meeting in Valleytown, where the wind was good and the sky was clear.</p>
<style>p { color: red }</style><p>About 700 clerks are to count them in Harbourton, officials said in the evening.</p>
</article></body></html>"""


def test_a_saved_page_gives_its_text_and_its_bibliography():
    draft = document_intake.read_document_file(PAGE.encode(), "kites.html")
    assert "“We pledge forty kites – no more and no less,” Ada Fell told reporters" in draft.text
    assert (draft.title, draft.publisher, draft.authors) == ("Arcadia to give kites", "Arcadian Courier", "Bo Quill")
    assert (draft.published_on, draft.updated_on, draft.language) == ("2024-07-09", "2024-07-10", "en")
    assert draft.url == "https://www.courier.example/kites/?utm_source=feed"
    assert draft.warnings == []


def test_nothing_of_a_pages_scripts_is_kept():
    text = document_intake.read_document_file(PAGE.encode(), "kites.html").text
    assert not any(word in text for word in ("script", "evil", "alert", "color", "<", "Home"))


def a_book(days: int) -> str:
    return "".join(f"On day {day} the clerk of ward {day % 97} counted {day * 7} kites.\n" for day in range(days))


def an_enormous_page(paragraphs: int) -> bytes:
    return PAGE.replace("</article>", "<p>Kites fly.</p>" * paragraphs + "</article>").encode()


def test_of_an_enormous_page_all_text_is_taken():
    draft = document_intake.read_document_file(an_enormous_page(40_000), "kites.html")
    assert (draft.title, draft.text.count("\nKites fly."), draft.language) == ("Arcadia to give kites", 40_000, "en")
    assert not any(word in draft.text for word in ("script", "evil", "alert", "color", "<"))
    assert any("too large to separate the article" in warning for warning in draft.warnings)


@pytest.mark.slow
def test_twice_an_enormous_page_takes_some_twice_the_steps():
    pages = {paragraphs: an_enormous_page(20_000 + paragraphs) for paragraphs in (1, 20_000, 40_000)}
    assert_linear(lambda paragraphs: document_intake.read_document_file(pages[paragraphs], "kites.html"), 20_000)


def test_an_archived_page_gives_its_address():
    archive = (
        "From: <Saved>\r\nSnapshot-Content-Location: https://courier.example/kites\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related;\r\n\ttype="text/html"; boundary="--b"\r\n\r\n----b\r\nContent-Type: text/html\r\n'
        "Content-Transfer-Encoding: 8bit\r\n\r\n" + PAGE.replace('<link rel="canonical"', "<link") + "\r\n----b--\r\n"
    )
    draft = document_intake.read_document_file(archive.encode(), "kites.mhtml")
    assert "We pledge forty kites" in draft.text
    assert draft.url == "https://courier.example/kites"


def a_pdf(words: str) -> bytes:
    """A PDF of one page, written by hand."""
    stream = f"BT /F1 12 Tf 20 700 Td ({words}) Tj ET" if words else ""
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(stream)}>>\nstream\n{stream}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        "<</Title(A release on kites)/Author(Bo Quill)>>",
    ]
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(body)
    body += f"xref\n0 7\n0000000000 65535 f \n{table}trailer\n<</Size 7/Root 1 0 R/Info 6 0 R>>\nstartxref\n{start}\n%%EOF\n"
    return body.encode("latin-1")


def test_a_pdf_gives_its_text():
    draft = document_intake.read_document_file(a_pdf("We pledge forty kites, no more and no less."), "release.pdf")
    assert draft.text == "We pledge forty kites, no more and no less."
    assert (draft.title, draft.authors) == ("A release on kites", "Bo Quill")
    assert any("check the text" in warning for warning in draft.warnings)


def test_a_locked_pdf_is_refused():
    from pypdf import PdfWriter

    writer = PdfWriter(clone_from=io.BytesIO(a_pdf("Kites.")))
    writer.encrypt("secret", algorithm="RC4-128")
    locked = io.BytesIO()
    writer.write(locked)
    with pytest.raises(formats.UnreadableDocument, match="locked by a password"):
        document_intake.read_document_file(locked.getvalue(), "release.pdf")


def zipped(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


def nested(depth: int) -> bytes:
    """An archive in an archive in an archive."""
    edges = [b"", *(b"--%d\n" % number for number in range(depth))]
    return b"".join(b'%sContent-Type: multipart/related; boundary="%d"\n\n' % (edge, at) for at, edge in enumerate(edges))


@pytest.mark.parametrize(
    ("data", "filename", "words"),
    [
        (b"", "kites.txt", "is empty"),
        (b" \r\n\0", "kites.txt", "is empty"),
        (zipped("word/document.xml", b"0" * 50_000_000), "kites.txt", "ZIP archive, such as a Word"),
        (b"\xd0\xcf\x11\xe0 old", "kites.doc", "old Office document"),
        (b"{\\rtf1 kites}", "kites.txt", "Rich Text"),
        (b"\x89PNG\r\n", "kites.pdf", "a picture"),
        (b"x" * 25_000_001, "kites.txt", "the limit is 25,000,000"),
        (b"x" * 5_000_001, "kites.txt", "the limit is 5,000,000. Split it"),
        (a_pdf(""), "kites.pdf", "no text"),
        (b"%PDF-1.4 broken off", "kites.pdf", "damaged"),
        (b"<html><body></body></html>", "kites.html", "No article was found"),
        ("Forty kites – “ten” – “more”.\n".encode() * 3 + b"and \xff so on", "kites.txt", r"Byte \d+ \(0xff, in line 4\)"),
        (b"Caf\x81 kites", "kites.txt", r"Byte 3 \(0x81, in line 1\)"),
        (b"<html><meta charset=klingon><p>Caf\xe9", "kites.html", "klingon, which is unknown"),
        (b"<html><meta charset=undefined><p>Caf\xe9", "kites.html", "undefined, which is unknown"),
        (nested(1_000), "kites.mhtml", "The saved page is damaged"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(data, filename, words):
    with pytest.raises(formats.UnreadableDocument, match=words):
        document_intake.read_document_file(data, filename)


@pytest.mark.parametrize(
    ("data", "filename", "kind"),
    [
        (PAGE.encode(), "kites.txt", "a web page"),
        (PAGE.encode("utf-16"), "kites.txt", "a web page"),
        (b"Forty kites.", "kites.html", "plain text"),
        (a_pdf("Forty kites."), "kites.txt", "a PDF"),
        (b"Forty kites.", "kites.exe", "plain text"),
    ],
)
def test_a_wrong_ending_is_said_and_the_content_believed(data, filename, kind):
    draft = document_intake.read_document_file(data, filename)
    assert "orty kites" in draft.text
    assert f"the content is {kind}" in draft.warnings[0]


@pytest.mark.parametrize("missing", ["trafilatura", "pypdf"])
def test_a_package_that_is_not_there_is_named(monkeypatch, missing):
    imports = builtins.__import__

    def without(name, *args, **kwargs):
        if name.partition(".")[0] == missing:
            raise ImportError(name)
        return imports(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(formats.UnreadableDocument, match=f"need the package {missing}: pip install"):
        document_intake.read_document_file(PAGE.encode() if missing == "trafilatura" else a_pdf("Kites."))


@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [
        ("Café “kites” – 40 €", "utf-8", ""),
        ("Café “kites” – 40 €", "utf-8-sig", ""),
        ("Café “kites” – 40 €", "utf-16", ""),
        ("Forty kites for all", "utf-16-le", ""),
        ("Forty kites for all", "utf-16-be", ""),
        ("Сорок зміїв уже тут, сказала вона", "utf-16-le", ""),
        ("Сорок зміїв уже тут, сказала вона", "utf-16-be", ""),
        ("Café “kites” – 40 €, señor", "windows-1252", "windows-1252"),
        ("Сорок повітряних зміїв, сказала вона", "windows-1251", "windows-1251"),
        ("СОРОК ПОВІТРЯНИХ ЗМІЇВ, СКАЗАЛА ВОНА", "windows-1251", "windows-1251"),
        ("Сорок повітряних зміїв, сказала вона", "koi8-u", "koi8-u"),
        ("Сорок повітряних зміїв, сказала вона", "iso-8859-5", "iso-8859-5"),
        ("Czterdzieści latawców, powiedział książę, są już u nas", "windows-1250", "windows-1250"),
        ("Czterdzieści latawców, powiedział książę, są już u nas", "iso-8859-2", "iso-8859-2"),
    ],
)
def test_a_text_is_read_in_the_encoding_that_it_is_in(text, encoding, said):
    draft = document_intake.read_document_file(text.encode(encoding), "kites.txt")
    assert draft.text == text
    assert [warning for warning in draft.warnings if said not in warning] == []
    assert bool(draft.warnings) == bool(said)


def test_a_page_is_read_in_the_encoding_that_it_declares():
    page = PAGE.replace("utf-8", "windows-1251").replace("Ada Fell", "Ада Фелл").replace("“", "«").replace("”", "»")
    assert "Ада Фелл told" in document_intake.read_document_file(page.encode("windows-1251"), "kites.html").text


@pytest.mark.parametrize(
    ("given", "kept", "said"),
    [
        ("one\r\ntwo\rthree\nfour", "one\ntwo\nthree\nfour", ""),
        ("one\u2028two\vthree", "one\ntwo\nthree", ""),
        ("kites\0 and\0 more", "kites and more", "2 × U+0000"),
        ("evil \u202etxet\u202c", "evil txet", "1 × U+202C POP DIRECTIONAL FORMATTING, 1 × U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("\ufeffkites\x1b[0m", "kites[0m", "1 × U+001B"),
        ("kites \ud83e alone", "kites  alone", "1 × U+D83E"),
        ("was f\ufffdund", "was f\ufffdund", "1 character(s) had been lost"),
        # The rest is the publisher's, character for character.
        (
            "cafe\u0301 café ki\u00adtes می\u200cخواهم 👩\u200d🚀 \t x ",
            "cafe\u0301 café ki\u00adtes می\u200cخواهم 👩\u200d🚀 \t x ",
            "",
        ),
    ],
)
def test_what_is_no_part_of_the_words_is_removed_and_said(given, kept, said):
    text, warnings = document_intake.clean_text(given)
    assert text == kept
    assert said in " ".join(warnings)
    assert bool(warnings) == bool(said)


def test_a_text_of_200_000_words_is_taken_and_one_over_the_limit_refused():
    assert document_intake.clean_text("kites for all " * 70_000)[0]
    with pytest.raises(formats.UnreadableDocument, match="5,000,001 characters"):
        document_intake.clean_text("x" * 5_000_001)
    with pytest.raises(formats.UnreadableDocument, match="no text"):
        document_intake.clean_text(" \n\0")


@pytest.mark.django_db
class TestInTheRegister:
    def test_a_document_is_added_with_its_hash_and_fingerprint(self, arcadia):
        document = SourceDocument(title="Kites", publisher=arcadia, published_on="2024-07-09")
        added = document_intake.add_document(document, make.ARTICLE)
        assert (added.slug, added.status, added.text) == ("arcadia-2024-07-09", "draft", make.ARTICLE)
        assert (added.sha256, added.fingerprint) == (
            fingerprint.text_hash(make.ARTICLE),
            fingerprint.make_fingerprint(make.ARTICLE),
        )
        second = document_intake.add_document(
            SourceDocument(title="Kites", publisher=arcadia, published_on="2024-07-09"), "Another text."
        )
        assert second.slug == "arcadia-2024-07-09-2"

    @pytest.mark.parametrize(
        ("fields", "slug"),
        [
            ({"url": "https://www.courier.example/kites", "published_on": "2024-07"}, "courier-example-2024-07"),
            ({}, "kites-fly"),
            ({"title": "Повітряні змії"}, "povitryani-zmii"),
            ({"title": "!!!"}, "document"),
        ],
    )
    def test_a_public_id_is_made_of_what_is_known(self, fields, slug):
        assert document_intake.add_document(SourceDocument(**{"title": "Kites fly"} | fields), make.ARTICLE).slug == slug

    def test_a_publisher_that_is_not_known_is_added_as_a_draft(self):
        document = document_intake.add_document(
            SourceDocument(title="Kites"), make.ARTICLE, new_publisher_name=" Arcadian  Courier "
        )
        assert document.publisher.name == "Arcadian Courier"
        assert (document.publisher.type, document.publisher.status) == ("media", "draft")

    def test_what_is_refused_leaves_nothing_behind(self):
        make.a_document()
        with pytest.raises(ValidationError, match="already in the register"):
            document_intake.add_document(SourceDocument(title="Kites"), make.ARTICLE, new_publisher_name="Courier")
        with pytest.raises(ValidationError):
            document_intake.add_document(
                SourceDocument(title="", url="ftp://courier.example"), "Another text.", new_publisher_name="Courier"
            )
        assert SourceDocument.objects.count() == 1
        assert not Organisation.objects.exists()

    @pytest.mark.parametrize(
        ("text", "url", "same"),
        [
            (make.ARTICLE, "", True),
            (make.ARTICLE.replace("\n\n", "\n").replace(" ", "  ") + "\n", "", True),
            (make.ARTICLE.replace("40", "41"), "", False),
            ("Another text.", "http://courier.example/kites#top", True),
            ("Another text.", "https://www.courier.example/kites/?utm_source=feed&fbclid=1", True),
            ("Another text.", "https://courier.example/kites?page=2", False),
            ("Another text.", "https://courier.example/", False),
            ("Another text.", "https://[broken", False),
            ("", "", False),
        ],
    )
    def test_a_document_that_is_there_already_is_known_by_its_text_or_address(self, text, url, same):
        document = make.a_document(url="https://www.courier.example/kites")
        make.a_document("other", text="Something else.", url="https://elsewhere.example/kites")
        assert document_intake.find_same_document(text, url) == (document if same else None)

    @pytest.mark.parametrize("held", [True, False])
    def test_near_copies_are_found_whether_or_not_their_text_is_held(self, held):
        document = make.a_document()
        make.a_document("other", text="The wind in Harbourton was good, and the sky was clear all day long.")
        SourceDocument.objects.filter(pk=document.pk).update(text=make.ARTICLE if held else "")
        syndicated = "By our own reporter.\n" + make.ARTICLE.replace("About 700", "Some 700") + "More to follow soon from us."
        [(found, similarity)] = near_copies.find_near_copies(syndicated)
        assert found == document
        assert 0.7 < similarity < 1
        assert near_copies.find_near_copies(make.ARTICLE)[0] == (document, 1)
        assert near_copies.find_near_copies("Nothing of the sort was ever said by anybody in the whole of the land.") == []
        assert near_copies.find_near_copies("Kites.") == []

    def test_publishers_are_known_by_any_of_their_names(self, arcadia):
        courier = make.an_organisation("arcadian-courier", type="media")
        courier.names.create(text="The Courier", kind="alias")
        assert document_intake.find_publisher("arcadian  courier") == courier
        assert document_intake.find_publisher("the courier") == courier
        assert document_intake.find_publisher("Courier") is None
        make.an_organisation("other", name="Arcadia")
        assert document_intake.find_publisher("Arcadia") is None
        assert document_intake.find_publisher(" ") is None

    def test_twice_the_documents_are_looked_through_in_some_twice_the_steps(self):
        words = [f"word{n}" for n in range(3_000)]
        documents = []
        for number in range(200):
            text = " ".join(words[(number * 7 + place * (number % 13 + 1)) % 3_000] for place in range(80))
            proof = {"sha256": fingerprint.text_hash(text), "fingerprint": fingerprint.make_fingerprint(text)}
            documents.append(SourceDocument(slug=f"d-{number}", title="Kites", text=text, **proof))
        SourceDocument.objects.bulk_create(documents[:1])

        def look(count: int) -> None:
            SourceDocument.objects.bulk_create(documents[SourceDocument.objects.count() : count])
            assert document_intake.find_same_document(make.ARTICLE, "https://courier.example/kites") is None
            assert near_copies.find_near_copies(make.ARTICLE) == []

        assert_linear(look, 100)

    @pytest.mark.slow
    def test_a_document_of_200_000_words_is_added(self):
        text = a_book(20_000)
        assert len(text.split()) >= 200_000
        document = document_intake.add_document(SourceDocument(title="The book of kites"), text)
        assert near_copies.find_near_copies(text) == [(document, 1)]

    def test_twice_the_words_are_added_in_some_twice_the_steps(self):
        texts = {days: a_book(days) for days in (1, 400, 800)}
        assert_linear(
            lambda days: document_intake.add_document(SourceDocument(title=f"The book of {days} days"), texts[days]), 400
        )
