"""Presence: who has the page of a record open now, by a heartbeat from the browsers of those who may change it.

The page carries a token, signed for the user and the record. Each ping sends it, reports whether the user typed, and gets
the other users in return. While the token is fresh a ping costs one write and one read; a stale one is renewed after
checking permissions again.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.core import signing
from django.db import models
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from entities.fields import strip_control_characters
from entities.models.curated import Child, Curated
from entities.numbers import integer_or_none
from nato_support.desk.models import Presence
from nato_support.desk.records.concurrency.change_authors import display_name_of_user

IDLE_AFTER = timedelta(minutes=10)
"""Time without a keystroke after which nobody counts as editing."""
CLOSED_AFTER = timedelta(minutes=25)
"""Time without a ping after which a window counts as closed."""
TOKEN_FRESH_FOR = timedelta(minutes=5)
"""Time for which a token stands for the permissions that were checked when it was issued."""
_SIGNING_SALT = "presence"


def presence_token(user, record: models.Model) -> str:
    """Return the signed token for the page of `record`; empty for users who may not change it."""
    return _sign_presence_token(user, type(record), record.pk) if may_change_model(user, type(record)) else ""


def may_change_model(user, model: type[models.Model]) -> bool:
    return user.is_active and user.is_staff and user.has_perm(f"{model._meta.app_label}.change_{model._meta.model_name}")


@never_cache
def presence_ping_view(request: HttpRequest) -> HttpResponse:
    """Take a POST of `token`, `window`, `version`, `typed`, and `leaving` on unload; return JSON with who else is there.

    404 for users who may not change the record, or send a token that is not theirs.
    """
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    token = _check_and_renew_presence_token(request)
    if token is None:
        return HttpResponse(status=404)
    (model, pk, renewed_token), now = token, timezone.now()
    user: Any = request.user
    page, window = presence_page_key(model, pk), strip_control_characters(request.POST.get("window", ""))[:40] or "window"
    if request.POST.get("leaving"):
        mine = Presence.objects.filter(page=page, user=user, window=window)
        (mine | Presence.objects.filter(seen_at__lt=now - CLOSED_AFTER)).delete()
        return HttpResponse(status=204)
    _upsert_presence(user, page, window, typed=bool(request.POST.get("typed")), now=now)
    windows, version = _other_windows_and_version(model, pk, page, user, window, now)
    response: dict[str, Any] = {"there": presence_sentences(windows, user, now), "saved": ""}
    if renewed_token:
        response["token"] = renewed_token
    version_seen = integer_or_none(request.POST.get("version", ""))
    if version_seen is not None and version is not None and version > version_seen:
        response["saved"] = _saved_meanwhile_sentence(model, pk, user, now)
    return JsonResponse(response)


def presence_page_key(model: type[models.Model], pk: Any) -> str:
    return f"{model._meta.label_lower}/{pk}"


def presence_sentences(windows: Iterable[Presence], reader, now: datetime) -> list[str]:
    """Return a sentence for each person, in the order of arrival; who edits in any window is editing."""
    by_person: dict[int, list[Presence]] = {}
    for window in windows:
        by_person.setdefault(window.user_id, []).append(window)
    return [_presence_sentence(own_windows, own_windows[0].user == reader, now) for own_windows in by_person.values()]


def _presence_sentence(windows: list[Presence], is_reader: bool, now: datetime) -> str:
    user = windows[0].user
    name = display_name_of_user(user)
    is_editing = any(window.edited_at and now - window.edited_at < IDLE_AFTER for window in windows)
    seen = _time_ago_in_words(now - max(window.seen_at for window in windows))
    if is_reader:
        return "You are editing this in another window." if is_editing else "You have this open in another window."
    return f"{name} is editing (last seen {seen})." if is_editing else f"{name} has this open."


def _time_ago_in_words(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    return "just now" if minutes < 1 else f"{minutes} minute{'s' if minutes > 1 else ''} ago"


def _sign_presence_token(user, model: type[models.Model], pk: Any) -> str:
    return signing.dumps([user.pk, model._meta.label_lower, pk], salt=_SIGNING_SALT)


def _check_and_renew_presence_token(request: HttpRequest) -> tuple[type[models.Model], Any, str] | None:
    """Return the page of the posted token, and a new token if it is stale; None if it is invalid or permission is gone."""
    user, token = request.user, request.POST.get("token", "")
    if not (user.is_authenticated and user.is_active and user.is_staff):
        return None
    fresh = True
    try:
        owner, label, pk = signing.loads(token, salt=_SIGNING_SALT, max_age=TOKEN_FRESH_FOR)
    except signing.SignatureExpired:
        owner, label, pk = signing.loads(token, salt=_SIGNING_SALT)
        fresh = False
    except signing.BadSignature:
        return None
    model = apps.get_model(label)
    if owner != user.pk or not (fresh or may_change_model(user, model)):
        return None
    return model, pk, "" if fresh else _sign_presence_token(user, model, pk)


def _upsert_presence(user, page: str, window: str, *, typed: bool, now: datetime) -> None:
    row = Presence(user=user, page=page, window=window, seen_at=now, since=now, edited_at=now if typed else None)
    changed = ["seen_at", "edited_at"] if typed else ["seen_at"]
    Presence.objects.bulk_create([row], update_conflicts=True, unique_fields=["page", "user", "window"], update_fields=changed)


def _other_windows_and_version(model, pk, page: str, user, window: str, now: datetime) -> tuple[list[Presence], int | None]:
    """Return the other windows and the current version: one query, since the user's own window is always there."""
    rows = (
        Presence.objects.filter(page=page, seen_at__gte=now - CLOSED_AFTER)
        .select_related("user")
        .annotate(version=Subquery(_current_version_query(model, pk)))
        .order_by("since", "pk")
    )
    windows: list[Any] = list(rows)
    others = [other for other in windows if not (other.user_id == user.pk and other.window == window)]
    return others, windows[0].version if windows else None


def _current_version_query(model: type[models.Model], pk: Any) -> QuerySet:
    if issubclass(model, Child):
        for name in model.PARENT_FIELDS[1:]:
            # Exactly one of the parent fields is set.
            path = models.functions.Coalesce(f"{model.PARENT_FIELDS[0]}__version", f"{name}__version")
            return model._default_manager.filter(pk=pk).order_by().annotate(of=path).values("of")
        return model._default_manager.filter(pk=pk).order_by().values(f"{model.PARENT_FIELDS[0]}__version")
    if issubclass(model, Curated):
        return model._default_manager.filter(pk=pk).order_by().values("version")
    return Presence.objects.filter(pk=OuterRef("pk")).values("pk")[:0]


def _saved_meanwhile_sentence(model: type[models.Model], pk: Any, reader, now: datetime) -> str:
    """Return `Jan saved this 2 minutes ago ...`; of a child row saved elsewhere the author is not known."""
    manager: Any = getattr(model, "history", None)
    key = model._meta.pk.attname
    last_change = manager.filter(**{key: pk}).order_by("-history_date", "-history_id").select_related("history_user").first()
    user = last_change.history_user if last_change else None
    name = "Somebody" if user is None else "You" if user == reader else display_name_of_user(user)
    place = " in another window" if user == reader else ""
    time = f" {_time_ago_in_words(now - last_change.history_date)}" if last_change else ""
    return f"{name} saved this{place}{time}: your changes will be merged."
