"""The register of the five documents, as shipped: every quote proves itself, every quotation mark is accounted for."""

import io
import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import Q

from entities.models import Commitment, Measure, Milestone, Post, Relation
from nato_support.exchange import fixtures
from sources import fingerprint
from sources.document_text import values_made_from_text
from sources.models import Citation, SourceDocument, SourceQuote

FIXTURES = settings.BASE_DIR / "fixtures"
SEEDS = settings.BASE_DIR / "seeds"
in_the_register = [pytest.mark.usefixtures("register"), pytest.mark.django_db, pytest.mark.xdist_group("register")]


def fields(name: str) -> list[dict]:
    return [record["fields"] for record in yaml.load((FIXTURES / f"{name}.yaml").read_text(), Loader=yaml.CSafeLoader)]


DOCUMENTS = {document["slug"]: document for document in fields("40_documents")}
QUOTES = fields("41_quotes")
by_slug = pytest.mark.parametrize("quote", QUOTES, ids=[quote["slug"] for quote in QUOTES])


def prove(quote: dict, exact: str | None = None) -> fingerprint.PassageProof:
    document = DOCUMENTS[quote["document"][0]]
    words = {"exact": exact or quote["exact"], "start": quote["start"]}
    return fingerprint.prove_passage(document["fingerprint"], document["sha256"], **words)


@by_slug
def test_every_quote_is_proved_by_its_fingerprint_and_no_letter_of_it_may_change(quote):
    assert prove(quote)
    exact = quote["exact"]
    for at, letter in enumerate(exact):
        if letter.isalnum():
            assert not prove(quote, f"{exact[:at]}{'x' if letter != 'x' else 'y'}{exact[at + 1 :]}"), at


def test_the_documents_agree_with_their_seeds():
    seeds = {(seed := yaml.safe_load(path.read_text()))["slug"]: seed for path in SEEDS.glob("*.yaml")}
    assert seeds.keys() == DOCUMENTS.keys()
    for slug, seed in seeds.items():
        document = DOCUMENTS[slug] | {"publisher": (DOCUMENTS[slug].get("publisher") or [None])[0]}
        assert {name: document.get(name) for name in seed if name != "words"} == {n: v for n, v in seed.items() if n != "words"}
        assert document["word_count"] == seed["words"]


def test_the_repository_holds_no_text_of_an_article():
    assert not [document["slug"] for document in DOCUMENTS.values() if document.get("text")]
    assert not [quote["slug"] for quote in QUOTES if len(quote["exact"]) > 600], "a quotation is short"


@pytest.fixture
def articles(texts: Path) -> dict[str, str]:
    """Document -> its text, the furniture of the page included."""
    by_hash = {fingerprint.text_hash(text): text for path in texts.glob("*.txt") if (text := path.read_bytes().decode())}
    return {slug: by_hash[document["sha256"]] for slug, document in DOCUMENTS.items()}


def test_every_quote_stands_in_its_text(articles):
    for quote in QUOTES:
        text = articles[quote["document"][0]]
        assert text[quote["start"] : quote["end"]] == quote["exact"]
        assert fingerprint.make_fingerprint(text) == DOCUMENTS[quote["document"][0]]["fingerprint"]


def test_words_and_quotation_marks_are_those_of_the_texts(articles):
    for slug, document in DOCUMENTS.items():
        made = values_made_from_text(articles[slug])
        assert (document["word_count"], document.get("speech_spans", [])) == (made["word_count"], made["speech_spans"])


def test_every_pair_of_quotation_marks_is_accounted_for(articles):
    """Each pair stands inside a quote, or encloses one."""
    pairs = 0
    for slug, text in articles.items():
        spans = [(quote["start"], quote["end"]) for quote in QUOTES if quote["document"] == [slug]]
        for pair in re.finditer(r"“[^”]+”|\"[^\"]+\"", text):
            pairs += 1
            inner = (pair.start() + 1, pair.end() - 1)
            assert any(start <= inner[0] and inner[1] <= end for start, end in spans) or any(
                inner[0] <= start and end <= inner[1] for start, end in spans
            ), f"{slug}: {pair[0]}"
    assert pairs >= 42


class TestLoaded:
    pytestmark = in_the_register

    def test_it_is_sound(self):
        out = io.StringIO()
        call_command("check_data", stdout=out)
        assert "The register is sound" in out.getvalue()

    def test_it_is_whole(self):
        """What one careful editor counted in the five documents, as a floor."""
        counts = {model.__name__: model.objects.count() for model in fixtures.CURATED_MODELS}
        least = {
            "Organisation": 35,
            "Facility": 5,
            "Person": 15,
            "Event": 24,
            "Commitment": 55,
            "Relation": 60,
            "SourceQuote": 80,
        }
        assert {name: counts[name] for name in least if counts[name] < least[name]} == {}
        assert SourceQuote.objects.filter(kind__in=("direct_speech", "fragment")).count() >= 42
        differing = Citation.objects.values_list("entity", "relation", "field").distinct()
        assert len(differing) > 40
        assert Commitment.objects.filter(Q(beneficiary__slug="ukraine") | Q(concerns__slug="ukraine")).distinct().count() >= 40

    def test_every_measure_milestone_post_and_relation_has_its_evidence(self):
        supported = set(Citation.objects.filter(polarity="affirms").values_list("entity__slug", "field"))
        for measure in Measure.objects.select_related("entity"):
            assert (measure.entity.slug, f"measures.{measure.key}") in supported
        for milestone in Milestone.objects.select_related("commitment"):
            assert (milestone.commitment.slug, f"milestones.{milestone.key}") in supported
        for post in Post.objects.all():
            assert post.citations.filter(polarity="affirms").exists(), post
        for relation in Relation.objects.all():
            assert relation.citations.filter(polarity="affirms").exists(), relation

    def test_every_value_that_a_measure_or_milestone_holds_is_stated_by_a_source(self):
        stated = set(Citation.objects.filter(polarity="affirms").values_list("entity__slug", "field", "value"))
        for measure in Measure.objects.select_related("entity"):
            assert (measure.entity.slug, f"measures.{measure.key}", measure.citation_value) in stated
        for milestone in Milestone.objects.select_related("commitment"):
            assert (milestone.commitment.slug, f"milestones.{milestone.key}", milestone.citation_value) in stated

    def test_attaching_the_texts_changes_nothing_but_the_proof(self, texts):
        before = dict(SourceDocument.objects.values_list("slug", "version"))
        call_command("attach_texts", texts, stdout=io.StringIO())
        assert set(SourceQuote.objects.values_list("verification", flat=True)) == {"text"}
        assert dict(SourceDocument.objects.values_list("slug", "version")) == before

    def test_attaching_a_folder_without_texts_is_refused(self, tmp_path):
        with pytest.raises(CommandError, match=r"has no \.txt file"):
            call_command("attach_texts", tmp_path)

    def test_exporting_it_gives_the_fixtures_back_byte_for_byte(self, tmp_path):
        for path in fixtures.export_fixtures(tmp_path):
            assert path.read_bytes() == (FIXTURES / path.name).read_bytes(), path.name
