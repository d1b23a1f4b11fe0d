"""An administrator at the desk, and forms filled in from the page that showed them."""

from unittest import mock

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.forms import ModelMultipleChoiceField
from django.template.response import SimpleTemplateResponse
from django.urls import reverse

from entities.models import DuplicateCandidate, Identifier, Merge, Name
from nato_support.publishing.models.public_tables import Edition, Release
from sources.models import CaptureStep, EarlierText, ReadMark, Resolution, SuggestionDecision


@pytest.fixture(autouse=True)
def no_static_files(settings):
    """Pages are under test: the folder of collected static files need not be there."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]


@pytest.fixture
def administrator(db):
    return User.objects.create_superuser("zelda", "zelda@example.org", "zelda")


@pytest.fixture
def desk(client, administrator):
    """A browser in which the administrator is signed in."""
    client.force_login(administrator)
    return client


@pytest.fixture
def a_row_of_each(world, administrator):
    """The invented world with what it lacks: a row of every registered model."""
    Name.objects.create(entity=world.arcadia, text="Arcady")
    Identifier.objects.create(entity=world.arcadia, scheme="other", value="A-1")
    Resolution.objects.create(entity=world.kites, field="nature", verdict="disputed", reason="They differ.", decided_on="2024-08")
    DuplicateCandidate.objects.create(first=world.arcadia, second=world.ruritania, score=0.5)
    Merge.objects.create(merged=world.courier, survivor=world.arcadia, rows=[])
    run = Release.objects.create(number=1, operation="publish", state_hash="0" * 64)
    sha256 = "0" * 64
    EarlierText.objects.create(document=world.document, text="Earlier.", sha256=sha256)
    ReadMark.objects.create(document=world.document, text_sha256=sha256, start=0, end=8)
    CaptureStep.objects.create(document=world.document, taken_by=administrator, label="Captured a quote", changes=[])
    SuggestionDecision.objects.create(
        document=world.document,
        key="k",
        kind="date",
        text_sha256=sha256,
        start=0,
        end=8,
        exact="Earlier.",
        score=0.5,
        rule="dates/1",
        outcome="rejected",
    )
    Edition.objects.create(
        kind="organisation", slug="arcadia", number=1, release=run, name="Arcadia", document="{}", evidence="{}"
    )
    return world


def page(what, name: str) -> str:
    """The address of the page `name` (changelist, add, change, history ...) of a model or a record."""
    meta = what._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{name}", args=[] if isinstance(what, type) else [what.pk])


def filled_in(response) -> dict:
    """What a browser would send if the form of `response` were submitted as it is shown."""
    context = response.context_data
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    data: dict = {}
    for form in forms:
        for field in form:
            value = field.value()
            if not value and isinstance(field.field, ModelMultipleChoiceField):
                # A list in which nothing is chosen is not sent at all.
                continue
            data[field.html_name] = [str(v) for v in value] if isinstance(value, list) else "" if value is None else str(value)
    if base := context.get("base"):
        data["_base"] = base
    return data


def shown_form(browser, address: str) -> dict:
    """What a browser would send if the form at `address` were submitted as it is shown.

    The page is not drawn, which takes most of its time.
    """

    def leave_undrawn(response):
        response.content = b""
        return response

    with mock.patch.object(SimpleTemplateResponse, "render", leave_undrawn):
        return filled_in(browser.get(address))


def with_new(data: dict, prefix: str, **fields) -> dict:
    """`data` with one more row in the inline `prefix`."""
    at = int(data[f"{prefix}-TOTAL_FORMS"])
    return data | {f"{prefix}-TOTAL_FORMS": str(at + 1), **{f"{prefix}-{at}-{name}": value for name, value in fields.items()}}


def save(desk, record, data: dict):
    """Sends the page of `record` with `data`; fails with what the page complains about."""
    response = desk.post(page(record, "change"), data)
    if response.status_code != 302:
        inlines = [inline.formset.errors for inline in response.context["inline_admin_formsets"]]
        raise AssertionError(f"{response.context['adminform'].errors} {inlines} {response.context['errors']}")
    record.refresh_from_db()
    return response


REGISTERED = sorted(
    (
        model
        for model in admin.site._registry
        if model._meta.app_label in ("entities", "sources", "publishing") and model.__name__ not in ("Submission",)
    ),
    key=lambda model: model._meta.label,
)
