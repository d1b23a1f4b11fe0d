"""The register published anew: one release for all, drafts for what breaks a rule, and a history that begins again."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from tqdm import tqdm

from entities import merging
from entities.merging import unmerging
from entities.models import Change, Organisation
from entities.vocabulary import Status
from nato_support.exchange.models import Mirror
from nato_support.publishing import republication
from nato_support.publishing.merge_publication import merge_and_publish, unmerge_and_publish
from nato_support.publishing.models.public_tables import Edition, Release
from nato_support.publishing.publication import publish, withdraw
from nato_support.publishing.republication import has_editions_of_earlier_form
from sources import quotation_share
from tests import world as make
from tests.invented import publish_cited

pytestmark = pytest.mark.django_db
DEPENDENT_ON_ARCADIA = {"minister-of-kites", "forty-kites", "arcadia-works-alongside-ruritania"}


def republish(**how) -> republication.Republication:
    return republication.republish_register(lambda label, total: tqdm(desc=label, total=total, disable=True), **how)


def get(address: str, status: int = 200) -> dict:
    answer = Client().get(f"/api/v1/{address}")
    assert answer.status_code == status, answer.content[:300]
    return json.loads(answer.content)


def live(slug: str) -> Edition:
    return Edition.objects.get(slug=slug, superseded=None)


def stored() -> list[tuple]:
    """Everything that a republication writes."""
    tables = [Edition, Release, Change, Organisation, Organisation.history.model]
    return [sorted(map(repr, model.objects.values_list())) for model in tables]


def break_name_of(record) -> None:
    """Leave the name of a record without evidence, behind the back of its models."""
    record.citations.filter(field="name").delete()


def age_editions() -> None:
    """Give the editions the members of an earlier version: immutable as they are, each is replaced by another row."""
    rows = list(Edition.objects.all())
    Edition.objects.all().delete()
    for row in rows:
        row.pk, document = None, json.loads(row.document)
        row.document = json.dumps({name: value for name, value in document.items() if name != "denied"})
    Edition.objects.bulk_create(rows)


@pytest.fixture
def exports(settings, tmp_path):
    settings.EXPORTS_DIR = tmp_path
    return tmp_path


def test_all_is_published_in_one_release_and_numbered_on(public, records):
    public.kites.summary = "Forty of them."
    public.kites.save()
    publish([public.kites])
    call_command("check_data", stdout=io.StringIO())

    outcome = republish()
    assert (outcome.release.number, outcome.drafts, outcome.denials) == (3, [], [])
    assert outcome.published.total() == len(records) == Edition.objects.count()
    assert set(Edition.objects.values_list("release", "withdrawn", "superseded")) == {(3, False, None)}
    assert (live("forty-kites").number, live("arcadia").number) == (3, 2)
    assert [release.operation for release in Release.objects.all()] == ["republish", "publish", "publish"]
    # Rendered anew and compared, the state hash, name keys and mentions included.
    call_command("check_data", stdout=io.StringIO())
    assert [found["slug"] for found in get("search/?q=kites&kind=commitment")["results"]] == ["forty-kites"]
    assert get("commitments/?committed_by=arcadia&count=true")["count"] == 1


def test_the_history_begins_with_that_release(public):
    epoch = get("changes/?since=0")["epoch"]
    republish()
    for gone in ("commitments/?as_of=release:1", "commitments/forty-kites/editions/1/", "changes/1/", "changes/?since=0"):
        problem = get(gone, 410)
        assert problem["type"] == "/api/v1/problems/history-gone/"
        assert "published anew in its release 2: nothing earlier is served any more" in problem["detail"]
    get("commitments/forty-kites/editions/3/", 404)
    assert get("commitments/?as_of=release:2")["results"] == get("commitments/")["results"]
    assert get("commitments/forty-kites/editions/2/") == get("commitments/forty-kites/")
    assert [entry["edition"] for entry in get("commitments/forty-kites/editions/")["results"]] == [2]
    assert [release["release"] for release in get("changes/")["results"]] == [2]
    feed = get("changes/?since=1")
    assert (feed["oldest"], feed["through"], len(feed["changes"])) == (1, 2, Edition.objects.count())
    # Whoever holds a copy of what was before must start over.
    assert feed["epoch"] != epoch
    assert get(f"changes/?since=1&epoch={epoch}", 409)["type"] == "/api/v1/problems/epoch-changed/"
    assert b"forty-kites" in Client().get("/api/v1/changes.atom").content
    moved = Client().get("/api/v1/commitments/forty-kites/", headers={"Accept-Datetime": "Tue, 03 Mar 2026 09:00:00 GMT"})
    assert moved.headers["Location"] == "/api/v1/commitments/forty-kites/editions/2/"


def test_an_earlier_snapshot_is_served_no_more(public, exports):
    call_command("snapshot", verbosity=0)
    assert [snapshot["release"] for snapshot in get("exports/")["results"]] == [1]
    republish()
    assert get("exports/")["results"] == []
    call_command("snapshot", verbosity=0)
    assert [snapshot["release"] for snapshot in get("exports/")["results"]] == [2]
    get("exports/1/", 410)


def test_what_breaks_the_rule_becomes_a_draft_with_all_that_depends_on_it(public):
    break_name_of(public.arcadia)
    version = public.minister.version
    outcome = republish()
    arcadia, *dependents = outcome.drafts
    assert (arcadia.slug, arcadia.name, arcadia.only_depends) == ("arcadia", "Arcadia", False)
    assert [str(problem) for problem in arcadia.problems] == [
        "organisation arcadia: Name is “Arcadia”, which no verified citation states: it has no citation"
    ]
    assert {draft.slug for draft in dependents} == DEPENDENT_ON_ARCADIA
    assert all(draft.only_depends for draft in dependents)
    minister = next(draft for draft in dependents if draft.slug == "minister-of-kites")
    assert str(minister.problems[0]) == "post minister-of-kites depends on what is not public: organisation arcadia"

    public.minister.refresh_from_db()
    assert (public.minister.status, public.minister.version) == (Status.DRAFT, version + 1)
    written = public.minister.history.first()
    assert (written.status, written.history_user, written.history_change_reason) == (
        Status.DRAFT,
        None,
        str(minister.problems[0]),
    )
    [change] = Change.objects.filter(pk__in={draft.history.first().change_id for draft in (public.minister, public.kites)})
    assert (change.by, change.reason) == (None, republication.REASON)
    # Withdrawn means gone; the rest is as if they had never been.
    for address in ("organisations/arcadia/", "organisations/arcadia/editions/1/", "organisations/arcadia/?as_of=release:2"):
        assert get(address, 410)["type"] == "/api/v1/problems/withdrawn/"
    assert live("arcadia").number == 2 and live("arcadia").release_id == outcome.release.number
    assert [row["slug"] for row in get("organisations/?ordering=name")["results"]] == ["arcadian-courier", "ruritania"]
    assert [row["slug"] for row in get("search/?q=arcadia&kind=organisation")["results"]] == ["arcadian-courier"]
    assert get("search/?q=kites&kind=commitment")["results"] == []
    call_command("check_data", stdout=io.StringIO())

    make.cite_values(public.quote, public.arcadia)
    publish([Organisation.objects.get(slug="arcadia")])
    assert get("organisations/arcadia/")["edition"] == 3


def test_a_dry_run_tells_the_same_and_writes_nothing(public):
    break_name_of(public.arcadia)
    before = stored()
    told = republish(dry_run=True)
    assert stored() == before
    done = republish()
    assert (told.release.number, told.published, told.drafts) == (done.release.number, done.published, done.drafts)
    assert stored() != before


def test_it_happens_as_a_whole_or_not_at_all(public, monkeypatch):
    before = stored()
    monkeypatch.setattr(republication, "_denying_citations", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        republish()
    assert stored() == before


def test_changes_that_nobody_published_are_refused_unless_told(public):
    public.arcadia.summary = "Not yet said."
    public.arcadia.save()
    with pytest.raises(republication.UnpublishedChanges, match="organisation arcadia"):
        republish()
    assert Release.objects.count() == 1
    republish(with_pending=True)
    assert get("organisations/arcadia/")["summary"] == "Not yet said."


def test_what_was_withdrawn_stays_so_and_what_is_published_is_restored(public):
    tents = make.a_commitment("tents")
    publish_cited(public.quote, tents)
    withdraw([tents])
    republish()
    assert get("commitments/tents/", 410)["type"] == "/api/v1/problems/withdrawn/"
    assert live("tents").number == 2
    type(tents).objects.filter(slug="tents").update(status=Status.PUBLISHED)
    with pytest.raises(republication.UnpublishedChanges, match="commitment tents"):
        republish()
    republish(with_pending=True)
    assert get("commitments/tents/")["edition"] == 3
    call_command("check_data", stdout=io.StringIO())


@pytest.fixture
def merge(public):
    """A public twin of Arcadia, merged into it."""
    twin = make.an_organisation("arcadian-republic", founded="1949-04")
    publish_cited(public.quote, twin)
    arcadia = Organisation.objects.get(slug="arcadia")
    choices = {"name": merging.SURVIVOR}
    digest = merging.plan_merge(twin, arcadia, choices).digest
    return merge_and_publish(twin, arcadia, choices, expected_digest=digest, confirmed=True)


def unmerge(merge) -> None:
    unmerge_and_publish(merge, expected_digest=unmerging.plan_unmerge(merge).digest)
    call_command("check_data", stdout=io.StringIO())


def test_redirects_stay_and_share_the_fate_of_what_they_lead_to(public, merge):
    republish()
    assert Client().get("/api/v1/organisations/arcadian-republic/").headers["Location"] == "/api/v1/organisations/arcadia/"
    assert get("organisations/arcadian-republic/editions/1/", 410)["type"] == "/api/v1/problems/history-gone/"
    break_name_of(public.arcadia)
    public.arcadia.citations.filter(field="names").delete()
    republish()
    assert get("organisations/arcadian-republic/", 410)["type"] == "/api/v1/problems/withdrawn/"
    call_command("check_data", stdout=io.StringIO())


def test_a_merge_can_still_be_undone(merge):
    republish()
    unmerge(merge)
    assert get("organisations/arcadian-republic/")["edition"] == 3


def test_unmerging_makes_a_draft_of_what_breaks_the_rule(merge):
    Organisation.objects.filter(slug="arcadian-republic").update(founded="1950")
    republish()
    unmerge(merge)
    assert Organisation.objects.get(slug="arcadian-republic").status == Status.DRAFT
    get("organisations/arcadian-republic/", 410)


def test_no_more_is_quoted_than_may_be(public, monkeypatch):
    """Of two quotes, of which one alone is within the limit, the one stays that what others refer to rests on."""
    sentences = ["Arcadia builds forty red kites.", "Ruritania waits for them patiently."]
    document = make.a_document("news", " ".join([*sentences, "And so on it goes."]), title="Arcadia")
    yard, meeting = make.an_organisation("kite-guild"), make.an_event("kite-fair")
    quotes = [make.a_quote(document, words, kind="narration") for words in sentences]
    monkeypatch.setattr(quotation_share, "MAX_SHARE", 1)
    publish([document, *quotes])
    publish_cited(quotes[1], yard)
    make.a_citation(quotes[0], meeting, "type", "meeting")
    publish_cited(quotes[0], meeting)
    publish_cited(public.quote, make.a_facility("kite-field", operator=yard))
    monkeypatch.setattr(quotation_share, "MAX_SHARE", 0.5)

    outcome = republish()
    drafts = {draft.slug: str(draft.problems[0]) for draft in outcome.drafts}
    assert set(drafts) == {"news-q01", "kite-fair"}
    assert drafts["kite-fair"].startswith("event kite-fair would show 66.7% (10 of 15 words) of document news; at most 50%")
    assert {live(slug).withdrawn for slug in ("news-q02", "kite-guild", "kite-field")} == {False}


def test_a_quote_too_short_to_be_public_becomes_a_draft(public, monkeypatch):
    document = make.a_document("news", "Arcadia builds kites. " + "And so on it goes. " * 9, title="Kites")
    quote = make.a_quote(document, "Arcadia builds kites", kind="narration")
    monkeypatch.setattr(quotation_share, "MIN_PASSAGE_WORDS", 3)
    publish([document, quote])
    monkeypatch.setattr(quotation_share, "MIN_PASSAGE_WORDS", 4)
    [draft] = republish().drafts
    assert (draft.slug, str(draft.problems[0])[:23]) == ("news-q01", "quote news-q01 has 3 wo")


def test_citations_that_deny_are_listed_for_checking(public):
    make.a_citation(public.quote, public.kites, "concerns", "ruritania", polarity="denies")
    public.kites.refresh_from_db()
    publish([public.kites])
    [denial] = republish().denials
    assert denial == republication.DenyingCitation(public.quote.slug, "commitment", "forty-kites", "concerns", "ruritania")


def told(*arguments) -> list[dict]:
    out = io.StringIO()
    call_command("republish", "--json", *arguments, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_the_command_acts_on_editions_of_an_earlier_version_alone(public, exports):
    assert not has_editions_of_earlier_form()
    assert told() == [{"finding": "nothing"}]
    age_editions()
    assert has_editions_of_earlier_form()
    with pytest.raises(CommandError, match="run manage.py republish"):
        call_command("check_data")
    break_name_of(public.arcadia)
    expected = told("--dry-run")
    assert has_editions_of_earlier_form() and not list(exports.iterdir())
    assert told() == expected
    arcadia, *_, release = expected
    assert (arcadia["finding"], arcadia["kind"], arcadia["slug"]) == ("draft", "organisation", "arcadia")
    assert arcadia["problems"][0]["field"] == "name"
    assert (release["release"], release["published"]["organisation"], release["drafts"]) == (2, 2, 4)
    assert told() == [{"finding": "nothing"}]
    assert (exports / "2").is_dir()


def test_the_command_tells_people_what_it_does(public, exports):
    age_editions()
    break_name_of(public.arcadia)
    out = io.StringIO()
    call_command("republish", dry_run=True, stdout=out)
    assert out.getvalue().startswith(
        "Draft: organisation arcadia (“Arcadia”)\n  organisation arcadia: Name is “Arcadia”, which no"
    )
    assert out.getvalue().endswith(
        "Release 2: 7 records published anew; 4 became drafts, 3 of these only because they depend on others.\n"
        "Nothing was written: this was a dry run.\n"
    )


def test_the_command_lists_what_waits_and_refuses(public):
    age_editions()
    public.arcadia.save()
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 published records have changes that nobody has published"):
        call_command("republish", stdout=out)
    assert out.getvalue() == "Pending: organisation arcadia (“Arcadia”)\n"


def test_a_mirror_is_not_published_anew(public):
    Mirror.objects.create(source="https://register.example.org/api/v1/", epoch="0" * 16, begins=1, through=1, state_hash="0" * 64)
    with pytest.raises(CommandError, match="publish its source anew, and copy that with mirror --start-over"):
        call_command("republish")


def test_the_demo_does_it_by_itself(public, exports, settings):
    settings.STATE_DIR = exports / "state"
    age_editions()
    call_command("demo", no_server=True, stdout=io.StringIO())
    assert not has_editions_of_earlier_form()
    assert Release.objects.latest("number").operation == "republish"
