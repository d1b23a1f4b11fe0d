"""Pages of pictures, with the files beside them and the frame in which other sites show them."""

from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.content_negotiation import MEDIA_TYPES
from nato_support.api.parameters import decode_query_pairs
from nato_support.api.problems import ApiProblem, invalid_parameters_problem
from nato_support.pages.citations import Citation
from nato_support.pages.languages import in_this_language
from nato_support.pages.page_pictures import PagePicture, picture_file_path
from nato_support.pages.page_queries import filled_query
from nato_support.pages.page_views import CONTENT_SECURITY_DIRECTIVES, FilePage, Page, policy_of_directives, render_page
from nato_support.pages.picture_files import can_draw_bitmaps, csv_file, png_file, svg_file
from nato_support.pages.picture_questions import PictureQuestion, QueryPairs
from nato_support.pages.pictures.drawing import NARROW, Picture
from nato_support.pages.pictures.standalone import styles_hash

MAX_EMBED_BYTES = 30_000
"""A frame that would be larger shows the picture as a file."""
PICTURE_SUFFIXES = ("svg", "png", "csv")
_WIDTHS = ("wide", "narrow")
_NARROW_AT_MOST = 448
"""Width in pixels up to which a frame enlarges the narrow drawing."""
_FRAME_ROOM = 170
"""Pixels of a frame for the title and the credit."""


class _OfPicture(Page):
    """A page of a picture, or what is beside it."""

    question: PictureQuestion

    def answer(self, request: ApiRequest, pairs: QueryPairs, **kwargs: Any) -> tuple[PagePicture, Citation]:
        """Return the picture and how to cite it. Raises a problem if there is nothing to draw."""
        picture = self.question.picture(request, pairs, **kwargs)
        if picture is None:
            raise ApiProblem("not-found")
        return picture, self.question.citation(request, picture, pairs, **kwargs)

    def asked_pairs(self, request: ApiRequest) -> QueryPairs:
        """Return the parameters of the question that the picture answers."""
        pairs, _ = decode_query_pairs(filled_query(request.query_string))
        return [pair for pair in pairs if pair[0] not in self.question.own_parameters]

    def path_beside(self, path: str) -> str:
        return self.question.path_after_redirect(path)


class _OfFile(_OfPicture, FilePage):
    """A file beside the page of a picture."""

    def __init__(self, question: PictureQuestion, suffix: str):
        super().__init__(suffix)
        self.question = question

    def path_beside(self, path: str) -> str:
        return picture_file_path(self.question.path_after_redirect(path), self.suffix)


class PicturePage(_OfPicture):
    """A picture with its table, its files, the code to embed it, and how to cite it."""

    def __init__(self, question: PictureQuestion):
        self.question = question

    def render(self, request: ApiRequest, **kwargs: Any) -> ApiResponse:
        pairs = self.asked_pairs(request)
        picture = self.question.picture(request, pairs, **kwargs)
        context: dict[str, Any] = {"title": gettext("Nothing to draw"), "record_path": self.question.record_path(**kwargs)}
        if picture is None:
            return render_page(request, "picture_page.html", context, status=404)
        citation = self.question.citation(request, picture, pairs, **kwargs)
        context |= {
            "title": picture.wide.title,
            "description": picture.description,
            "picture": picture,
            "cite": citation,
            "is_pinned": any(name == "as_of" for name, _ in pairs),
            "pinned_path": citation.reference.url.removeprefix(request.site),
            "embed_code": embed_code(picture, f"{request.site}{picture.path}"),
            "pinned_embed_code": embed_code(picture, citation.reference.url),
            "png_path": in_this_language(picture_file_path(picture.path, "png")) if can_draw_bitmaps() else "",
        }
        return render_page(request, "picture_page.html", context)


class PictureFile(_OfFile):
    """A picture as SVG or PNG, or its table as CSV."""

    def __init__(self, question: PictureQuestion, suffix: str):
        super().__init__(question, suffix)
        if suffix == "svg":
            self.content_security_policy = f"default-src 'none'; style-src {styles_hash()}; frame-ancestors 'none'"

    def render(self, request: ApiRequest, **kwargs: Any) -> ApiResponse:
        pairs = self.asked_pairs(request)
        width = dict(pairs).get("width", "wide") if self.suffix != "csv" else "wide"
        if width not in _WIDTHS:
            raise invalid_parameters_problem([{"in": "query", "name": "width", "code": "not_allowed", "allowed": [*_WIDTHS]}])
        pairs = [pair for pair in pairs if pair[0] != "width" or self.suffix == "csv"]
        picture, citation = self.answer(request, pairs, **kwargs)
        drawn = picture.narrow if width == "narrow" else picture.wide
        if self.suffix == "csv":
            name = f'attachment; filename="{citation.reference.key}.csv"'
            return ApiResponse(
                csv_file(picture, request.site, citation), MEDIA_TYPES["csv"], extra_headers={"Content-Disposition": name}
            )
        if self.suffix == "svg":
            return ApiResponse(svg_file(drawn, request.site, citation), "image/svg+xml")
        return ApiResponse(png_file(drawn, request.site, citation), "image/png")


class PictureCitation(_OfFile):
    """Citation of a picture, for reference managers."""

    def path_beside(self, path: str) -> str:
        return f"{self.question.path_after_redirect(path)}cite.{self.suffix}"

    def render(self, request: ApiRequest, **kwargs: Any) -> ApiResponse:
        _, citation = self.answer(request, self.asked_pairs(request), **kwargs)
        return citation.file_response(self.suffix)


class PictureFrame(_OfPicture):
    """A picture for the frames of other sites: no script, and small."""

    heeds_reader = False
    content_security_policy = policy_of_directives(
        {**CONTENT_SECURITY_DIRECTIVES, "script-src": ["'none'"], "form-action": ["'none'"], "frame-ancestors": ["*"]}
    )

    def __init__(self, question: PictureQuestion):
        self.question = question

    def path_beside(self, path: str) -> str:
        return f"{self.question.path_after_redirect(path)}embed/"

    def render(self, request: ApiRequest, **kwargs: Any) -> ApiResponse:
        picture, citation = self.answer(request, self.asked_pairs(request), **kwargs)
        context = {"title": picture.wide.title, "picture": picture, "cite": citation}
        frame = render_page(request, "embed.html", context | {"drawings": _framed_drawings(picture)})
        if len(frame.body) > MAX_EMBED_BYTES:
            narrow_path = picture_file_path(f"{picture.path}{'&' if '?' in picture.path else '?'}width=narrow", "svg")
            frame = render_page(request, "embed.html", context | {"narrow_path": in_this_language(narrow_path)})
        return frame


def embed_code(picture: PagePicture, url: str) -> str:
    """Return the HTML that shows a picture, whose page is at `url`, in another site."""
    page, mark, query = url.partition("?")
    height = max(picture.wide.height, round(picture.narrow.height * _NARROW_AT_MOST / NARROW)) + _FRAME_ROOM
    return format_html(
        '<iframe src="{}" title="{}" width="100%" height="{}" frameborder="0" loading="lazy"></iframe>',
        in_this_language(f"{page}embed/{mark}{query}"),
        picture.wide.title,
        height,
    )


def _framed_drawings(picture: PagePicture) -> list[str]:
    """Return both drawings. What links within the page of the picture leads there."""
    return [_with_page_links(drawn, picture.path) for drawn in (picture.wide, picture.narrow)]


def _with_page_links(drawn: Picture, path: str) -> str:
    return mark_safe(str(drawn.svg).replace('href="#', f'href="{escape(path)}#'))  # noqa: S308 - escaped where it was drawn
