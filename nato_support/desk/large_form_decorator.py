"""Decorator for admin pages whose form may be larger than other requests."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse, HttpResponseNotAllowed, QueryDict
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from entities.numbers import integer_or_none

_FORM_TYPES = ("multipart/form-data", "application/x-www-form-urlencoded")


def accepts_large_form(max_bytes: int, too_large_response: Callable) -> Callable:
    """Decorate a view of an admin class that takes a form of up to `max_bytes`.

    A larger form is not read: `too_large_response`, a method of the same class called like the view, answers it. The CSRF
    token is checked only once the size is known, because that check reads the form.
    """

    def decorate(view: Callable) -> Callable:
        @csrf_exempt
        @wraps(view)
        def check_size_first(self, request, *args, **kwargs):
            if request.method not in ("GET", "HEAD", "POST"):
                return HttpResponseNotAllowed(["GET", "POST"])
            if request.method == "POST":
                if request.content_type not in _FORM_TYPES:
                    return HttpResponse("Send a form.", status=415, content_type="text/plain")
                try:
                    if integer_or_none(request.META.get("CONTENT_LENGTH") or "0", max_bytes) is None:
                        raise RequestDataTooBig
                    request.POST  # noqa: B018 - reads the form
                except RequestDataTooBig:
                    request.POST = QueryDict()
                    return too_large_response(self, request, *args, **kwargs)
            return csrf_protect(lambda request: view(self, request, *args, **kwargs))(request)

        check_size_first.limits_size_itself = True
        return check_size_first

    return decorate
