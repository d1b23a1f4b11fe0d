"""Permissions to open pages and press buttons of the desk: by group, and right by right."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from entities.models import DuplicateCandidate, Merge, Organisation, change_set
from nato_support.desk.review.record_tokens_and_review_urls import publish_page_url, record_token
from sources.models import SourceDocument
from tests import world as make
from tests.desk.conftest import page
from tests.desk.routes import OWN_PAGES, filled_route, page_routes, valid_keys


class Asked(NamedTuple):
    """Values that a browser posts."""

    method: str
    address: str
    data: Any = None
    options: dict[str, Any] = {}

    def status(self, client) -> int:
        return getattr(client, self.method)(self.address, self.data, **self.options).status_code


def too_large(address: str) -> Asked:
    """A form that says of itself that it has 100 megabytes."""
    form = {"content_type": "multipart/form-data; boundary=x", "headers": {"content-length": "99999999"}}
    return Asked("post", address, b"x", form)


def test_who_may_nothing_opens_and_changes_nothing(client, a_row_of_each, people):
    """Every page of the admin, but those that show only what one may see: search, the palette and one's own filters."""
    client.force_login(people("nobody"))
    keys = valid_keys(a_row_of_each)
    open_to_all = {f"/admin/{name}/" for name in OWN_PAGES} - {"/admin/charts/", "/admin/pictures/", "/admin/texts/"}
    addresses = [filled_route(route, keys) for route in page_routes() if "^" not in route and "(?P" not in route]
    answers = {
        f"{method} {address}": (answer.status_code, answer.get("Location", ""))
        for address in addresses
        if address not in open_to_all
        for method in ("get", "post")
        if (answer := getattr(client, method)(address)).status_code not in (403, 404, 405)
    }
    # Django leads from the address of a row, and the desk from an entity, to a page that refuses.
    leading_on = re.compile(r"\w+ /admin/(\w+/\w+/\d+/|entities/entity/\d+/(change|delete)/)")
    assert not {asked: answer for asked, answer in answers.items() if not (answer[0] == 302 and leading_on.fullmatch(asked))}


NOBODY = ""

# The answers to a user without rights, a viewer, a contributor and an editor.
BY_GROUP: dict[str, tuple[Callable[[Any], Asked], tuple[int, int, int, int]]] = {
    "read a document": (lambda world: Asked("get", page(world.document, "read")), (403, 200, 200, 200)),
    "see a merge": (lambda world: Asked("get", page(Merge.objects.get(), "change")), (403, 200, 200, 200)),
    "undo a merge": (lambda world: Asked("post", page(Merge.objects.get(), "change"), {"seen": ""}), (403, 403, 403, 409)),
    "compare changed records": (lambda world: Asked("post", page(DuplicateCandidate, "catch_up")), (403, 403, 403, 302)),
    "import a large file": (lambda world: too_large(page(Organisation, "import")), (403, 403, 413, 413)),
    "add a large text": (lambda world: too_large(page(SourceDocument, "intake")), (403, 403, 413, 413)),
    "replace a text": (lambda world: Asked("get", page(world.document, "replace_document_text")), (403, 403, 200, 200)),
    "replace by a large text": (lambda world: too_large(page(world.document, "replace_document_text")), (403, 403, 413, 413)),
}


@pytest.mark.parametrize("name", BY_GROUP)
def test_each_group_may_do_what_it_is_for(client, a_row_of_each, people, name):
    ask, expected = BY_GROUP[name]
    asked, answers = ask(a_row_of_each), []
    for group in (NOBODY, "viewer", "contributor", "editor"):
        client.force_login(people(f"of-{group}", group))
        answers.append(asked.status(client))
    assert tuple(answers) == expected


def capture(world) -> Asked:
    return Asked("post", page(world.document, "capture"), "{}", {"content_type": "application/json"})


def undo_of_two_records(world) -> Asked:
    """The page that undoes a change of a commitment and an organisation."""
    with change_set() as change:
        for record in (world.kites, world.arcadia):
            record.summary = "Imported."
            record.save()
    return Asked("get", reverse("admin:entities_commitment_undo", args=[world.kites.pk, change]))


def merge_pair(world) -> Asked:
    return Asked("get", reverse("admin:entities_merge_pair", args=[make.an_organisation("twin").pk, world.arcadia.pk]))


def merge_and_publish(world) -> Asked:
    return Asked("post", merge_pair(world).address, {"merge": "", "along": "on", "reason": "One state."})


def publish_page(world) -> Asked:
    return Asked("get", publish_page_url([world.kites]))


def send_for_review(world) -> Asked:
    token = record_token(world.kites)
    given = {"do": "submit", "record": [token], "seen": [f"{token}/{world.kites.version}"], "note": "New."}
    return Asked("post", reverse("admin:publishing_submission_new"), given)


# What is asked, the rights that it takes, and the answer to somebody who has them all.
BY_RIGHT: list[tuple[Callable[[Any], Asked], str, int]] = [
    (capture, "change_sourcedocument add_sourcequote add_citation change_sourcequote", 400),
    (undo_of_two_records, "view_commitment view_organisation", 200),
    (merge_pair, "merge view_organisation", 200),
    (merge_and_publish, "merge view_organisation publish", 409),
    (publish_page, "publish view_commitment", 200),
    (send_for_review, "submit change_commitment", 302),
]
# Further rights of that person, so that it is not the page as a whole that is refused.
MORE_RIGHTS = {send_for_review: ["publish", "view_commitment"]}


@pytest.mark.parametrize(
    ("ask", "rights", "lacking", "answer"),
    [(ask, rights.split(), lacking, answer) for ask, rights, answer in BY_RIGHT for lacking in rights.split()],
    ids=lambda value: getattr(value, "__name__", None) or (value if isinstance(value, str) else ""),
)
def test_what_takes_a_right_is_refused_without_it(client, world, ask, rights, lacking, answer):
    asked = ask(world)
    user = User.objects.create_user("half", is_staff=True)
    granted = Permission.objects.filter(
        content_type__app_label__in=("entities", "sources", "publishing"), codename__in=[*rights, *MORE_RIGHTS.get(ask, [])]
    )
    assert granted.count() == len(rights) + len(MORE_RIGHTS.get(ask, []))
    user.user_permissions.set(granted.exclude(codename=lacking))
    client.force_login(user)
    assert asked.status(client) == 403
    user.user_permissions.set(granted)
    assert asked.status(client) == answer
