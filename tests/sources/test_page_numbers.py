"""Pages of documents: kept when a file is read, and the page of each quote that of its place."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from sources import document_intake, formats, page_numbers
from sources.capture.capture_operations import capture_quote
from sources.models import SourceDocument, SourceQuote
from sources.text_replacement import replace_text
from tests import world as make

TEXT = "Arcadia to give kites\n\fAda Fell pledged forty kites in the yard.\n\fSome clerks count them in the harb-\nour."
CLERKS, PLEDGE = "Some clerks count them", "Ada Fell pledged forty kites"


def a_pdf(*pages: str, info: str = "") -> bytes:
    """A PDF of these pages, written by hand; each line of a page stands under the one before it."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", "", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", f"<<{info}>>"]
    kids = []
    for page in pages:
        lines = "".join(f"({line}) Tj 0 -20 Td " for line in page.split("\n")) if page else ""
        stream = f"BT /F1 12 Tf 20 700 Td {lines}ET" if page else ""
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents {len(objects) + 2} 0 R/Resources<</Font<</F1 3 0 R>>>>>>"
        )
        objects.append(f"<</Length {len(stream)}>>\nstream\n{stream}\nendstream")
    objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>"
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R/Info 4 0 R>>\nstartxref\n{len(body)}\n%%EOF\n"
    return (f"{body}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}").encode("latin-1")


@pytest.mark.parametrize(
    ("pages", "text"),
    [
        (("Forty kites.",), "Forty kites."),
        (("Forty kites.", "Ten kegs."), "Forty kites.\n\fTen kegs."),
        (("Forty kites.", "", "Ten kegs."), "Forty kites.\n\f\n\fTen kegs."),
        (("", "Ten kegs."), "\n\fTen kegs."),
        (("The com-\nmitment", "of all"), "The com-\nmitment\n\fof all"),
    ],
)
def test_a_pdf_keeps_its_pages(pages, text):
    draft = document_intake.read_document_file(a_pdf(*pages), "release.pdf")
    assert draft.text == text
    assert len(page_numbers.find_page_breaks(draft.text)) == len(pages) - 1


def test_the_properties_of_a_pdf_are_no_bibliography_by_themselves():
    pdf = a_pdf("Kites for all\nBy Ada Fell\nJuly 11, 2024", info="/Title(10811.exe)/Author(office-2007)")
    draft = formats.extract(pdf, "release.pdf")
    assert (draft.title, draft.authors, draft.published_on) == ("Kites for all", "Ada Fell", "2024-07-11")


@pytest.mark.parametrize(
    ("text", "offset", "page"),
    [("one", 0, None), ("one\ftwo", 0, 1), ("one\ftwo", 3, 1), ("one\ftwo", 4, 2), ("\f\fthree", 2, 3), ("", 0, None)],
)
def test_a_page_is_counted_by_the_breaks_before_it(text, offset, page):
    assert page_numbers.page_of_offset(page_numbers.find_page_breaks(text), offset) == page


@pytest.mark.django_db
class TestQuotes:
    @pytest.fixture
    def document(self) -> SourceDocument:
        return document_intake.add_document(SourceDocument(title="Kites"), TEXT)

    def quote(self, document, words: str, **values) -> SourceQuote:
        start = document.text.index(words)
        place = {"start": start, "end": start + len(words), "exact": words}
        return SourceQuote(document=document, kind="narration", **place | values)

    def test_a_quote_gets_its_page_when_it_is_captured(self, document, people):
        start = TEXT.index(CLERKS)
        quote, _ = capture_quote(
            document, people("edith", "editor"), start=start, end=start + len(CLERKS), exact=CLERKS, kind="narration"
        )
        quote.refresh_from_db()
        assert quote.page == 3

    def test_a_quote_gets_its_page_when_it_is_saved(self, document):
        quote = self.quote(document, PLEDGE)
        quote.save()
        assert SourceQuote.objects.get().page == 2
        quote.start = quote.page = TEXT.index(CLERKS)
        quote.exact, quote.end = CLERKS, quote.start + len(CLERKS)
        quote.save()
        assert SourceQuote.objects.get().page == 3

    def test_a_typed_page_that_contradicts_is_refused(self, document):
        with pytest.raises(ValidationError, match="is on page 3 of the document"):
            self.quote(document, CLERKS, page=2).full_clean(exclude=["slug"])
        self.quote(document, CLERKS, page=3).full_clean(exclude=["slug"])

    def test_the_database_refuses_another_page(self, document):
        for page in (2, None):
            with pytest.raises(IntegrityError, match="page"), transaction.atomic():
                SourceQuote.objects.bulk_create([self.quote(document, CLERKS, page=page, slug="kites-q1")])
        SourceQuote.objects.bulk_create([self.quote(document, CLERKS, page=3, slug="kites-q1")])
        with pytest.raises(IntegrityError, match="page"), transaction.atomic():
            SourceQuote.objects.update(page=1)

    def test_a_document_without_breaks_takes_a_typed_page(self):
        document = document_intake.add_document(SourceDocument(title="Kites"), TEXT.replace("\f", ""))
        quote = self.quote(document, CLERKS, page=12)
        quote.full_clean(exclude=["slug"])
        quote.save()
        assert SourceQuote.objects.get().page == 12

    def test_pages_follow_a_new_text(self, document):
        quote = self.quote(document, CLERKS)
        quote.save()
        version = quote.version
        replace_text(document, TEXT.replace("\fAda", " Ada"))
        quote.refresh_from_db()
        assert (quote.page, quote.verification) == (2, "text")
        assert quote.version > version
        replace_text(SourceDocument.objects.get(), "A cover.\n\f" + TEXT)
        quote.refresh_from_db()
        assert (quote.page, quote.exact) == (4, CLERKS)

    def test_breaks_that_differ_from_the_text_are_found(self, document):
        from nato_support.publishing.quotation_limit import find_quotation_problems

        self.quote(document, CLERKS).save()
        SourceDocument.objects.update(page_breaks=[3])
        assert "page_breaks" in {problem.field for problem in find_quotation_problems()}


def test_the_world_of_tests_has_no_pages():
    assert page_numbers.find_page_breaks(make.ARTICLE) == []
