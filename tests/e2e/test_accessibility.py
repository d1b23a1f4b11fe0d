"""Nothing on the main pages of the admin keeps anybody out, as far as axe-core and a narrow window can tell."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import expect

from entities import merging
from entities.history.record_snapshots import take_snapshot
from entities.likeness.duplicate_finder import find_and_store_duplicates
from entities.models import Commitment, DuplicateCandidate, Measure, Merge, Milestone, Name, Organisation, Relation
from nato_support.desk.review.record_tokens_and_review_urls import publish_page_url, withdraw_page_url
from nato_support.publishing.models.submissions import Submission
from nato_support.publishing.publication import publish
from nato_support.publishing.review.workflow import submit_records
from nato_support.publishing.teamwork.comment_threads import comment_on_record
from nato_support.reports.models import ReaderReport, ReportStep
from sources.models import Citation, Resolution, SourceDocument, SourceQuote
from tests import world as make
from tests.e2e.axe import found_on, script

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

LISTS = (
    Commitment,
    Organisation,
    Relation,
    SourceDocument,
    SourceQuote,
    Citation,
    Resolution,
    Name,
    Measure,
    Milestone,
    Submission,
)


def of(what, name: str) -> str:
    """The address of the page `name` of a model or a record."""
    meta = what._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{name}", args=[] if isinstance(what, type) else [what.pk])


def merged(slug: str, survivor: Organisation) -> Merge:
    """A merge of an organisation like the survivor into it, with a name that came since."""
    twin = make.an_organisation(slug, name=survivor.name, type=survivor.type)
    plan = merging.plan_merge(twin, survivor)
    plan = merging.plan_merge(twin, survivor, {unit.key: merging.SURVIVOR for unit in plan.undecided})
    choices = {unit.key: merging.SURVIVOR for unit in plan.field_groups if unit.chosen == merging.SURVIVOR}
    done = merging.merge_entities(
        twin, survivor, choices, expected_digest=merging.plan_merge(twin, survivor, choices).digest, confirmed=True
    )
    Name.objects.create(entity=survivor, text="Ruritanian Kingdom", language="en", script="Latn")
    return done


@pytest.fixture
def pages(world, records) -> dict[str, str]:
    """The main pages of a register in which all sorts of work are under way, by what they are."""
    publish(records)
    anna = User.objects.create_user("otto")
    for record in records:
        record.refresh_from_db()
    Name.objects.create(entity=world.arcadia, text="Arcadian Republic", language="en", script="Latn")
    twin = make.an_organisation("arcadia-2", name="Arcadia")
    make.a_citation(world.quote, world.kites, "nature", "refusal")
    world.kites.refresh_from_db()
    world.kites.summary = "Forty kites, as promised."
    world.kites.due = "2024"
    world.kites.save()
    SourceQuote.objects.filter(pk=world.quote.pk).update(verification="failed")
    submission = submit_records([world.kites], by=anna, note="The summary, from the article.")
    world.meeting.name = "Lake Meeting of July"
    world.meeting.save()
    assert find_and_store_duplicates()
    candidate = DuplicateCandidate.objects.get(
        first_id__in=[twin.pk, world.arcadia.pk], second_id__in=[twin.pk, world.arcadia.pk]
    )
    merge = merged("old-ruritania", world.ruritania)
    fact = {"kind": "commitment", "slug": world.kites.slug, "edition": 1, "release": 1, "field": "nature"}
    report = ReaderReport.objects.create(token_hash="x", **fact, problem="quote", text="It says less.", answer="It says all.")
    ReportStep.objects.create(report=report, state="looking", answer="It says all.")
    kinds = (world.kites, world.arcadia, world.yard, world.ada, world.minister, world.meeting, world.alliance)
    found = {"front page": reverse("admin:index")}
    found |= {f"list of {model._meta.verbose_name_plural}": of(model, "changelist") for model in LISTS}
    found |= {
        f"narrowed list of {model._meta.verbose_name_plural}": of(model, "changelist") + "?q=arcadia&o=1" for model in LISTS[:2]
    }
    found |= {f"page of {one}": of(one, "change") for one in (*kinds, world.document, world.quote)}
    found |= {f"preview, {tab}": of(world.kites, "preview") + f"?tab={tab}" for tab in ("readers", "programs", "checks")}
    found |= {
        "new commitment": of(Commitment, "add"),
        "history": of(world.kites, "history"),
        "desk": of(world.document, "read"),
        "intake": reverse("admin:sources_sourcedocument_intake"),
        "contested facts": reverse("admin:sources_contested"),
        "contested field": reverse("admin:sources_contested_field", args=["entity", world.kites.pk, "nature"]),
        "failing quotes": reverse("admin:sources_failing"),
        "coverage": reverse("admin:sources_coverage"),
        "to check": reverse("admin:desk_doubts"),
        "reports from readers": of(ReaderReport, "changelist"),
        "report from a reader": of(report, "change"),
        "submission": of(submission, "change"),
        "search": reverse("admin:desk_search") + "?q=arcadia",
        "search of the texts": reverse("admin:desk_text_search") + "?q=kites",
        "search of the texts without a hit": reverse("admin:desk_text_search") + "?q=kites+zeppelin",
        "habits": reverse("admin:desk_preferences"),
        "review": of(Submission, "changelist"),
        "publish": publish_page_url([world.meeting]),
        "withdraw": withdraw_page_url([world.arcadia]),
        "what is public compared with now": of(world.kites, "compare") + "?from=public&to=now",
        "put back": of(world.kites, "revert") + "?to=public",
        "deleted records": reverse("admin:entities_deleted"),
        "likely duplicates, a pair": of(candidate, "change"),
        "merge, the other record": of(twin, "merge_into"),
        "merge, the preview": reverse("admin:entities_merge_pair", args=[twin.pk, world.arcadia.pk]),
        "merges": of(Merge, "changelist"),
        "merge, to be taken back": of(merge, "change"),
        "saved filters": reverse("admin:desk_filters"),
        "import": reverse("admin:entities_organisation_import"),
        "duplicates": reverse("admin:entities_duplicatecandidate_changelist"),
    }
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(at_work, pages, theme):
    axe, wrong = script(), {}
    page = at_work("edith", "editor")
    for name, address in pages.items():
        assert page.goto(address).status == 200, name
        page.wait_for_load_state("networkidle")
        page.evaluate("dark => document.documentElement.classList.toggle('dark', dark)", theme == "dark")
        if found := found_on(page, axe):
            wrong[name] = found
    assert not wrong, "\n".join(f"{name}\n    " + "\n    ".join(found) for name, found in wrong.items())


def test_axe_finds_nothing_where_one_signs_in(page, db):
    page.goto("/admin/")
    assert not found_on(page, script())


def test_no_page_is_wider_than_a_narrow_window(at_work, pages):
    """320 pixels are also what is left of 1280 at 400 %: what is wider scrolls in a part of its own."""
    page = at_work("edith", "editor")
    page.set_viewport_size({"width": 320, "height": 640})
    wide = {}
    for name, address in pages.items():
        page.goto(address)
        page.wait_for_load_state("networkidle")
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            wide[name] = width
    assert not wide


def test_the_first_tab_leads_past_the_sidebar(at_work, db):
    page = at_work("edith", "editor")
    page.goto("/admin/")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-part"


def test_what_is_wrong_is_told_at_the_top_with_the_way_to_its_field(at_work, kites):
    page = at_work("edith", "editor")
    page.goto(of(kites, "change"))
    page.get_by_label("Name", exact=False).first.fill("")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="Name: This field is required.").click()
    expect(page.locator("#id_name")).to_be_focused()
    assert page.locator("#id_name").get_attribute("aria-invalid") == "true"


def test_the_menu_of_the_account_opens_by_keys(at_work, db):
    page = at_work("edith", "editor")
    page.goto("/admin/")
    page.get_by_role("button", name="edith").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Log out").wait_for()
    page.get_by_role("button", name="Dark").focus()
    page.keyboard.press("Space")
    page.wait_for_function("document.documentElement.classList.contains('dark')")


def capture_a_new_record(page):
    """Open the form of the desk with the block of a new record."""
    page.locator("#desk[data-ready=true]").wait_for()
    page.keyboard.press("j")
    page.keyboard.press("w")
    page.locator(".new-record").first.wait_for()


def check_an_intake(page):
    """Open the second step of the intake."""
    page.get_by_label("Text", exact=True).fill(f"Arcadia to give kites\n\n{make.ARTICLE}")
    page.get_by_role("button", name="Check", exact=True).click()
    page.get_by_role("heading", name="Check the new document").wait_for()


def open_the_comments(page):
    page.locator("#comments > summary").click()


def open_the_filters(page):
    page.locator("#changelist-filter > summary").click()


def test_axe_finds_nothing_in_what_opens_on_a_page(world, at_work):
    """The parts of pages that an editor opens, in both themes: the work under way in them is that of the world."""
    page, axe, wrong = at_work("edith", "editor"), script(), {}
    comment = comment_on_record(
        world.kites, "How many, @edith?", by=User.objects.create_user("otto"), snapshot=take_snapshot(world.kites)
    )
    assert comment.pk
    submission = submit_records([world.kites, world.quote, world.document], by=comment.said_by, note="From the article.")
    steps = {
        "desk with a new record": (of(world.document, "read"), capture_a_new_record),
        "second step of the intake": (reverse("admin:sources_sourcedocument_intake"), check_an_intake),
        "comments": (of(world.kites, "change"), open_the_comments),
        "notifications": (reverse("admin:desk_notifications"), None),
        "submission beside the text": (of(submission, "change"), None),
        "filters": (of(Commitment, "changelist"), open_the_filters),
    }
    for name, (address, step) in steps.items():
        page.goto(address)
        page.wait_for_load_state("networkidle")
        if step:
            step(page)
        for theme in ("light", "dark"):
            page.evaluate("dark => document.documentElement.classList.toggle('dark', dark)", theme == "dark")
            if found := found_on(page, axe):
                wrong[f"{name}, {theme}"] = found
    assert not wrong, "\n".join(f"{name}\n    " + "\n    ".join(found) for name, found in wrong.items())
