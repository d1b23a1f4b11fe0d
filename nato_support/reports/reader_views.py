"""Pages for readers: the form of a report, and what became of it. Neither takes or sets a cookie, and no cache keeps them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, override
from django.views.decorators.csrf import csrf_exempt

from nato_support.api import dispatch
from nato_support.api.api_request import ApiRequest
from nato_support.api.collections import COLLECTIONS
from nato_support.api.problems import ApiProblem
from nato_support.api.register_state import newest_register_state
from nato_support.pages.languages import choose_language, query_without_language
from nato_support.pages.page_views import problem_page, render_page
from nato_support.publishing.models.public_tables import Edition
from nato_support.reports.form_tokens import OpenedForm, hash_token, make_form_token, read_form_token
from nato_support.reports.models import ReaderReport
from nato_support.reports.receiving import receive_report, was_received
from nato_support.reports.report_form import ReportForm
from nato_support.reports.reported_facts import ReportedFact, public_fact
from nato_support.reports.sending_limits import seconds_to_wait
from nato_support.serving.site_address import site_address

LONGEST_FIELD = 120
_HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}


def _reader_page(*methods: str) -> Callable:
    """Decorate a view of such pages: problems become pages, and its headers keep it out of caches and indexes."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        # Tokens in the forms stand in for CSRF cookies (nato_support.reports.form_tokens).
        @csrf_exempt
        @wraps(view)
        def answer(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            with override(choose_language(request).code):
                try:
                    if request.method not in methods:
                        raise ApiProblem("method-not-allowed", headers={"Allow": ", ".join(methods)})
                    dispatch.throttle.spend_request(request)
                    response = view(request, **kwargs)
                except ApiProblem as problem:
                    response = problem_page(request, problem)
            for name, value in _HEADERS.items():
                response.headers[name] = value
            return response

        return answer

    return decorate


@_reader_page("GET", "HEAD", "POST")
def report_form_view(request: HttpRequest, *, collection: str, slug: str, number: int) -> HttpResponse:
    """Show the form of a report on an edition, with `field` on one of its facts; take it on POST."""
    if not settings.READER_REPORTS or collection not in COLLECTIONS or len(COLLECTIONS[collection].kinds) != 1:
        raise ApiProblem("not-found")
    asked = _page_request(request)
    field = request.GET.get("field", "")
    if len(field) > LONGEST_FIELD:
        raise ApiProblem("not-found")
    about = public_fact(asked, COLLECTIONS[collection], slug, number, field)
    if request.method != "POST":
        return _form_page(asked, about, ReportForm())
    return _take_report(request, asked, about)


def _take_report(request: HttpRequest, asked: ApiRequest, about: ReportedFact) -> HttpResponse:
    if _is_from_elsewhere(request, asked.site):
        message = gettext("The form was sent from another site, so nothing was taken. Fill it in here.")
        return _form_page(asked, about, ReportForm(), message, status=403)
    form = ReportForm(request.POST)
    token = request.POST.get("token", "")
    opened = read_form_token(token, about.key)
    if opened and was_received(opened.secret):
        return _redirect_to_report(opened)
    if not form.is_valid():
        return _form_page(asked, about, form, gettext("Nothing was sent yet: see below."), token if opened else "", status=400)
    if opened is None or opened.is_expired:
        message = gettext("The form had been open for too long. Nothing is lost: send it once more.")
        return _form_page(asked, about, form, message, status=400)
    if opened.age < settings.REPORT_SECONDS:
        message = gettext("That was very quick, so it was not taken yet. Read it through, and send it once more.")
        return _form_page(asked, about, form, message, token, status=400)
    if wait := seconds_to_wait(request):
        message = _wait_words(wait)
        return _form_page(asked, about, form, message, token, status=429, headers={"Retry-After": str(wait)})
    receive_report(request, about, opened.secret, form.cleaned_data)
    return _redirect_to_report(opened)


@_reader_page("GET", "HEAD")
def report_view(request: HttpRequest, *, token: str) -> HttpResponse:
    """Show a report to whoever has its address: what was sent, its state and the answer."""
    report = ReaderReport.objects.filter(token_hash=hash_token(token)).first()
    if report is None:
        raise ApiProblem("not-found")
    asked = _page_request(request)
    about, newest_path = _fact_and_newest_path(asked, report)
    context = {"title": gettext("Your report"), "report": report, "about": about, "newest": newest_path}
    # The address is the only key to the page, so it goes to no other site.
    return _page(asked, "report.html", context, headers={"Referrer-Policy": "no-referrer"})


def _fact_and_newest_path(asked: ApiRequest, report: ReaderReport) -> tuple[ReportedFact | None, str]:
    """Return what a report is about, None if it is no longer public, and the path of its record if that was changed since."""
    collection = next(one for one in COLLECTIONS.values() if one.kinds == (report.kind,))
    live = Edition.objects.filter(kind=report.kind, slug=report.slug, superseded=None, release__gt=report.release).first()
    slug = (live.moved_to if live.withdrawn else live.slug) if live else ""
    newest_path = f"/{collection.name}/{slug}/" if slug else ""
    try:
        about = public_fact(asked, collection, report.slug, report.edition, report.field)
    except ApiProblem:
        return None, newest_path
    # A register that was published anew counts editions from 1 again.
    return about if about.release == report.release else None, newest_path


def _form_page(
    asked: ApiRequest, about: ReportedFact, form: ReportForm, message: str = "", token: str = "", **kwargs: Any
) -> HttpResponse:
    """Show the form, with what the reader typed, under a new token unless `token` is still good."""
    context = {
        "title": gettext("Report an error or propose a source"),
        "about": about,
        "form": form,
        "message": message,
        "token": token or make_form_token(about.key),
    }
    return _page(asked, "form.html", context, **kwargs)


def _page(asked: ApiRequest, template: str, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
    # Without a site no address is given to search engines and previews.
    page = render_page(asked, f"reports/{template}", context | {"site": ""})
    return HttpResponse(page.body, content_type=page.content_type, **kwargs)


def _page_request(request: HttpRequest) -> ApiRequest:
    # The address of a form names its fact, which links to it in other languages keep.
    query = query_without_language(request.META.get("QUERY_STRING", ""))
    return ApiRequest(newest_register_state(), site_address(request), request.path, query)


def _redirect_to_report(opened: OpenedForm) -> HttpResponse:
    response = HttpResponseRedirect(reverse("reader-report", args=[opened.secret]))
    response.status_code = 303
    return response


def _is_from_elsewhere(request: HttpRequest, site: str) -> bool:
    """Return True if a browser says that a page of another site made it send the form."""
    if fetch_site := request.headers.get("Sec-Fetch-Site"):
        return fetch_site not in ("same-origin", "none")
    return request.headers.get("Origin", site) not in (site, f"{request.scheme}://{request.get_host()}")


def _wait_words(seconds: int) -> str:
    hours, minutes = seconds // 3600, -(-seconds // 60)
    if hours:
        when = gettext("in about %d hours") % (hours + 1)
    else:
        when = gettext("in %d minutes") % minutes if minutes > 1 else gettext("in a minute")
    return gettext("More reports came than can be taken just now. Nothing is lost: keep this page open and send it %s.") % when
