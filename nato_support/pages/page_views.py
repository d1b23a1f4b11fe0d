"""Base class of the pages: rendered by a template, answered by the API's dispatch with its ETags, cache and throttle."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import get_template
from django.utils.translation import gettext, override

from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.content_negotiation import MEDIA_TYPES
from nato_support.api.dispatch import SAFE_METHODS, respond_to_request
from nato_support.api.problems import ApiProblem
from nato_support.data_licence import LICENCE_NAME, LICENCE_URL
from nato_support.pages.languages import (
    choose_language,
    in_this_language,
    language_context,
    language_cookie,
    query_without_language,
)
from nato_support.pages.page_urls import api_path, page_path
from nato_support.pages.problem_words import describe_problem

CONTENT_SECURITY_DIRECTIVES: Mapping[str, Sequence[str]] = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
# A client that asks for one of these is sent to the API, whose answers have no language.
_FORMATS_OF_API = ("json", "jsonld")


def policy_of_directives(directives: Mapping[str, Sequence[str]]) -> str:
    """Return the value of `Content-Security-Policy`."""
    return "; ".join(" ".join((directive, *sources)) for directive, sources in directives.items())


_CONTENT_SECURITY_POLICY = policy_of_directives(CONTENT_SECURITY_DIRECTIVES)


class Page:
    """A page that anyone may read: `get` takes an ApiRequest, and returns an ApiResponse or raises an ApiProblem."""

    formats: tuple[str, ...] = ("html",)
    """Formats offered, of `content_negotiation.MEDIA_TYPES`; a client that wants another than HTML is sent to the API."""
    methods = SAFE_METHODS
    content_security_policy = _CONTENT_SECURITY_POLICY
    heeds_accept_datetime = False
    depends_on_day = False
    """True if the page may differ from one day (UTC) to the next without a release."""
    is_translated = True
    """False for files without words for readers, which are the same in every language."""
    heeds_reader = True
    """False for what other sites show or link to: the address alone names its language."""
    suffix = ""
    """Format of a file beside a page, which its address names."""

    def __call__(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if not self.is_translated:
            return respond_to_request(request, self, kwargs, self.suffix)
        choice = choose_language(request, heeds_reader=self.heeds_reader)
        # Questions and addresses of the API know of no language.
        request.META["QUERY_STRING"] = query_without_language(request.META.get("QUERY_STRING", ""))
        request.language_choice = choice  # type: ignore[attr-defined]
        # English words are looked up in no catalogue: each would be missed in half a dozen.
        with override(None if choice.code == settings.LANGUAGE_CODE else choice.code):
            response = respond_to_request(request, self, kwargs, self.suffix)
        if choice.is_in_address and self.heeds_reader:
            response.headers["Set-Cookie"] = language_cookie(choice.code)
        return response

    def response_language(self, request: HttpRequest, output_format: str) -> tuple[str, bool]:
        """Return the language of a response, empty if it has none, and whether headers of the request decided on it."""
        if not self.is_translated or (output_format in _FORMATS_OF_API and not self.suffix):
            return "", False
        choice = request.language_choice  # type: ignore[attr-defined]
        return choice.code, not choice.is_in_address

    def get(self, request: ApiRequest, **kwargs: Any) -> ApiResponse:
        """Return the page, or a redirect to the API's form of it."""
        if request.output_format != "html":
            return self._api_redirect(request)
        return self.render(request, **kwargs)

    def render(self, request: ApiRequest, **kwargs: Any) -> ApiResponse:
        """Return the page as HTML."""
        raise NotImplementedError

    def link_header(self, path: str, query: str, output_format: str, offered: Sequence[str]) -> str:
        """Return the value of `Link`: the same as data, and the licence."""
        licence = f'<{LICENCE_URL}>; rel="license"'
        if len(self.formats) == 1:
            return licence
        return f'<{api_path(path)}>; rel="alternate"; type="application/json", {licence}'

    def problem_response(self, request: HttpRequest, problem: ApiProblem) -> HttpResponse:
        """Return a page that explains why there is nothing else to show."""
        return problem_page(request, problem, self.path_beside, self.content_security_policy)

    def path_beside(self, path: str) -> str:
        """Return the path of what this view shows, where that is something beside the page at `path`."""
        return path

    @staticmethod
    def _api_redirect(request: ApiRequest) -> ApiResponse:
        path = api_path(request.path)
        if request.output_format != "json":
            path = f"{path.rstrip('/')}.{request.output_format}"
        location = f"{path}?{request.query_string}" if request.query_string else path
        return ApiResponse(b"", MEDIA_TYPES["html"], status=303, extra_headers={"Location": location})


class FilePage(Page):
    """A file beside a page. Its address names its format, so that `Accept` does not matter."""

    content_security_policy = "default-src 'none'; frame-ancestors 'none'"
    heeds_reader = False

    def __init__(self, suffix: str):
        self.suffix = suffix
        self.formats = (suffix,)

    def get(self, request: ApiRequest, **kwargs: Any) -> ApiResponse:
        """Return the file."""
        return self.render(request, **kwargs)

    def path_beside(self, path: str) -> str:
        return f"{path.removesuffix('/')}.{self.suffix}"

    def problem_response(self, request: HttpRequest, problem: ApiProblem) -> HttpResponse:
        # A page, with the policy of pages.
        return problem_page(request, problem, self.path_beside)


def render_page(request: ApiRequest, template: str, context: Mapping[str, Any], **kwargs: Any) -> ApiResponse:
    """Render a template of `pages/` with what every page needs; `kwargs` go to the ApiResponse."""
    shared = {
        "site": request.site,
        "path": request.path,
        "canonical_path": request.path,
        "register": request.register,
        "search_text": "",
        **language_context(request.path, request.query_string),
    }
    body = _render(template, shared | dict(context))
    return ApiResponse(body, MEDIA_TYPES["html"], **kwargs)


def problem_page(
    request: HttpRequest, problem: ApiProblem, path_beside: Callable[[str], str] = str, policy: str = _CONTENT_SECURITY_POLICY
) -> HttpResponse:
    """Return the page for a problem, with its status and headers.

    A redirect leads to the page in place of the API's, or to what `path_beside` names beside it.
    """
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": policy} | problem.headers
    if "Location" in headers:
        path, mark, query = page_path(headers["Location"]).partition("?")
        headers["Location"] = f"{path_beside(path)}{mark}{query}"
    context = {
        "problem": describe_problem(problem),
        "location": headers.get("Location", ""),
        "status": problem.status,
        **language_context(request.path, request.META.get("QUERY_STRING", "")),
    }
    return HttpResponse(
        _render("problem.html", context), content_type=MEDIA_TYPES["html"], status=problem.status, headers=headers
    )


def _render(template: str, context: Mapping[str, Any]) -> bytes:
    shared: dict[str, Any] = {
        "sections": _sections(),
        "releases_feed": {"atom": in_this_language("/changes/feed.atom"), "json": in_this_language("/changes/feed.json")},
        "register_name": register_name(),
        "licence_name": LICENCE_NAME,
        "licence_url": LICENCE_URL,
    }
    return get_template(f"pages/{template}").render(shared | dict(context)).encode()


def register_name() -> str:
    """Return the name of the register, in the language of the request."""
    return gettext("NATO’s support for Ukraine: a register")


def _sections() -> list[tuple[str, str]]:
    """Return the path and label of each section in the head of every page."""
    return [
        ("/commitments/", gettext("Commitments")),
        ("/relations/", gettext("Relationships")),
        ("/organisations/", gettext("Organisations")),
        ("/events/", gettext("Events")),
        ("/documents/", gettext("Sources")),
        ("/contested/", gettext("Contested")),
        ("/due/", gettext("Due")),
        ("/method/", gettext("How we know")),
    ]
