"""Publishing prints editions; the working copy may be changed as one likes, the public sees the last one."""

import json
import re

import pytest
from django.db import IntegrityError, transaction

from entities.models import Milestone, Organisation
from entities.models.commitment import RESERVED_SLUGS
from entities.refusals import Refused
from entities.vocabulary import Status
from nato_support.api.urls import urlpatterns as api_addresses
from nato_support.publishing import releases
from nato_support.publishing.models.public_tables import Edition, EditionTerm, Release, ReleaseOperation
from nato_support.publishing.publication import publish, withdraw
from nato_support.publishing.register_checks import check_live_editions
from sources.models import Citation, SourceQuote
from tests import world as make

pytestmark = pytest.mark.django_db


def live(kind: str, slug: str) -> Edition:
    return Edition.objects.get(kind=kind, slug=slug, superseded=None)


def lean(kind: str, slug: str) -> dict:
    return json.loads(live(kind, slug).document)


def evidence(kind: str, slug: str) -> dict:
    return json.loads(live(kind, slug).evidence)["evidence"]


def everything_public() -> list:
    return sorted(Edition.objects.values_list("kind", "slug", "number", "document", "evidence", "superseded"))


def test_a_group_that_rests_on_each_other_is_published_in_one_run(public, records):
    assert Edition.objects.filter(release=public.release).count() == len(records)
    assert {record.status for record in records} == {"published"}
    assert list(check_live_editions()) == []


def test_an_edition_is_complete_in_itself(public):
    printed = lean("commitment", "forty-kites")
    assert printed["committed_by"] == [
        {"kind": "organisation", "slug": "arcadia", "name": "Arcadia", "href": "/api/v1/organisations/arcadia/"}
    ]
    assert printed["stage"] == "announced"
    assert printed["milestones"][0]["event"]["name"] == "Lake Meeting"
    [citation] = evidence("commitment", "forty-kites")["committed_by"]["citations"]
    assert citation["quote"]["exact"] == "We pledge forty kites, no more and no less"
    assert citation["quote"]["speakers"][0]["name"] == "Ada Fell"
    assert citation["quote"]["document"]["publisher"]["name"] == "Arcadian Courier"
    assert citation["value_ref"]["slug"] == "arcadia"


def test_drafts_change_no_byte_of_what_is_public(public):
    before = everything_public()
    public.kites.name = "Changed"
    public.kites.save()
    Milestone.objects.create(commitment=public.kites, stage="delivered", date="2025")
    make.an_organisation("new-draft")
    make.a_citation(public.quote, public.arcadia, "type", "alliance")
    SourceQuote.objects.update(attribution="somebody else")
    public.kites.committed_by.clear()
    assert everything_public() == before


def test_publishing_supersedes_and_keeps_the_old_edition(public):
    public.kites.name = "Forty-one kites"
    public.kites.save()
    run = publish([public.kites], note="a recount")
    first, second = Edition.objects.filter(kind="commitment", slug="forty-kites").order_by("number")
    assert (first.name, first.superseded) == ("Forty Kites", run.number)
    assert (second.name, second.number, second.superseded) == ("Forty-one kites", 2, None)
    assert run.number == public.release.number + 1


def test_publishing_what_the_public_already_sees_prints_nothing(public):
    assert publish([public.kites]) is None
    assert Release.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda w: Citation.objects.filter(entity=w.kites.pk).delete(), "has no supporting citation"),
        (
            lambda w: Citation.objects.filter(field="measures.kites").delete(),
            "Measure “kites” is “40 kites”, which no verified citation states: it has no citation",
        ),
        (
            lambda w: Citation.objects.filter(field="measures.kites").update(value="41 kite"),
            "Measure “kites” is “40 kites”, which no verified citation states: its citations say “41 kites”",
        ),
        (
            lambda w: Citation.objects.filter(field__startswith="milestones").delete(),
            "Milestone “announced” is “announced, 9 July 2024”, which no verified citation states: it has no citation",
        ),
        (
            lambda w: Citation.objects.filter(entity=w.arcadia.pk, field="founded").update(polarity="denies"),
            "Founded is “April 1949”, which no verified citation states: its citations deny “April 1949”",
        ),
        (
            lambda w: Citation.objects.filter(entity=w.yard.pk, field="locality").update(as_stated=""),
            "Locality is cited from quote courier-2024-07-09-q01 for “Harbourton” without the source's words",
        ),
        (
            lambda w: Citation.objects.filter(entity=w.yard.pk, field="locality").update(note=""),
            "Locality is cited from quote courier-2024-07-09-q01 for “Harbourton”, but the source says “We pledge forty kites,",
        ),
        (
            lambda w: Citation.objects.filter(field="committed_by").update(value="no-such-body"),
            "organisation no-such-body, which is not public",
        ),
        (lambda w: Citation.objects.filter(field="committed_by").update(field="colour"), "field “colour” does not exist"),
    ],
)
def test_publishing_refuses_and_says_what_is_missing(world, records, change, complaint):
    change(world)
    with pytest.raises(Refused, match=complaint):
        publish(records)
    assert not Edition.objects.exists()
    assert not Release.objects.exists()
    assert not Organisation.objects.filter(status="published").exists()


def test_words_that_name_another_party_than_the_value_are_refused_without_a_note(world, records):
    passage = make.a_quote(world.document, "Arcadia will give Ruritania 40 kites")
    citation = make.a_citation(passage, world.kites, "beneficiary", "ruritania", as_stated="Arcadia", note="")
    world.kites.refresh_from_db()
    with pytest.raises(
        Refused, match="Beneficiary is cited from quote .*-q02 for “ruritania”, but “Arcadia” reads “arcadia”: correct"
    ):
        publish([*records, passage])
    citation.as_stated = "Ruritania"
    citation.save()
    assert publish([*records, passage])


def test_no_commitment_takes_an_address_that_is_another_s(public):
    """What stands in the place of its slug would be answered instead of it."""
    taken = {found[1] for pattern in api_addresses if (found := re.fullmatch("commitments/([a-z]+)/", str(pattern.pattern)))}
    assert taken == set(RESERVED_SLUGS) and taken
    for slug in taken:
        hidden = make.a_commitment(slug)
        make.a_citation(public.quote, hidden, "name", hidden.name)
        with pytest.raises(Refused, match="is reserved"):
            publish([hidden])


def test_what_it_rests_on_must_be_public_or_published_along(world, records):
    with pytest.raises(Refused) as refused:
        publish([world.kites])
    assert "commitment forty-kites depends on organisation arcadia, which is not public: publish it too" in refused.value.problems
    assert (
        "commitment forty-kites depends on quote courier-2024-07-09-q01, which is not public: publish it too"
        in refused.value.problems
    )


def test_only_the_version_that_was_reviewed_is_published(public):
    reviewed = public.kites.version
    public.kites.name = "Fifty kites"
    public.kites.save()
    with pytest.raises(Refused, match=f"reviewed in version {reviewed}, but is in version {reviewed + 1} now"):
        publish([public.kites], versions={public.kites: reviewed})
    with pytest.raises(Refused, match="ruritania is not among the records that were reviewed"):
        publish([public.kites, public.ruritania], versions={public.kites: reviewed + 1})
    with pytest.raises(Refused, match="forty-kites is not among"):
        withdraw([public.kites], versions={})
    assert publish([public.kites], versions={public.kites: reviewed + 1})


def test_withdrawing_what_was_never_public_changes_nothing(world):
    assert withdraw([world.kites]) is None
    world.kites.refresh_from_db()
    assert world.kites.status == Status.DRAFT


def test_a_change_of_a_part_is_a_change_of_the_whole(public):
    version = public.kites.version
    public.measure.value = 41
    public.measure.save()
    public.kites.refresh_from_db()
    assert public.kites.version > version


def test_a_rename_reprints_what_names_the_record_and_nothing_that_is_staged(public):
    public.kites.name = "Staged name"
    public.kites.save()
    public.arcadia.name = "New Arcadia"
    public.arcadia.save()
    make.cite_values(public.quote, public.arcadia)
    run = publish([public.arcadia])
    reprinted = Edition.objects.filter(release=run, cause="reference")
    assert set(reprinted.values_list("kind", flat=True)) == {"commitment", "post", "relation"}
    assert lean("commitment", "forty-kites")["name"] == "Forty Kites"
    assert lean("commitment", "forty-kites")["committed_by"][0]["name"] == "New Arcadia"
    assert lean("relation", public.alliance.slug)["name"] == "New Arcadia is works alongside Ruritania (attested in 2024)"


def test_a_requoted_passage_is_shown_anew_wherever_it_is_evidence(public):
    public.quote.attribution = "the minister"
    public.quote.save()
    publish([public.quote])
    for kind, slug in (("commitment", "forty-kites"), ("person", "ada-fell"), ("relation", public.alliance.slug)):
        shown = [c["quote"]["attribution"] for field in evidence(kind, slug).values() for c in field["citations"]]
        assert set(shown) == {"the minister"}
    assert list(check_live_editions()) == []


def test_a_retitled_document_is_shown_anew_in_quotes_and_evidence(public):
    public.document.title = "Arcadia gives kites"
    public.document.save()
    publish([public.document])
    assert lean("quote", public.quote.slug)["document"]["name"] == "Arcadia gives kites"
    [citation] = evidence("person", "ada-fell")["name"]["citations"]
    assert citation["quote"]["document"]["name"] == "Arcadia gives kites"
    assert list(check_live_editions()) == []


def test_withdrawing_leaves_a_tombstone_and_prints_anew_what_named_the_record(public):
    withdraw([public.meeting], note="entered twice")
    assert live("event", "lake-meeting").withdrawn
    assert live("event", "lake-meeting").document == "{}"
    assert lean("commitment", "forty-kites")["milestones"][0]["event"] is None
    assert "Lake Meeting" not in "".join(Edition.objects.filter(superseded=None).values_list("document", flat=True))
    public.meeting.refresh_from_db()
    assert public.meeting.status == "withdrawn"
    assert list(check_live_editions()) == []


def test_withdrawing_what_others_cannot_stand_without_is_refused(public):
    with pytest.raises(Refused) as refused:
        withdraw([public.quote])
    assert "commitment forty-kites would be left without evidence; withdraw it too" in refused.value.problems
    with pytest.raises(Refused, match="relation .* needs its subject; withdraw it too"):
        withdraw([public.arcadia])
    assert Edition.objects.filter(withdrawn=True).count() == 0


def test_a_group_is_withdrawn_in_one_go(public, records):
    withdraw(records)
    assert not Edition.objects.filter(superseded=None, withdrawn=False).exists()
    assert int(Release.objects.first().state_hash, 16) == 0


def test_what_is_published_again_is_named_again(public):
    before = lean("commitment", "forty-kites")["milestones"]
    withdraw([public.meeting])
    public.meeting.refresh_from_db()
    publish([public.meeting])
    assert lean("commitment", "forty-kites")["milestones"] == before
    assert list(check_live_editions()) == []


def test_what_a_withdrawn_record_states_as_evidence_goes_with_it(public):
    other = make.an_organisation("sylvania")
    make.a_citation(public.quote, other, "name", "Sylvania")
    make.a_citation(public.quote, public.kites, "beneficiary", "sylvania")
    publish([other, public.kites])
    assert lean("commitment", "forty-kites")["contested"] == ["beneficiary"]
    withdraw([other])
    assert lean("commitment", "forty-kites")["contested"] == []
    assert evidence("commitment", "forty-kites")["beneficiary"]["statements"] == [{"value": "ruritania", "polarity": "affirms"}]
    assert "sylvania" not in live("commitment", "forty-kites").evidence


def test_an_edition_cannot_be_changed(public):
    for change in ({"document": "{}"}, {"name": "x"}, {"withdrawn": True}, {"number": 7}):
        with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
            Edition.objects.filter(kind="commitment").update(**change)


def test_a_superseded_edition_stays_so(public):
    public.kites.name = "Other"
    public.kites.save()
    publish([public.kites])
    with pytest.raises(IntegrityError, match="stays so"), transaction.atomic():
        Edition.objects.filter(superseded__isnull=False).update(superseded=None)


def test_there_is_one_live_edition(public):
    first = live("commitment", "forty-kites")
    first.pk, first.number = None, 9
    with pytest.raises(IntegrityError), transaction.atomic():
        first.save(force_insert=True)


def test_the_terms_name_everything_that_an_edition_refers_to(public):
    from nato_support.publishing import rendered_references, search_terms

    for edition in Edition.objects.all():
        found = rendered_references.iterate_references([json.loads(edition.document), json.loads(edition.evidence)])
        # The terms of a list have the name of one member.
        named = {(member if member != "speakers" else "speaker", f"{kind}/{slug}") for member, kind, slug in found}
        assert {member for member, _ in named} <= set(search_terms.REFERENCE_FIELDS)
        assert named <= set(EditionTerm.objects.filter(edition=edition).values_list("field", "value"))


def test_the_check_notices_an_edition_that_its_working_copy_does_not_print(public):
    Organisation.objects.filter(pk=public.arcadia.pk).update(type="alliance")
    [problem] = check_live_editions()
    assert (problem.record, problem.field) == ("arcadia", "document")
    assert "type" in problem.message


@pytest.mark.django_db(transaction=True)
def test_a_release_is_opened_in_a_transaction_alone():
    with pytest.raises(transaction.TransactionManagementError, match="in one transaction"):
        releases.open_release(ReleaseOperation.PUBLISH)
    assert not Release.objects.exists()
