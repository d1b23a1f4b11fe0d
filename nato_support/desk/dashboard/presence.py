"""Who has the page of a record open now: a small heartbeat of those who may change it.

A page that is shown to somebody who may change the record gets a pass: signed, for that person and page. Each ping brings
it, says whether something was typed, and is answered with who else is there. While the pass is fresh a ping asks nothing
more of the database than the person, one write and one read; an old one is renewed after looking at the rights again.
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
from entities.untrusted import whole_number
from nato_support.desk.models import Presence

IDLE_AFTER = timedelta(minutes=10)
"""Without a keystroke for so long nobody counts as editing."""
CLOSED_AFTER = timedelta(minutes=25)
"""Without a ping for so long a window counts as closed."""
TOKEN_FRESH_FOR = timedelta(minutes=5)
"""For so long a pass stands for the rights that were looked at when it was given."""
_SIGNING_SALT = "presence"


def presence_token(user, record: models.Model) -> str:
    """What the page of `record` needs to say that `user` has it open; empty for those who may not change it."""
    return _sign_presence_token(user, type(record), record.pk) if may_change_model(user, type(record)) else ""


def may_change_model(user, model: type[models.Model]) -> bool:
    return user.is_active and user.is_staff and user.has_perm(f"{model._meta.app_label}.change_{model._meta.model_name}")


@never_cache
def presence_ping_view(request: HttpRequest) -> HttpResponse:
    """POST `pass`, `window`, `version`, `typed`, and `leaving` from a page that is left: JSON with who else is there.

    404 for whoever may not change the record, or brings a pass that is not theirs.
    """
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    said = _read_presence_token(request)
    if said is None:
        return HttpResponse(status=404)
    (model, pk, renewed), now = said, timezone.now()
    user: Any = request.user
    page, window = presence_page_key(model, pk), strip_control_characters(request.POST.get("window", ""))[:40] or "window"
    if request.POST.get("leaving"):
        mine = Presence.objects.filter(page=page, user=user, window=window)
        (mine | Presence.objects.filter(seen_at__lt=now - CLOSED_AFTER)).delete()
        return HttpResponse(status=204)
    _record_presence(user, page, window, typed=bool(request.POST.get("typed")), now=now)
    others, version = _other_windows_and_version(model, pk, page, user, window, now)
    answer: dict[str, Any] = {"there": presence_sentences(others, user, now), "saved": ""}
    if renewed:
        answer["pass"] = renewed
    seen = whole_number(request.POST.get("version", ""))
    if seen is not None and version is not None and version > seen:
        answer["saved"] = _saved_meanwhile_sentence(model, pk, user, now)
    return JsonResponse(answer)


def presence_page_key(model: type[models.Model], pk: Any) -> str:
    return f"{model._meta.label_lower}/{pk}"


def presence_sentences(others: Iterable[Presence], reader, now: datetime) -> list[str]:
    """A sentence for each person, in the order in which they came: one that edits in any window edits."""
    by_person: dict[int, list[Presence]] = {}
    for one in others:
        by_person.setdefault(one.user_id, []).append(one)
    return [_presence_sentence(windows, windows[0].user == reader, now) for windows in by_person.values()]


def _presence_sentence(windows: list[Presence], own: bool, now: datetime) -> str:
    user = windows[0].user
    name = user.get_full_name() or user.get_username()
    edits = any(one.edited_at and now - one.edited_at < IDLE_AFTER for one in windows)
    seen = _time_ago_in_words(now - max(one.seen_at for one in windows))
    if own:
        return "You are editing it in another window." if edits else "You have it open in another window."
    return f"{name} is editing (last seen {seen})." if edits else f"{name} has it open."


def _time_ago_in_words(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    return "just now" if minutes < 1 else f"{minutes} minute{'s' if minutes > 1 else ''} ago"


def _sign_presence_token(user, model: type[models.Model], pk: Any) -> str:
    return signing.dumps([user.pk, model._meta.label_lower, pk], salt=_SIGNING_SALT)


def _read_presence_token(request: HttpRequest) -> tuple[type[models.Model], Any, str] | None:
    """The page that the pass is for, and a new pass if it had grown old; None if it is none, or the rights are gone."""
    user, brought = request.user, request.POST.get("pass", "")
    if not (user.is_authenticated and user.is_active and user.is_staff):
        return None
    fresh = True
    try:
        owner, label, pk = signing.loads(brought, salt=_SIGNING_SALT, max_age=TOKEN_FRESH_FOR)
    except signing.SignatureExpired:
        owner, label, pk = signing.loads(brought, salt=_SIGNING_SALT)
        fresh = False
    except signing.BadSignature:
        return None
    model = apps.get_model(label)
    if owner != user.pk or not (fresh or may_change_model(user, model)):
        return None
    return model, pk, "" if fresh else _sign_presence_token(user, model, pk)


def _record_presence(user, page: str, window: str, *, typed: bool, now: datetime) -> None:
    row = Presence(user=user, page=page, window=window, seen_at=now, since=now, edited_at=now if typed else None)
    changed = ["seen_at", "edited_at"] if typed else ["seen_at"]
    Presence.objects.bulk_create([row], update_conflicts=True, unique_fields=["page", "user", "window"], update_fields=changed)


def _other_windows_and_version(model, pk, page: str, user, window: str, now: datetime) -> tuple[list[Presence], int | None]:
    """The other windows, and the version of the record now: one query, for one's own window is always among them."""
    rows = (
        Presence.objects.filter(page=page, seen_at__gte=now - CLOSED_AFTER)
        .select_related("user")
        .annotate(version=Subquery(_current_version_query(model, pk)))
        .order_by("since", "pk")
    )
    found: list[Any] = list(rows)
    others = [one for one in found if not (one.user_id == user.pk and one.window == window)]
    return others, found[0].version if found else None


def _current_version_query(model: type[models.Model], pk: Any) -> QuerySet:
    if issubclass(model, Child):
        for name in model.PARENT_FIELDS[1:]:
            # Of several exactly one is filled.
            path = models.functions.Coalesce(f"{model.PARENT_FIELDS[0]}__version", f"{name}__version")
            return model._default_manager.filter(pk=pk).order_by().annotate(of=path).values("of")
        return model._default_manager.filter(pk=pk).order_by().values(f"{model.PARENT_FIELDS[0]}__version")
    if issubclass(model, Curated):
        return model._default_manager.filter(pk=pk).order_by().values("version")
    return Presence.objects.filter(pk=OuterRef("pk")).values("pk")[:0]


def _saved_meanwhile_sentence(model: type[models.Model], pk: Any, reader, now: datetime) -> str:
    """`Jan saved this 2 minutes ago: your save will be merged.` Of a part saved elsewhere only that somebody did is known."""
    manager: Any = getattr(model, "history", None)
    key = model._meta.pk.attname
    newest = manager.filter(**{key: pk}).order_by("-history_date", "-history_id").select_related("history_user").first()
    user = newest.history_user if newest else None
    name = "Somebody" if user is None else "You" if user == reader else user.get_full_name() or user.get_username()
    where = " in another window" if user == reader else ""
    when = f" {_time_ago_in_words(now - newest.history_date)}" if newest else ""
    return f"{name} saved this{where}{when}: what you save will be merged with it."
