"""Merging two records: what the plan says is what is done, keys stay, and taking it back leaves no trace."""

import random
from typing import Any

import pytest

from entities.merging import BOTH, MERGED, SURVIVOR, MergeOutcome, merge_entities, plan_merge
from entities.merging.unmerging import plan_unmerge, unmerge_entities
from entities.models import (
    Change,
    DuplicateCandidate,
    DuplicateDecision,
    Identifier,
    Measure,
    Merge,
    Milestone,
    Name,
    Organisation,
    Relation,
)
from entities.refusals import Refused, Stale
from entities.vocabulary import DuplicateVerdict, Status
from nato_support.exchange.fixtures import export_fixtures
from sources.models import Citation, Resolution
from tests import world as make


@pytest.fixture
def twin(world):
    """Arcadia once more, as an editor in a hurry entered it."""
    twin = make.an_organisation("arcadian-republic", type="state", founded="1949", summary="A state of kites.")
    make.a_citation(world.quote, twin, "name", twin.name)
    return twin


@pytest.fixture
def dump(tmp_path):
    """The working copy as fixtures: file -> its bytes."""

    def made() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in export_fixtures(tmp_path)}

    return made


KEEP = {"name": SURVIVOR, "founded": SURVIVOR}


def merged(one, other, choices=KEEP, **said) -> Merge:
    return merge_entities(one, other, choices, expected_digest=plan_merge(one, other, choices).digest, **said)


def back(merge: Merge, sorting=None, **said) -> Merge:
    return unmerge_entities(merge, sorting, expected_digest=plan_unmerge(merge, sorting).digest, **said)


def test_the_quotes_of_a_merged_person_are_the_survivors_and_return(world):
    twin, bo = make.a_person("a-fell"), make.a_person("bo-vale")
    alone = make.a_quote(world.document, "40 kites", speakers=[twin])
    together = make.a_quote(world.document, "About 700 clerks", speakers=[world.ada, twin, bo])
    before = {quote: quote.speaker_keys for quote in (alone, together)}
    merge = merged(twin, world.ada, {"name+given_name+family_name": SURVIVOR})
    assert [*alone.speakers.all()] == [world.ada]
    assert {*together.speakers.all()} == {world.ada, bo}
    assert alone.history.first().speakers.get().person_id == world.ada.pk
    back(merge)
    assert {quote: quote.speaker_keys for quote in (alone, together)} == before


def test_names_evidence_and_references_move_and_keep_their_keys(world, twin):
    name = Name.objects.create(entity=twin, text="RoA", kind="acronym")
    number = Identifier.objects.create(entity=twin, scheme="wikidata", value="Q1")
    citation = Citation.objects.get(entity=twin)
    world.yard.operator = twin
    world.yard.save()
    post = make.a_post(twin, "keeper-of-kites")
    world.kites.committed_by.add(twin)
    merged(twin, world.arcadia, confirmed=True)
    for row in (name, number, citation, world.yard, post):
        row.refresh_from_db()
    assert name.entity.pk == number.entity.pk == citation.entity.pk == world.arcadia.pk
    assert world.yard.operator == post.organisation == world.arcadia
    assert [*world.kites.committed_by.all()] == [world.arcadia]
    twin.refresh_from_db()
    assert twin.merged_into.pk == world.arcadia.pk


def test_the_name_of_the_merged_one_becomes_an_alias_and_its_evidence_that_of_the_alias(world, twin):
    merged(twin, world.arcadia)
    assert Name.objects.get(entity=world.arcadia).text == twin.name
    assert Citation.objects.get(entity=world.arcadia).field == "names"


def test_the_name_that_gives_way_is_kept_whichever_it_is(world, twin):
    make.a_citation(world.quote, world.arcadia, "name", "Arcadia")
    merged(twin, world.arcadia, {"name": MERGED, "founded": SURVIVOR})
    world.arcadia.refresh_from_db()
    assert world.arcadia.name == "Arcadian Republic" and Name.objects.get(entity=world.arcadia).text == "Arcadia"
    assert dict(Citation.objects.filter(entity=world.arcadia).values_list("value", "field")) == {
        "Arcadia": "names",
        "Arcadian Republic": "name",
    }


def test_a_filled_value_is_preferred_and_a_clash_is_left_open(world, twin):
    units = {unit.key: unit for unit in plan_merge(twin, world.arcadia).field_groups}
    assert units["summary"].chosen == MERGED and not units["summary"].is_conflict
    assert units["founded"].chosen == units["name"].chosen == "" and units["founded"].is_conflict
    with pytest.raises(Refused, match="Choose a value for: name, founded"):
        merged(twin, world.arcadia, {})
    merged(twin, world.arcadia, {"name": SURVIVOR, "founded": MERGED})
    world.arcadia.refresh_from_db()
    assert (world.arcadia.founded, world.arcadia.summary) == ("1949", "A state of kites.")


def test_fields_that_mean_something_together_are_chosen_together(world):
    other = make.an_event("lake-talks", start="2024-07-09", end="2024-07-10", locality="Valleytown")
    units = {unit.key: unit for unit in plan_merge(other, world.meeting).field_groups}
    assert units["start+end"].is_conflict and not units["locality+country"].is_conflict


def test_equal_rows_become_one(world, twin):
    Name.objects.create(entity=twin, text="The Kite State")
    Name.objects.create(entity=world.arcadia, text="The Kite State")
    make.a_citation(world.quote, twin, "type", "state")
    make.a_citation(world.quote, world.arcadia, "type", "state")
    made = plan_merge(twin, world.arcadia, KEEP)
    assert sorted(line.model._meta.model_name for line in made.rows_with_outcome(MergeOutcome.IDENTICAL)) == ["citation", "name"]
    merged(twin, world.arcadia)
    assert Name.objects.filter(text="The Kite State").count() == Citation.objects.filter(field="type").count() == 1


def test_a_relation_between_the_two_or_there_already_is_set_aside_and_its_evidence_goes_to_the_other(world, twin):
    loop = make.a_relation(twin, world.arcadia)
    same = make.a_relation(twin, world.ruritania, world.alliance.type)
    other = make.a_relation(twin, world.ruritania, world.alliance.type, start="2020")
    citations = [make.a_relation_citation(world.quote, relation) for relation in (same, other)]
    merged(twin, world.arcadia)
    for row in (loop, same, other, *citations):
        row.refresh_from_db()
    assert loop.status == same.status == Status.WITHDRAWN and other.subject.pk == world.arcadia.pk
    assert [citation.relation for citation in citations] == [world.alliance, other]
    assert {citation.value for citation in citations} == {"in_force: arcadia works-alongside ruritania"}


def test_amounts_whose_keys_clash_are_renamed_and_their_evidence_follows(world):
    other = make.a_commitment("kites-again")
    amount = make.a_measure(other, value=41, as_stated="41 kites")
    citation = make.a_citation(world.quote, other, "measures.kites", "41 kite")
    merged(other, world.kites, {"name": SURVIVOR})
    amount.refresh_from_db()
    citation.refresh_from_db()
    assert (amount.key, citation.field, amount.entity.pk) == ("kites-2", "measures.kites-2", world.kites.pk)
    citation.full_clean()


def test_the_same_amount_is_counted_once_unless_both_are_kept(world):
    give = {"kind": "money", "unit": "", "currency": "EUR", "value": 5, "as_stated": "five"}
    make.a_measure(world.kites, "aid", **give)
    other = make.a_commitment("kites-again")
    amount = make.a_measure(other, "money", **give)
    citation = make.a_citation(world.quote, other, "measures.money", "5 EUR")
    line = next(line for line in plan_merge(other, world.kites).rows_with_outcome(MergeOutcome.IDENTICAL))
    assert (
        plan_merge(other, world.kites).totals.after == {"EUR": "5"} and not plan_merge(other, world.kites).totals.double_counted
    )
    both = plan_merge(other, world.kites, {line.address: BOTH})
    assert both.totals.after == {"EUR": "10"} and both.totals.double_counted == ["five"]
    merged(other, world.kites, {"name": SURVIVOR})
    citation.refresh_from_db()
    assert citation.field == "measures.aid" and not Measure.objects.filter(pk=amount.pk).exists()


def test_what_others_state_of_it_follows(world, twin):
    world.kites.committed_by.set([twin])
    citation = make.a_citation(world.quote, world.kites, "committed_by", twin.slug)
    stated = make.a_citation(world.quote, world.yard, "operator", twin.slug)
    verdict = Resolution.objects.create(
        entity=world.yard,
        field="operator",
        verdict="source_error",
        reason="Who knows.",
        decided_on="2024",
        settles=[{"value": "arcadian-republic", "polarity": "affirms"}, {"value": "ruritania", "polarity": "affirms"}],
        decides_for={"value": "arcadian-republic", "polarity": "affirms"},
    )
    make.a_citation(world.quote, world.yard, "operator", "ruritania")
    merged(twin, world.arcadia)
    for row in (citation, stated, verdict):
        row.refresh_from_db()
    assert citation.value == stated.value == "arcadia" and [made["value"] for made in verdict.settles] == ["arcadia", "ruritania"]
    assert verdict.decides_for == {"value": "arcadia", "polarity": "affirms"}


def test_a_verdict_between_the_two_judges_nothing_any_more(world, twin, dump):
    make.a_citation(world.quote, world.yard, "operator", twin.slug)
    make.a_citation(world.quote, world.yard, "operator", "arcadia")
    Resolution.objects.create(entity=world.yard, field="operator", verdict="disputed", reason="Who knows.", decided_on="2024")
    before = dump()
    merge = merged(twin, world.arcadia)
    assert not Resolution.objects.exists() and Citation.objects.filter(field="operator").count() == 1
    back(merge)
    assert dump() == before


@pytest.mark.parametrize("scheme", ["wikidata", "iso3166", "kiel", "ftm", "iati-org"])
def test_two_official_identifiers_are_two_things(world, twin, scheme):
    Identifier.objects.create(entity=twin, scheme=scheme, value="1")
    assert not plan_merge(twin, world.arcadia).refusals
    Identifier.objects.create(entity=world.arcadia, scheme=scheme, value="2")
    assert "different identifiers" in plan_merge(twin, world.arcadia).refusals[0]
    with pytest.raises(Refused, match="different identifiers"):
        merged(twin, world.arcadia)
    assert not Merge.objects.exists()


def test_what_cannot_be_merged(world, twin):
    assert "into itself" in plan_merge(twin, twin).refusals[0]
    assert "only records of one kind" in plan_merge(world.ada, twin).refusals[0]
    Organisation.objects.filter(pk=twin.pk).update(status=Status.IN_REVIEW)
    assert "“Arcadian Republic” is waiting for review" in plan_merge(twin, world.arcadia, KEEP).refusals[0]
    Organisation.objects.filter(pk=twin.pk).update(status=Status.DRAFT)
    same = make.a_relation(twin, world.ruritania, world.alliance.type, status=Status.PUBLISHED)
    assert "is public and would be replaced by an identical row that is not" in plan_merge(twin, world.arcadia, KEEP).refusals[0]
    same.delete()
    merged(twin, world.arcadia)
    assert "merged into “Arcadia” already" in plan_merge(twin, world.ruritania).refusals[0]
    assert "merged into “Arcadia” already" in plan_merge(world.ruritania, twin).refusals[0]


def test_the_wrong_direction_is_said_and_must_be_meant(world, twin):
    assert not plan_merge(twin, world.arcadia).wrong_direction
    for number in range(9):
        Name.objects.create(entity=world.arcadia, text=f"Kite State {number}")
    wrong = plan_merge(world.arcadia, twin, KEEP)
    assert wrong.wrong_direction and "links" in wrong.warnings[0].text
    with pytest.raises(Refused, match="wrong direction"):
        merged(world.arcadia, twin)
    merged(world.arcadia, twin, confirmed=True)
    assert Name.objects.filter(entity=twin).count() == 10


def test_public_into_not_public_is_the_wrong_way(world, twin):
    Organisation.objects.filter(pk=twin.pk).update(status=Status.PUBLISHED)
    assert "is public" in plan_merge(twin, world.arcadia).warnings[0].text


@pytest.mark.parametrize("which", ["twin", "arcadia", "row"])
def test_nothing_is_merged_if_anything_moved_since_it_was_looked_at(world, twin, which):
    seen = plan_merge(twin, world.arcadia, KEEP).digest
    if which == "row":
        world.yard.operator = twin
        world.yard.save()
    else:
        one = twin if which == "twin" else Organisation.objects.get(slug="arcadia")
        one.summary = "Somebody else wrote this."
        one.save()
    with pytest.raises(Stale, match="have changed since"):
        merge_entities(twin, world.arcadia, KEEP, expected_digest=seen)
    assert not Merge.objects.exists()


def test_it_is_one_change_and_its_history_says_so(world, twin, django_user_model):
    edith = django_user_model.objects.create(username="edith")
    merged(twin, world.arcadia, by=edith, reason="One state.")
    change = Change.objects.get(action="merge")
    assert (change.by, change.reason) == (edith, "One state.")
    assert Name.history.latest().change == change and Organisation.history.filter(change=change).exists()


def test_the_finder_does_not_ask_again(world, twin):
    DuplicateCandidate.objects.create(first=world.arcadia, second=twin, score=0.9)
    DuplicateDecision.objects.create(first=world.ruritania, second=twin, verdict=DuplicateVerdict.DIFFERENT)
    merge = merged(twin, world.arcadia)
    assert not DuplicateCandidate.objects.exists()
    pairs = {(one.first.slug, one.second.slug): one.verdict for one in DuplicateDecision.objects.all()}
    assert pairs == {("arcadia", "arcadian-republic"): "same", ("arcadia", "ruritania"): "different"}
    back(merge)
    pairs = {(one.first.slug, one.second.slug): one.verdict for one in DuplicateDecision.objects.all()}
    assert pairs == {("arcadia", "arcadian-republic"): "different", ("ruritania", "arcadian-republic"): "different"}


def test_unmerging_with_nothing_between_leaves_no_trace(world, twin, dump):
    Name.objects.create(entity=twin, text="RoA")
    make.a_relation(twin, world.arcadia)
    world.kites.committed_by.add(twin)
    before = dump()
    merge = merged(twin, world.arcadia, {"name": MERGED, "founded": MERGED})
    assert dump() != before
    undone = back(merge, reason="Two states.")
    assert dump() == before and undone.undone_at and plan_unmerge(undone).refusals


def test_what_changed_since_is_laid_out_and_starts_at_the_survivor(world, twin):
    kept, changed = (Name.objects.create(entity=twin, text=text) for text in ("RoA", "Arcadian Rep"))
    merge = merged(twin, world.arcadia)
    changed.refresh_from_db()
    changed.text = "Arcadian Rep."
    changed.save()
    added = Name.objects.create(entity_id=world.arcadia.pk, text="The Kite State")
    world.yard.operator = world.arcadia
    world.yard.save()
    made = plan_unmerge(merge)
    assert {one.address: one.chosen for one in made.assignments} == {
        f"entities.name/{changed.pk}": SURVIVOR,
        f"entities.name/{added.pk}": SURVIVOR,
        f"entities.facility/{world.yard.pk}": SURVIVOR,
    }
    back(merge, {f"entities.name/{changed.pk}": MERGED, f"entities.name/{added.pk}": BOTH})
    names = {slug: {*Name.objects.filter(entity__slug=slug).values_list("text", flat=True)} for slug in ("arcadia", twin.slug)}
    assert names == {"arcadia": {"The Kite State"}, twin.slug: {"RoA", "Arcadian Rep.", "The Kite State"}}
    world.yard.refresh_from_db()
    assert world.yard.operator == world.arcadia


def test_a_field_that_was_changed_since_stays(world, twin):
    merge = merged(twin, world.arcadia, {"name": SURVIVOR, "founded": MERGED})
    world.arcadia.refresh_from_db()
    world.arcadia.founded = "1950"
    world.arcadia.save()
    assert "founded has been changed since" in plan_unmerge(merge).unchanged_notes[0]
    back(merge)
    world.arcadia.refresh_from_db()
    assert (world.arcadia.founded, world.arcadia.summary) == ("1950", "")


def test_later_merges_are_taken_back_first(world, twin):
    first = merged(twin, world.arcadia)
    second = merged(world.courier, world.arcadia, {"name": SURVIVOR, "type": SURVIVOR})
    assert plan_unmerge(first).later_merges == [second]
    with pytest.raises(Refused, match="Unmerge the later merges first"):
        back(first)
    back(second)
    back(first)


def test_unmerging_is_refused_if_anything_moved_since(world, twin):
    merge = merged(twin, world.arcadia)
    seen = plan_unmerge(merge).digest
    Name.objects.create(entity_id=world.arcadia.pk, text="The Kite State")
    with pytest.raises(Stale):
        unmerge_entities(merge, expected_digest=seen)


def _grown(seed: int) -> list:
    """A small world full of look-alikes, drawn by `seed`: organisations, commitments, relations, amounts, evidence."""
    draw = random.Random(seed)
    document = make.a_document()
    words = ["We pledge forty kites", "Arcadia will give Ruritania 40 kites", "About 700 clerks", "officials said"]
    quotes = [make.a_quote(document, one) for one in words]
    bodies = [make.an_organisation(f"body-{n}", founded=draw.choice(["", "1949", "1950"])) for n in range(4)]
    pledges = [
        make.a_commitment(f"pledge-{n}", by=draw.sample(bodies, draw.randint(0, 3)), beneficiary=draw.choice([None, *bodies]))
        for n in range(3)
    ]
    if draw.random() < 0.7:
        pledges[0].part_of = pledges[1]
        pledges[0].save()
    for body in bodies:
        for text in draw.sample(["Alpha", "Beta", "Gamma"], draw.randint(0, 3)):
            Name.objects.create(entity=body, text=text)
    for one in (*bodies, *pledges):
        for key in draw.sample(["kites", "m1", "m2"], draw.randint(0, 3)):
            make.a_measure(one, key, value=draw.choice([40, 41]))
    kinds = [make.a_relation_type(slug) for slug in ("part-of", "works-alongside")]
    for _ in range(8):
        subject, object = draw.sample(bodies, 2)
        kind = draw.choice(kinds)
        if not Relation.objects.filter(subject=subject, object=object, type=kind).exists():
            make.a_relation(subject, object, kind)
    for _ in range(25):
        everything: list[Any] = [*bodies, *pledges, *Relation.objects.all()]
        quote, about = draw.choice(quotes), draw.choice(everything)
        measure = None if isinstance(about, Relation) else about.measures.first()
        if isinstance(about, Relation):
            field, value = "relation", about.citation_value
        elif about in pledges and measure and draw.random() < 0.4:
            field, value = f"measures.{measure.key}", measure.citation_value
        elif about in pledges:
            field, value = draw.choice(["committed_by", "beneficiary"]), draw.choice(bodies).slug
        else:
            field, value = draw.choice([("name", about.name), ("names", "Alpha"), ("type", "state"), ("founded", "1949")])
        target = {"relation": about} if isinstance(about, Relation) else {"entity": about}
        Citation.objects.get_or_create(quote=quote, field=field, value=value, **target)
    return [bodies, pledges, draw]


@pytest.mark.parametrize("seed", [*range(4), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(4, 12))])
def test_in_generated_worlds_the_preview_counts_what_is_done_and_undoing_leaves_no_trace(db, dump, seed):
    bodies, pledges, draw = _grown(seed)
    for group in (bodies, pledges):
        one, other = draw.sample(group, 2)
        choices = {unit.key: draw.choice([MERGED, SURVIVOR]) for unit in plan_merge(one, other).field_groups if unit.is_conflict}
        choices |= {
            line.address: BOTH for line in plan_merge(one, other).rows_with_outcome(MergeOutcome.IDENTICAL) if draw.random() < 0.5
        }
        made = plan_merge(one, other, choices)
        if made.refusals:
            continue
        before = dump()
        rows = {model: model.objects.count() for model in (Name, Measure, Citation, Resolution, Relation)}
        merge = merged(one, other, choices, confirmed=True)
        gone = sum(line.after is None for line in made.affected_rows)
        assert sum(rows.values()) - gone + len(made.aliases) == sum(model.objects.count() for model in rows)
        for line in made.affected_rows:
            there = line.model._default_manager.filter(pk=line.row.pk)
            assert there.exists() == (line.after is not None)
            if line.after is not None:
                assert there.filter(**{n: v for n, v in line.after.items() if not isinstance(v, list)}).exists(), line.address
        assert len(merge.rows) >= sum(line.after != line.before for line in made.affected_rows)
        for citation in Citation.objects.all():
            citation.full_clean()
        back(merge)
        assert dump() == before


def test_steps_and_their_amounts_move_together_and_back(world):
    step = make.a_milestone(world.kites, "delivered", "2024-08")
    other = make.a_commitment("kites-again", beneficiary=world.ruritania)
    same, own = make.a_milestone(other, "delivered", "2024-08"), make.a_milestone(other, "allocated", "2024-07")
    came = make.a_measure(other, "came", value=10, milestone=same)
    allocated = make.a_measure(other, "allocated", value=20, milestone=own)
    made = merged(other, world.kites, {"name": SURVIVOR})
    for row in (came, allocated):
        row.refresh_from_db()
    assert (came.entity.pk, came.milestone) == (world.kites.pk, step)
    assert (allocated.entity.pk, allocated.milestone) == (world.kites.pk, own)
    assert not Milestone.objects.filter(pk=same.pk).exists()
    back(made)
    for row in (came, allocated):
        row.refresh_from_db()
        assert (row.entity.pk, row.milestone.commitment.pk) == (other.pk, other.pk)
    assert came.milestone.stage == "delivered" and came.milestone != step


def test_whom_commitments_concern_is_joined(world, twin):
    about_twin = make.a_commitment("about-the-twin", nature="refusal")
    about_twin.concerns.set([twin])
    merged(twin, world.arcadia)
    assert list(about_twin.concerns.all()) == [world.arcadia]
