"""Files of a picture: SVG, PNG and CSV, each with its source and licence within it."""

import csv
import io
import struct
import zlib
from importlib.util import find_spec
from pathlib import Path

from django.utils.translation import gettext

from nato_support.api.problems import ApiProblem
from nato_support.api.renderers.csv_tables import BYTE_ORDER_MARK, csv_cell
from nato_support.data_licence import GAZETTEER_CREDIT, LICENCE_NAME, LICENCE_URL
from nato_support.pages.citations import Citation
from nato_support.pages.page_pictures import PagePicture
from nato_support.pages.page_urls import API_PREFIX, page_path
from nato_support.pages.pictures.drawing import Picture
from nato_support.pages.pictures.standalone import standalone_svg

PNG_SCALE = 2
"""Pixels of a bitmap for each of the drawing: sharp on dense screens and in print."""
_FONTS = Path("/usr/share/fonts")
_PNG_HEAD_BYTES = 33
"""Signature and first chunk, after which texts may stand."""


def can_draw_bitmaps() -> bool:
    """Return whether this server has what bitmaps are drawn with: a package that is optional, and fonts."""
    return find_spec("resvg_py") is not None and _FONTS.is_dir()


def svg_file(drawn: Picture, site: str, citation: Citation) -> bytes:
    """Return the drawing as an SVG document that is dark where its readers prefer that."""
    text = standalone_svg(drawn, site, credit_line(citation), source_statement(citation))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def png_file(drawn: Picture, site: str, citation: Citation) -> bytes:
    """Return the drawing as a bitmap. Raises a problem where the server cannot make any."""
    if not can_draw_bitmaps():
        detail = gettext(
            "This server draws no bitmaps: they need the package resvg-py (pip install 'nato-support[pictures]') and fonts"
            " (apt-get install fonts-dejavu-core). The same picture can be had as SVG."
        )
        raise ApiProblem("not-acceptable", detail, available=["image/svg+xml", "text/csv"])
    from resvg_py import svg_to_bytes

    text = standalone_svg(drawn, site, credit_line(citation), by_night=False)
    image = bytes(svg_to_bytes(svg_string=text, zoom=PNG_SCALE, sans_serif_family="DejaVu Sans", font_dirs=[str(_FONTS)]))
    texts = {
        "Title": drawn.title,
        "Description": drawn.description,
        "Source": citation.reference.words,
        "Copyright": f"{LICENCE_NAME}, {LICENCE_URL}",
    }
    chunks = b"".join(_text_chunk(name, words) for name, words in texts.items())
    return image[:_PNG_HEAD_BYTES] + chunks + image[_PNG_HEAD_BYTES:]


def csv_file(picture: PagePicture, site: str, citation: Citation) -> bytes:
    """Return the table of the picture; its last two columns say in each row where it is from and on which terms."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow([*picture.wide.columns, gettext("Source"), gettext("Licence")])
    for row in picture.wide.rows:
        cells = [_full_address(cell, site) for cell in row]
        writer.writerow([csv_cell(cell) for cell in (*cells, citation.reference.words, f"{LICENCE_NAME}, {LICENCE_URL}")])
    return f"{BYTE_ORDER_MARK}{lines.getvalue()}".encode()


def credit_line(citation: Citation) -> str:
    """Return what is shown beneath a picture: whose it is, as of when, and on which terms."""
    reference = citation.reference
    return f"{reference.publisher}, {reference.version}, {citation.day}. {LICENCE_NAME}. {reference.url.partition('?')[0]}"


def source_statement(citation: Citation) -> str:
    """Return what stands within the file: how to cite it, and on which terms it may be used."""
    return f"{citation.reference.words}. {LICENCE_NAME}, {LICENCE_URL}. {GAZETTEER_CREDIT}"


def _full_address(cell: str, site: str) -> str:
    """Return the address of the page for a path of the API; numbers of the totals have no page but the API's."""
    if not cell.startswith(f"{API_PREFIX}/"):
        return cell
    return f"{site}{cell if '/totals/' in cell else page_path(cell)}"


def _text_chunk(keyword: str, text: str) -> bytes:
    """Return a chunk iTXt of PNG: uncompressed UTF-8 without a language."""
    content = b"iTXt" + keyword.encode("ascii") + b"\0\0\0\0\0" + text.encode()
    return struct.pack(">I", len(content) - 4) + content + struct.pack(">I", zlib.crc32(content))
