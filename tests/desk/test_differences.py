"""How differences are shown: labels and words instead of codes, one block for what belongs together, all of it escaped."""

import pytest
from django.contrib.auth.models import User
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import strip_tags

from entities.history.record_snapshots import compare_snapshots, snapshot_at, take_snapshot
from entities.models import Name, Organisation
from nato_support.desk.records.citations_beside_values import documents_of_cited_quotes
from nato_support.desk.records.difference_display import display_differences, summarise_difference
from nato_support.desk.records.word_diff_display import diff_as_html
from nato_support.roles import ensure_groups
from sources.word_diff import diff_words
from tests import world as make


def between(record, change) -> object:
    """What differs in `record` after `change` was called."""
    before = take_snapshot(record)
    change()
    return compare_snapshots(before, take_snapshot(record))


def saved(row, **fields):
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


def html_of(one, user=None, **more) -> str:
    found = display_differences([one], user)[0]
    for name, value in more.items():
        setattr(found, name, value)
    return " ".join(render_to_string("desk/difference/difference.html", {"difference": found}).split())


def words_of(one, user=None) -> str:
    return " ".join(strip_tags(html_of(one, user).replace("<", " <")).split())


def test_short_values_have_their_labels(world):
    one = between(world.meeting, lambda: saved(world.meeting, type="summit", country="US", locality=""))
    words = words_of(one)
    assert "Locality and country" in words
    assert "Valleytown" in words and "United States" in words
    assert "− meeting" in words and "+ summit" in words


def test_an_amount_is_one_block_with_difference_and_slip(world):
    make.a_measure(world.kites, "aid", kind="money", unit="", currency="EUR", value=1_200_000, as_stated="1.2 million euros")
    aid = world.kites.measures.get(key="aid")
    one = between(world.kites, lambda: saved(aid, value=1_200_000_000, as_stated="1.2 billion euros", qualifier="about"))
    (row,) = display_differences([one])[0].groups[0].rows
    (amount,) = row.fields
    assert set(amount.addresses) == {f"entities.measure/{aid.pk}/{name}" for name in ("value", "as_stated", "qualifier")}
    assert "€1,200,000" in amount.was
    assert "about €1,200,000,000" in amount.now
    assert amount.warnings == ["Exactly 1,000 times (million and billion?) more: a mistake?"]
    assert amount.notes == ["+1,198,800,000 EUR, +99,900.0 %"]


def test_no_percentage_across_two_currencies_and_zero_is_not_empty(world):
    aid = make.a_measure(world.kites, "aid", kind="money", unit="", currency="EUR", value=10, as_stated="ten")
    one = between(world.kites, lambda: saved(aid, value=100, currency="USD"))
    (amount,) = display_differences([one])[0].groups[0].rows[0].fields
    assert amount.notes == ["Different currencies: EUR and USD are not compared"]
    one = between(world.kites, lambda: saved(aid, value=0))
    assert "0 (zero)" in words_of(one)
    one = between(world.kites, lambda: saved(aid, value=None, qualifier="unspecified"))
    (amount,) = display_differences([one])[0].groups[0].rows[0].fields
    assert "no number" in amount.now
    assert amount.notes == ["The number was removed; that is not zero"]


def test_a_citation_stands_with_its_words_beside_the_value_it_is_about(world):
    def work():
        saved(world.kites, nature="plan")
        make.a_citation(world.quote, world.kites, "nature", "plan")

    one = between(world.kites, work)
    found = display_differences([one])[0]
    (nature,) = found.fields
    assert [(source.action, source.stated_value) for source in nature.sources] == [("", "pledge"), ("Added", "plan")]
    assert nature.sources[0].quote == world.quote.exact
    assert nature.sources[0].attribution == "Ada Fell, Arcadia to give kites"
    assert [(group.label, group.counts, group.rows) for group in found.groups] == [("Citations", "1 added", [])]
    assert "1 of them is shown beside the value concerned" in words_of(one)


def test_sets_name_what_came_and_went(world):
    one = between(world.kites, lambda: world.kites.committed_by.set([world.arcadia, world.ruritania]))
    assert "+ Added Ruritania 1 unchanged" in words_of(one)


def test_a_renamed_a_merged_and_a_deleted_target_say_so(world):
    before = take_snapshot(world.kites)
    then = timezone.now()
    saved(world.kites, beneficiary=world.courier)
    saved(world.ruritania, name="New Ruritania")
    words = words_of(compare_snapshots(snapshot_at(type(world.kites), world.kites.pk, then), take_snapshot(world.kites)))
    assert "Ruritania (now New Ruritania)" in words
    saved(world.ruritania, merged_into=world.arcadia)
    words = words_of(compare_snapshots(before, take_snapshot(world.kites)))
    assert "New Ruritania (since merged into Arcadia)" in words
    gone = make.an_organisation("gone")
    world.kites.committed_by.add(gone)
    before = take_snapshot(world.kites)
    gone.delete()
    assert "Gone (since deleted)" in words_of(compare_snapshots(before, take_snapshot(world.kites)))


def test_everything_is_escaped(world):
    evil = "<script>alert('&')</script>"

    def work():
        saved(world.kites, name=evil, summary=f"{evil} one. {evil}")
        Name.objects.create(entity=world.kites, text=evil)
        saved(world.arcadia, name=evil)
        world.kites.committed_by.clear()
        saved(world.measure, as_stated=evil)

    one = between(world.kites, work)
    assert "<script" not in html_of(one)
    assert html_of(one).count("&lt;script&gt;") >= 5


def test_long_unchanged_stretches_are_folded_and_keep_their_words():
    same = " ".join(f"word{n}" for n in range(60)) + ". "
    html = diff_as_html(diff_words(same + "Old end here now today.", same + "New end here now today."))
    assert "45 words unchanged" in html
    assert "word30" in html
    assert "Removed: " in html and "Added: " in html


def test_a_rewritten_text_is_shown_as_two_and_spacing_as_spacing(world):
    saved(world.kites, summary="One two three four five.")
    one = between(world.kites, lambda: saved(world.kites, summary="Six seven eight nine five."))
    (text,) = display_differences([one])[0].fields
    assert text.inline_diff is None
    assert text.notes == ["Largely rewritten: both texts are shown in full"]
    one = between(world.kites, lambda: saved(world.kites, summary="Six  seven eight\nnine five."))
    (text,) = display_differences([one])[0].fields
    assert text.notes == ["Spacing only"]


def test_one_line_for_lists(world):
    aid = make.a_measure(world.kites, "aid", kind="money", unit="", currency="EUR", value=1_200_000_000, as_stated="1.2 bn")

    def work():
        saved(aid, value=1_400_000_000)
        make.a_citation(world.quote, world.kites, "measures.aid", "1400000000 EUR")
        saved(world.kites, nature="plan", summary="New.")

    one = between(world.kites, work)
    assert (
        summarise_difference(one)
        == "summary filled in; nature pledge → plan; amount €1.2 billion → €1.4 billion; 1 citation added"
    )


def test_citations_are_counted_by_their_sources(world):
    herald = make.a_document("herald", "Nobody has counted the kites.", title="Uncounted")
    other = make.a_quote(herald, "Nobody has counted the kites")

    def cite_thrice():
        for value in ("plan", "decision"):
            make.a_citation(world.quote, world.kites, "nature", value)
        make.a_citation(other, world.kites, "nature", "plan")

    one = between(world.kites, cite_thrice)
    assert summarise_difference(one) == "3 citations added"
    assert summarise_difference(one, documents_of_cited_quotes([one])) == "3 citations from 2 sources added"
    assert display_differences([one])[0].summary == "3 citations from 2 sources added"


def test_what_one_may_not_see_is_counted_and_left_out(world):
    user = User.objects.create_user("vera")
    user.groups.add(ensure_groups()["viewer"])
    one = between(world.kites, lambda: Name.objects.create(entity=world.kites, text="Secret name"))
    assert "Secret name" in words_of(one, user)
    nobody = User.objects.create_user("nora")
    assert "Secret name" not in words_of(one, nobody)
    assert "1 more row that you may not see" in words_of(one, nobody)


@pytest.mark.parametrize("count", [1, 30])
def test_labels_take_a_constant_number_of_queries(world, count, django_assert_num_queries):
    ones = []
    for n in range(count):
        commitment = make.a_commitment(f"pledge-{n}", beneficiary=world.arcadia)
        giver = make.an_organisation(f"giver-{n}")
        ones.append(between(commitment, lambda c=commitment, g=giver: (saved(c, beneficiary=g), make.a_citation(world.quote, c))))
        ones[-1] = compare_snapshots(snapshot_at(type(commitment), commitment.pk, timezone.now()), ones[-1].before)
    # Entities with the survivors of merges, quotes with document, their speakers, the names that organisations had.
    with django_assert_num_queries(4):
        display_differences(ones)


def test_a_record_that_came_or_went_says_so(ruritania):
    before = take_snapshot(ruritania)
    pk = ruritania.pk
    ruritania.delete()
    gone = snapshot_at(Organisation, pk, timezone.now())
    assert summarise_difference(compare_snapshots(before, gone)) == "deleted"
    assert "− Removed The record was deleted" in words_of(compare_snapshots(before, gone))
    assert "+ Added The record is new" in words_of(compare_snapshots(gone, before))
