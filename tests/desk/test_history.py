"""The history page of a record, comparisons, and the ways back, for those who may go them."""

from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from entities.history.record_snapshots import take_snapshot
from entities.history.record_timeline import read_record_timeline
from entities.models import Change, Commitment, Name, Organisation, change_set
from entities.vocabulary import Action, Status
from nato_support.publishing.models.public_tables import Edition
from nato_support.publishing.models.submissions import Submission, SubmittedRecord
from nato_support.publishing.publication import publish
from nato_support.publishing.review.workflow import publish_after_review, submit_records
from nato_support.roles import ensure_groups
from sources.models import Resolution
from tests import world as make
from tests.desk.conftest import page, shown_form


@pytest.fixture
def as_role(client, db):
    def sign_in(group: str):
        user = User.objects.create_user(f"of-{group}", is_staff=True)
        user.groups.add(ensure_groups()[group])
        client.force_login(user)
        return client

    return sign_in


def saved(row, by=None, reason="", **fields):
    """Changes a row in a change of its own and gives the key of that."""
    row.refresh_from_db()
    with change_set(by=by, reason=reason) as change:
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()
    return change


def words(response) -> str:
    html = response.content.decode().split('<div class="history">')[1]
    return " ".join(strip_tags(html.replace("<", " <")).split())


def first_state(record) -> str:
    return record.history.order_by("history_date").first().history_date.isoformat()


def at(record, name: str, *more, **query) -> str:
    meta = record._meta
    address = reverse(f"admin:{meta.app_label}_{meta.model_name}_{name}", args=[record.pk, *more])
    return f"{address}?{urlencode(query, doseq=True)}" if query else address


def queries_of(browser, address: str) -> int:
    """How many queries the page takes beyond what the frame of every page takes."""
    counts = []
    for one in (address, reverse("admin:password_change")):
        browser.get(one)
        with CaptureQueriesContext(connection) as queries:
            browser.get(one)
        counts.append(len(queries))
    # The frame too asks for the session and the user.
    return counts[0] - counts[1] + 2


# The page


def test_who_when_what_why_and_from_which_document(desk, world, administrator):
    with change_set(by=administrator, action=Action.CAPTURE, reason="It says so.", source=world.document.slug):
        world.kites.nature = "plan"
        world.kites.save()
        make.a_citation(world.quote, world.kites, "nature", "plan")
    told = words(desk.get(page(world.kites, "history")))
    assert "zelda captured at the desk" in told
    assert "Nature pledge → plan; 1 citation added" in told
    assert "“It says so.”" in told
    assert "From Arcadia to give kites" in told
    assert "Affirms plan: We pledge forty kites, no more and no less Ada Fell, Arcadia to give kites" in told


def test_what_citations_and_verdicts_state_is_said_in_words_not_keys(desk, world, administrator):
    with change_set(by=administrator):
        make.a_citation(world.quote, world.yard, "operator", "ruritania")
        values = [{"value": slug, "polarity": "affirms"} for slug in ("arcadia", "ruritania")]
        words_of_it = {"verdict": "disputed", "reason": "Who knows.", "decided_on": "2024"}
        Resolution.objects.create(entity=world.yard, field="operator", settles=values, **words_of_it)
        make.a_relation_citation(world.quote, world.alliance)
    told = words(desk.get(page(world.yard, "history")))
    assert "Operator: Ruritania" in told and "+ Added “Arcadia” + Added “Ruritania”" in told and "Operator: ruritania" not in told
    told = words(desk.get(page(world.alliance, "history")))
    assert "Relation: Arcadia is works alongside Ruritania" in told and "in_force" not in told


def test_rows_that_are_gone_are_in_it(desk, world, administrator):
    with change_set(by=administrator):
        world.measure.delete()
    assert "1 measure removed" in words(desk.get(page(world.kites, "history")))


def test_the_editions_stand_beside_with_what_readers_saw_change(desk, public, administrator):
    saved(public.kites, nature="plan")
    make.a_citation(public.quote, public.kites, "nature", "plan")
    public.kites.refresh_from_db()
    publish([public.kites], by=administrator, note="It was only a plan.")
    told = words(desk.get(page(public.kites, "history")))
    assert "Edition 2 published" in told and "“It was only a plan.”" in told
    assert "Nature Changed − pledge + plan" in told
    assert "Edition 1 published" in told


def test_what_the_workflow_did_is_marked(desk, world, administrator):
    sent = Submission.objects.create(submitted_by=administrator, note="Please look.")
    SubmittedRecord.objects.create(submission=sent, kind="commitment", record=world.kites.pk, version=1, fingerprint="0" * 64)
    told = words(desk.get(page(world.kites, "history")))
    assert "Sent for review" in told and "by zelda “Please look.”" in told


def test_one_publication_is_one_entry(desk, records, anna, edith):
    sent = submit_records(records, by=anna, note="All of Arcadia.")
    for record in records:
        record.refresh_from_db()
    versions = {record: record.version for record in records}
    publish_after_review(sent, by=edith, versions=versions, note="For readers.", reason="Well done.")
    kites = Commitment.objects.get()
    lines = desk.get(page(kites, "history")).context["lines"]
    entries = [line for line in lines if getattr(line, "publication", None)]
    assert [line.publication.what for line in entries] == ["Edition 1 published after review"]
    markers = [line.what for line in lines if not hasattr(line, "entry")]
    assert markers == ["Sent for review"]
    told = words(desk.get(page(kites, "history"))).split("Published editions")[0]
    assert told.count("Edition 1 published after review") == 1
    assert "For readers." in told and "Answer: “Well done.”" in told

    # An edition of a record that was public before is one entry too: its status does not change.
    saved(kites, summary="Forty of them.")
    kites.refresh_from_db()
    sent = submit_records([kites], by=anna, note="A summary.")
    publish_after_review(sent, by=edith, versions={kites: kites.version})
    lines = desk.get(page(kites, "history")).context["lines"]
    published = [line.publication.what if getattr(line, "publication", None) else line.what for line in lines]
    assert [what for what in published if "ublished" in what] == [
        "Edition 2 published after review",
        "Edition 1 published after review",
    ]


def test_it_is_narrowed_by_person_field_and_row(desk, world, administrator):
    saved(world.kites, administrator, summary="By Zelda.")
    saved(world.kites, None, conditions="By nobody.")
    history = page(world.kites, "history")
    assert "Conditions" not in words(desk.get(f"{history}?person=zelda")).split("Published editions")[0].split("1 change")[1]
    assert "1 change Fr" not in words(desk.get(f"{history}?field=summary"))
    assert words(desk.get(f"{history}?field=conditions")).count("filled in") == 1
    answer = desk.get(page(world.measure, "history"))
    assert answer.url == f"{history}?row=entities.measure/{world.measure.pk}"
    assert "1 change of one row" in words(desk.get(answer.url))
    assert "No matching changes" in words(desk.get(f"{history}?person=nobody"))


@pytest.mark.parametrize("count", [3, 300])
def test_a_long_history_takes_no_more_queries(desk, public, administrator, count):
    for n in range(count):
        saved(public.kites, administrator, summary=f"Version {n}", beneficiary=[public.arcadia, public.ruritania][n % 2])
    # The session, the user, the record; heads, values and givers; entities, quotes and speakers; names that values state;
    # editions; submissions.
    assert queries_of(desk, page(public.kites, "history")) <= 13


def test_pages_of_fifty_and_no_page_beyond(desk, ruritania):
    for n in range(60):
        saved(ruritania, summary=f"Version {n}")
    history = page(ruritania, "history")
    assert desk.get(history).content.count(b'<li class="entry">') == 50
    for number in ("2", "99", "nonsense", "9" * 30):
        assert desk.get(f"{history}?p={number}").status_code == 200
    assert desk.get(f"{history}?p=2").content.count(b'<li class="entry">') == 11


# Comparing


def test_any_two_states_are_compared(desk, public):
    earlier = public.kites.history.first().history_date.isoformat()
    saved(public.kites, nature="plan")
    saved(public.kites, nature="plan")
    told = words(desk.get(at(public.kites, "compare", **{"from": earlier, "to": "now"})))
    assert "− pledge" in told and "+ plan" in told
    told = words(desk.get(at(public.kites, "compare", **{"from": "public", "to": "now"})))
    assert "The published version compared with now" in told and "+ plan" in told
    assert "Edition 1 compared" in words(desk.get(at(public.kites, "compare", **{"from": "edition-1", "to": "now"})))


@pytest.mark.parametrize(
    "point", ["", "nonsense", "edition-9", "edition-x", "2024-01-01T00:00:00", "0001-01-01T00:00:00+14:00", "public"]
)
def test_a_state_that_there_is_not_is_not_found(desk, kites, point):
    answer = desk.get(at(kites, "compare", **{"from": point}))
    assert answer.status_code == (404 if point != "public" else 200)


def test_the_old_page_of_a_version_shows_and_changes_nothing(desk, arcadia):
    old = arcadia.history.first()
    saved(arcadia, name="Arcadia Felix")
    address = at(arcadia, "simple_history", old.pk)
    assert "Arcadia Felix" in words(desk.get(address))
    assert desk.post(address, {"name": "Arcadia"}).status_code == 405
    arcadia.refresh_from_db()
    assert arcadia.name == "Arcadia Felix"
    other = make.an_organisation("other")
    assert desk.get(at(other, "simple_history", old.pk)).status_code == 404


# Putting back


def put_back(browser, record, to, **how):
    record.refresh_from_db()
    data = {"to": to, "version": record.version, "only": ["summary"]} | how
    return browser.post(at(record, "revert"), data)


def test_a_preview_and_then_the_change(as_role, world):
    contributor = as_role("contributor")
    to = first_state(world.kites)
    saved(world.kites, summary="Hasty.", nature="plan")
    preview = contributor.get(at(world.kites, "revert", to=to, only=["summary"]))
    told = words(preview)
    assert "Hasty." in told and "plan" not in told.split("Restore selected")[0]
    assert put_back(contributor, world.kites, to, reason="Too hasty.").status_code == 302
    world.kites.refresh_from_db()
    assert (world.kites.summary, world.kites.nature) == ("", "plan")
    change = Change.objects.get(action=Action.REVERT)
    assert (change.by.username, change.reason) == ("of-contributor", "Too hasty.")
    assert "of-contributor reverted" in words(contributor.get(page(world.kites, "history")))


def test_staged_changes_of_a_public_record_are_put_back_and_stay_unpublished(as_role, public):
    contributor = as_role("contributor")
    to = public.kites.history.first().history_date.isoformat()
    saved(public.kites, summary="Hasty.")
    assert put_back(contributor, public.kites, to).status_code == 302
    public.kites.refresh_from_db()
    assert (public.kites.summary, public.kites.status) == ("", Status.PUBLISHED)
    assert Edition.objects.filter(kind="commitment").count() == 1


def test_what_was_added_since_is_offered_unchosen(desk, world):
    to = take_snapshot(world.kites)
    moment = world.citation.history.first().history_date.isoformat()
    alias = Name.objects.create(entity=world.kites, text="Operation Kite")
    preview = desk.get(at(world.kites, "revert", to=moment))
    assert "Also remove: Operation Kite" in words(preview)
    put_back(desk, world.kites, moment, only=[], remove=[f"entities.name/{alias.pk}"])
    assert take_snapshot(world.kites) == to


def test_a_stale_preview_is_refused_and_keeps_what_was_typed(desk, world):
    to = first_state(world.kites)
    saved(world.kites, summary="Hasty.")
    answer = put_back(desk, world.kites, to, version=1, reason="Too hasty.")
    assert answer.status_code == 409
    assert "changed from version 1" in words(answer)
    assert 'value="Too hasty."' in answer.content.decode()
    for version in ("", "x"):
        assert "Check the preview first." in words(put_back(desk, world.kites, to, version=version))
    assert "Choose what to restore." in words(put_back(desk, world.kites, to, only=[]))
    assert "at most 500" in words(put_back(desk, world.kites, to, reason="x" * 501))
    world.kites.refresh_from_db()
    assert world.kites.summary == "Hasty."


def test_only_who_may_change_it_puts_back(as_role, world):
    viewer = as_role("viewer")
    to = first_state(world.kites)
    change = saved(world.kites, summary="Hasty.")
    history = viewer.get(page(world.kites, "history"))
    assert history.status_code == 200
    assert "Restore" not in words(history) and "Undo" not in words(history)
    assert "Restore this" not in words(viewer.get(at(world.kites, "compare", **{"from": to})))
    assert viewer.get(at(world.kites, "revert", to=to)).status_code == 403
    assert put_back(viewer, world.kites, to).status_code == 403
    assert viewer.post(at(world.kites, "undo", change)).status_code == 403
    world.kites.refresh_from_db()
    assert world.kites.summary == "Hasty."


def a_verdict(world):
    """An editor's verdict on the pledge, and the change that wrote it."""
    with change_set() as change:
        verdict = Resolution.objects.create(
            entity=world.kites, field="nature", verdict="disputed", reason="One is early.", decided_on="2024-08-01"
        )
    return verdict, change


def test_the_ways_back_lead_round_no_right_to_a_row(as_role, world):
    contributor = as_role("contributor")
    before = world.citation.history.first().history_date.isoformat()
    verdict, change = a_verdict(world)
    answer = put_back(contributor, world.kites, before, only=[], remove=[f"sources.resolution/{verdict.pk}"])
    assert answer.status_code == 409 and "You may not delete resolutions." in words(answer)
    preview = contributor.get(at(world.kites, "undo", change))
    assert "You may not delete resolutions." in words(preview)
    assert contributor.post(at(world.kites, "undo", change), versions(preview)).status_code == 403
    assert Resolution.objects.filter(pk=verdict.pk).exists()
    moment = verdict.history.first().history_date.isoformat()
    pk = verdict.pk
    verdict.delete()
    answer = put_back(contributor, world.kites, moment, only=[f"sources.resolution/{pk}"])
    assert "You may not add resolutions." in words(answer)
    assert not Resolution.objects.exists()


def test_nobody_without_a_right_to_see_it_sees_its_history(client, world):
    stranger = User.objects.create_user("stranger", is_staff=True)
    client.force_login(stranger)
    change = saved(world.kites, summary="Hasty.")
    for address in (
        page(world.kites, "history"),
        at(world.kites, "compare", **{"from": "now"}),
        at(world.kites, "revert", to="now"),
        at(world.kites, "undo", change),
        reverse("admin:entities_deleted"),
        page(world.measure, "history"),
    ):
        assert client.get(address).status_code == 403, address


# Undoing a change


def versions(response) -> dict:
    return {f"version:{address}": "" if one.version is None else one.version for one, _, address in response.context["undoing"]}


def imported(world):
    with change_set(action=Action.IMPORT) as change:
        for record in (world.kites, world.arcadia):
            record.refresh_from_db()
            record.summary = "Imported."
            record.save()
    return change


def test_a_change_is_undone_in_all_its_records(as_role, world):
    contributor = as_role("contributor")
    change = imported(world)
    address = at(world.kites, "undo", change)
    preview = contributor.get(address)
    assert "affected 2 records" in words(preview)
    assert contributor.post(address, versions(preview)).status_code == 302
    for record in (world.kites, world.arcadia):
        record.refresh_from_db()
        assert record.summary == ""


def test_later_edits_are_listed_and_kept(desk, world):
    change = imported(world)
    saved(world.arcadia, summary="Better.")
    address = at(world.kites, "undo", change)
    preview = desk.get(address)
    assert "Changed again since; kept unless ticked" in words(preview)
    desk.post(address, versions(preview))
    world.arcadia.refresh_from_db()
    assert world.arcadia.summary == "Better."
    again = desk.get(address)
    desk.post(address, versions(again) | {"also": f"entities.organisation/{world.arcadia.pk}/summary"})
    world.arcadia.refresh_from_db()
    assert world.arcadia.summary == ""


def test_a_change_of_another_record_is_not_found(desk, world):
    change = saved(world.arcadia, summary="New.")
    assert desk.get(at(world.kites, "undo", change)).status_code == 404
    assert desk.post(at(world.kites, "undo", change)).status_code == 404


def test_undoing_what_was_not_looked_at_is_refused(desk, world):
    change = imported(world)
    address = at(world.kites, "undo", change)
    looked = versions(desk.get(address))
    saved(world.arcadia, founded="1950")
    answer = desk.post(address, looked)
    assert answer.status_code == 409
    assert "check it again" in words(answer)


def test_a_contributor_undoes_no_creation(as_role, world):
    contributor = as_role("contributor")
    with change_set() as change:
        made = make.an_organisation("newcomer")
    address = at(made, "undo", change)
    preview = contributor.get(address)
    assert "You may not delete Newcomer." in words(preview)
    assert contributor.post(address, versions(preview)).status_code == 403
    assert Organisation.objects.filter(slug="newcomer").exists()


# What was deleted


def test_what_was_deleted_is_listed_and_restored(as_role, world, administrator):
    editor = as_role("editor")
    before, pk = take_snapshot(world.kites), world.kites.pk
    with change_set(by=administrator, reason="A duplicate."):
        world.kites.delete()
    world.kites.pk = pk
    told = words(editor.get(reverse("admin:entities_deleted")))
    assert "Forty Kites commitment Deleted" in told and "by zelda: “A duplicate.”" in told
    history = editor.get(page(world.kites, "history"))
    assert "This record was deleted" in words(history) and "Restore as a draft" in words(history)
    answer = editor.post(at(world.kites, "restore"), {"reason": "It was none."}, follow=True)
    assert "was restored, as a draft" in answer.content.decode()
    assert take_snapshot(Commitment.objects.get(pk=pk)) == before
    assert "No deleted records." in words(editor.get(reverse("admin:entities_deleted")))


def test_only_who_may_delete_restores(as_role, world):
    contributor = as_role("contributor")
    pk = world.kites.pk
    world.kites.delete()
    world.kites.pk = pk
    assert "Restore as a draft" not in words(contributor.get(page(world.kites, "history")))
    assert contributor.post(at(world.kites, "restore")).status_code == 403
    assert contributor.get(at(world.kites, "restore")).status_code == 405
    assert not Commitment.objects.exists()


def test_what_was_deleted_is_restored_and_not_put_back(desk, world):
    to, pk = first_state(world.kites), world.kites.pk
    world.kites.delete()
    world.kites.pk = pk
    assert desk.get(at(world.kites, "revert", to=to)).status_code == 404
    assert desk.post(at(world.kites, "revert"), {"to": to, "version": 1, "only": ["summary"]}).status_code == 404


def test_a_row_of_a_record_that_left_no_trace_is_not_found(desk, world):
    pk = world.measure.pk
    world.kites.delete()
    world.measure.pk = pk
    assert desk.get(page(world.measure, "history")).status_code == 302
    Commitment.history.all().delete()
    assert desk.get(page(world.measure, "history")).status_code == 404


def test_what_keeps_it_from_coming_back_is_said(desk, world):
    pk = world.kites.pk
    world.kites.delete()
    make.a_commitment("forty-kites")
    world.kites.pk = pk
    answer = desk.post(at(world.kites, "restore"), follow=True)
    assert "Not restored." in answer.content.decode()
    assert "already exists" in answer.content.decode()


@pytest.mark.parametrize("count", [3, 60])
def test_the_list_of_the_deleted_takes_no_more_queries(desk, count):
    for n in range(count):
        make.an_organisation(f"gone-{n}").delete()
    address = reverse("admin:entities_deleted")
    # The session, the user, the number and the rows.
    assert queries_of(desk, address) <= 4


def test_what_never_was_is_not_found(desk, kites):
    kites.pk = 999
    for name in ("history", "compare", "revert", "restore"):
        answer = desk.post(at(kites, name)) if name == "restore" else desk.get(at(kites, name, to="now"))
        assert answer.status_code == 404, name


# Why


def test_the_reason_typed_beside_save_is_kept(desk, world):
    form = shown_form(desk, page(world.ruritania, "change"))
    desk.post(page(world.ruritania, "change"), form | {"summary": "New.", "_reason": f"  Its site\x00 says so. {'x' * 600}"})
    change = read_record_timeline(Organisation, world.ruritania.pk).entries[0]
    assert change.reason.startswith("Its site says so. xxx")
    assert len(change.reason) <= 500


def test_a_refused_form_keeps_the_reason(desk, world):
    form = shown_form(desk, page(world.ruritania, "change"))
    answer = desk.post(page(world.ruritania, "change"), form | {"name": "", "_reason": "Its site says so."})
    assert answer.status_code == 200
    assert 'value="Its site says so."' in answer.content.decode()


def test_a_merged_record_names_its_survivor(desk, world):
    saved(world.ruritania, merged_into=world.arcadia)
    assert "Merged into “Arcadia”" in words(desk.get(page(world.ruritania, "history")))


def test_the_text_of_a_document_is_in_no_difference(as_role, world):
    viewer = as_role("viewer")
    saved(world.document, text="A secret passage.", sha256="0" * 64)
    for address in (page(world.document, "history"), at(world.document, "compare", **{"from": first_state(world.document)})):
        answer = viewer.get(address)
        assert answer.status_code == 200
        assert "secret" not in answer.content.decode()
