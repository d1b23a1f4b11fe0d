"""The pages of the admin that take something from their address, with values that lead to a row of the invented world."""

import re
from collections.abc import Iterator

from django.contrib import admin
from django.urls import URLPattern, get_resolver, reverse

from entities.models import Change, DuplicateCandidate

OWN_PAGES = ("search", "find", "palette", "charts", "filters", "pictures", "notifications", "texts")
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")


def admin_routes() -> Iterator[str]:
    """The routes of all pages below /admin/ that take something from their address."""

    def walk(patterns, prefix: str) -> Iterator[str]:
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLPattern):
                yield route
            else:
                yield from walk(pattern.url_patterns, route)

    return (route for route in walk(get_resolver().url_patterns, "/") if route.startswith("/admin/") and PARAMETER.search(route))


def valid_keys(world) -> dict[str, str]:
    """A valid value for each parameter of a route that is not the key of a row of its model."""
    pair, _ = DuplicateCandidate.objects.get_or_create(first=world.arcadia, second=world.ruritania, defaults={"score": 0.5})
    change = Change.objects.first()
    found = {"change": str(change.pk) if change else "00000000-0000-4000-8000-000000000000"}
    found |= {"kind": "csv", "token": "x" * 22, "verb": "assign", "target_kind": "entity", "field_name": "nature", "label": "x"}
    return found | {"pk": str(pair.pk), "merged": str(world.courier.pk), "survivor": str(world.arcadia.pk)}


def key_for(route: str, name: str, keys: dict[str, str]) -> str:
    """A valid value for the parameter `name` of a route."""
    if name in keys:
        return keys[name]
    model = next((model for start, model in list_addresses().items() if route.startswith(start)), None)
    row = model._default_manager.first() if model else None
    return str(row.pk) if row else "1"


def list_addresses() -> dict[str, type]:
    """Every registered model by the address of its list."""
    return {f"/admin/{model._meta.app_label}/{model._meta.model_name}/": model for model in admin.site._registry}


def page_routes() -> list[str]:
    """The routes of every page of the admin that is read."""
    routes = [*admin_routes(), *(start + name for start in list_addresses() for name in ("", "add/"))]
    return [*routes, reverse("admin:entities_deleted"), reverse("admin:desk_doubts"), *(f"/admin/{name}/" for name in OWN_PAGES)]


def filled_route(route: str, keys: dict[str, str]) -> str:
    """The address of a route with valid values."""
    return PARAMETER.sub(lambda found: key_for(route, found[2], keys), route)
