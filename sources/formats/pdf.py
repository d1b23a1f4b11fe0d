"""PDFs: the text of their pages, with a form feed between two pages."""

import io

from sources.formats.author_names import clean_author_names, is_title
from sources.formats.extracted_document import ExtractedDocument, UnreadableDocument

PAGE_BREAK = "\f"


def extract_pdf(data: bytes) -> ExtractedDocument:
    """Return the text of a PDF. Raises UnreadableDocument."""
    try:
        import pypdf
        import pypdf.errors
    except ImportError:
        raise UnreadableDocument("PDFs need the package pypdf: pip install 'nato-support[capture]'. Or paste the text.") from None
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableDocument("The PDF is locked by a password. Open it with the password and paste its text.")
        # A form feed within a page would be counted as the end of one.
        pages = [page.extract_text().replace(PAGE_BREAK, "\n").strip("\n") for page in reader.pages]
        metadata = reader.metadata
        title, authors = (str(metadata.title or ""), str(metadata.author or "")) if metadata else ("", "")
        created = metadata.creation_date if metadata else None
    except pypdf.errors.DependencyError:
        raise UnreadableDocument("The PDF is locked. Open it and paste its text.") from None
    except UnreadableDocument:
        raise
    except Exception as error:
        # Broken files make their readers fail in many ways.
        raise UnreadableDocument(f"The PDF is damaged: {error}. Open it and paste its text.") from None
    if not any(page.strip() for page in pages):
        raise UnreadableDocument("The PDF contains images of pages but no text. Recognise its text first (OCR), or paste it.")
    draft = ExtractedDocument(f"\n{PAGE_BREAK}".join(pages), authors=clean_author_names([authors], from_file=True))
    draft.title = " ".join(title.split()) if is_title(title) else ""
    if created:
        draft.warnings.append(f"The file was made on {created:%Y-%m-%d}; a PDF does not say when it was published.")
    draft.warnings.append("PDF extraction breaks lines and may mix columns: check the text.")
    if empty_pages := sum(not page.strip() for page in pages):
        draft.warnings.append(f"{empty_pages} of {len(pages)} pages contain no text.")
    return draft
