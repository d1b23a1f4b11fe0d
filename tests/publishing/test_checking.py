"""What check_data finds in the evidence, and what it only notes."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from entities.models import Facility
from nato_support.publishing.models.public_tables import Release
from nato_support.publishing.publication import publish, withdraw
from nato_support.publishing.register_checks import check_evidence, check_live_editions, summarise_evidence
from nato_support.publishing.row_checks import check_row
from sources.models import Citation, EarlierText, ReadMark, Resolution, SourceDocument, SourceQuote, SuggestionDecision
from tests import world as make

pytestmark = pytest.mark.django_db
CLAUSE = "Arcadia will give Ruritania 40 kites"


def problems() -> list[str]:
    return [str(problem) for problem in check_evidence()]


@pytest.fixture
def resolved(world):
    """The nature of the kites differs, and a verdict judged it."""
    other = make.a_quote(world.document, CLAUSE)
    world.other = make.a_citation(other, world.kites, "nature", "plan")
    words = {"verdict": "changed_over_time", "reason": "First a plan.", "decided_on": "2024-08"}
    world.verdict = Resolution.objects.create(entity=world.kites, field="nature", **words)
    return world


def test_sound_evidence_has_no_problem(resolved):
    assert problems() == []


def test_a_verdict_on_what_nobody_states_is_found(resolved):
    Resolution.objects.update(settles=[{"value": value, "polarity": "affirms"} for value in ("hope", "plan", "pledge")])
    assert problems() == ["resolution forty-kites nature 2024-08, field nature: judges what no source states: hope"]


def test_a_verdict_on_sources_that_agree_is_found(resolved):
    resolved.other.delete()
    assert problems() == [
        "resolution forty-kites nature 2024-08, field nature: judges a field on which no sources differ",
    ]


def test_a_verdict_that_a_newer_one_replaced_may_judge_what_is_gone(resolved):
    Resolution.objects.update(settles=[{"value": value, "polarity": "affirms"} for value in ("hope", "plan", "pledge")])
    words = {"verdict": "source_error", "reason": "A slip.", "decided_on": "2024-09"}
    Resolution.objects.create(entity=resolved.kites, field="nature", **words)
    assert problems() == []


def test_a_public_field_that_rests_on_failing_quotes_alone_is_found(public):
    strong = make.a_quote(public.document, CLAUSE)
    make.a_citation(strong, public.kites)
    public.kites.refresh_from_db()
    publish([strong, public.kites])
    SourceQuote.objects.filter(pk=public.quote.pk).update(verification="failed")
    found = [str(problem) for problem in check_live_editions()]
    lacks = "which no verified citation states: its citations say"
    assert f"commitment forty-kites: Committed by is “arcadia”, {lacks} “arcadia” (not verified)" in found
    assert any(problem.startswith(f"relation {public.alliance.slug}: Relation is") for problem in found)
    # Nature has a strong quote too.
    assert not any("nature is" in problem for problem in found)


def test_what_is_not_public_may_rest_on_failing_quotes(resolved):
    SourceQuote.objects.update(verification="failed")
    assert problems() == []


@pytest.mark.parametrize("model", [SuggestionDecision, ReadMark])
def test_a_mark_on_a_text_that_the_document_never_had_is_found(world, model):
    words = {"start": 0, "end": 9, "document": world.document}
    if model is SuggestionDecision:
        words |= {"kind": "date", "exact": "VALLEYTOW", "rule": "dates/1", "score": 0.5, "outcome": "rejected", "key": "k"}
    mark = model.objects.create(text_sha256="0" * 64, **words)
    [found] = problems()
    assert found.endswith("stands at 0 to 9 of a text that document courier-2024-07-09 never had")
    EarlierText.objects.create(document=world.document, text="Earlier.", sha256="0" * 64)
    assert problems() == []
    model.objects.filter(pk=mark.pk).update(text_sha256=world.document.sha256)
    EarlierText.objects.all().delete()
    assert problems() == []


def test_a_quote_of_an_earlier_text_is_told_apart_from_one_that_never_stood_there(world):
    SourceDocument.objects.update(text="Arcadia gives nothing.")
    quote = SourceQuote.objects.select_related("document").get()
    [never] = check_row(quote)
    assert "earlier" not in never.message and "replaced" not in never.message
    EarlierText.objects.create(document=world.document, text=make.ARTICLE, sha256=world.document.sha256)
    [once] = check_row(quote)
    assert "; it stood in the text that was replaced on 2" in once.message


def test_a_conversion_of_another_record_s_amount_is_found(world):
    money = {"kind": "money", "unit": "", "value": 10, "as_stated": "ten"}
    aid = make.a_measure(world.arcadia, "aid", currency="EUR", **money)
    conversion = make.a_measure(world.kites, "in-dollars", currency="USD", conversion_of=aid, **money)
    [found] = check_row(conversion)
    assert str(found) == "measure forty-kites in-dollars, field conversion_of: converts an amount of another record, arcadia"


def test_a_published_record_that_nobody_sees_is_found(public):
    make.an_organisation("newcomer", status="published")
    withdraw([public.yard])
    Facility.objects.update(status="published")
    assert [str(found) for found in check_live_editions()] == [
        "organisation newcomer: is published, but has no live edition: publish it again",
        "facility kite-yard: is published, but has no live edition: publish it again",
    ]


def test_a_release_whose_hash_is_not_that_of_what_is_live_is_found(public):
    assert list(check_live_editions()) == []
    Release.objects.update(state_hash="0" * 64)
    assert [str(found) for found in check_live_editions()] == [
        "release 1, field state_hash: differs from that of what is live: was an edition changed by hand? Restore a backup"
    ]


def test_gaps_are_notes_and_no_failure(public):
    make.a_citation(make.a_quote(public.document, CLAUSE), public.kites, "nature", "pledge", polarity="denies")
    out = io.StringIO()
    call_command("check_data", coverage=True, stdout=out)
    assert "Fields on which sources differ: 1 (1 open, 0 disputed, 0 settled)." in out.getvalue()
    assert "one publisher only: 9" in out.getvalue()
    out = io.StringIO()
    call_command("check_data", coverage=True, json=True, stdout=out)
    stock = json.loads(out.getvalue().splitlines()[-1])["coverage"]
    assert stock["differing"] == {"open": 1, "disputed": 0, "settled": 0}
    assert stock["lacking"]["one_publisher"] == 9


def test_a_problem_fails_and_is_said_for_machines(resolved):
    Resolution.objects.update(settles=[{"value": value, "polarity": "affirms"} for value in ("hope", "plan", "pledge")])
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 problem"):
        call_command("check_data", json=True, stdout=out)
    assert [line["model"] for line in map(json.loads, out.getvalue().splitlines()) if "model" in line] == ["resolution"]


def test_stock_counts_records_once_however_many_fields_lack(records):
    Citation.objects.all().delete()
    stock = summarise_evidence()
    # The name of the publisher rests on its document.
    assert (stock.records, stock.lacking["nothing"]) == (9, 8)
