"""The register of the five documents, as shipped: every quote proves itself, and no more of an article is quoted than needed."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import Q

from entities.citable_fields import EvidenceClass, evidence_class
from entities.models import Commitment, Measure, Milestone, Post, Relation
from nato_support.api.graph_queries import EdgeEdition
from nato_support.exchange import fixtures
from nato_support.pages.pictures.whole_graph import graph_of_editions
from nato_support.publishing.models.public_tables import LIVE_EDITIONS, Edition
from sources import fingerprint
from sources.document_text import values_made_from_text
from sources.models import Citation, SourceDocument, SourceQuote
from sources.quotation_share import ShownPassage, measure_share, passage_length_problem

FIXTURES = settings.BASE_DIR / "fixtures"
SEEDS = settings.BASE_DIR / "seeds"
in_the_register = [pytest.mark.usefixtures("register"), pytest.mark.django_db, pytest.mark.xdist_group("register")]


def fields(name: str) -> list[dict]:
    return [record["fields"] for record in yaml.load((FIXTURES / f"{name}.yaml").read_text(), Loader=yaml.CSafeLoader)]


def fixture_records() -> Iterator[dict]:
    for path in sorted(FIXTURES.glob("*.yaml")):
        yield from yaml.load(path.read_text(), Loader=yaml.CSafeLoader)


DOCUMENTS = {document["slug"]: document for document in fields("40_documents")}
QUOTES = fields("41_quotes")
QUOTE_BY_SLUG = {quote["slug"]: quote for quote in QUOTES}
CITATIONS = fields("50_citations")
KIND_OF_ENTITY = {
    record["fields"]["slug"]: record["fields"]["kind"] for record in fixture_records() if record["model"] == "entities.entity"
}
WORD = re.compile(r"\w+(?:[-'’./,]\w+)*")
RUN_LENGTH = 6
"""Words in a row that nobody writes by chance."""
LEFT_OUT = {
    ("nato-headquarters-translation", "bridge"),
    ("nato-headquarters-translation", "self-defense"),
    ("nato-headquarters-translation", "concrete steps"),
    ("nato-headquarters-translation", "bridge to eventual"),
    ("nato-headquarters-translation", "important summit outcome"),
    ("newsweek-training-centre", "massive attacks"),
    ("rferl-nato-operations", "irreversible path"),
    ("rferl-nato-operations", "major"),
    ("rferl-nato-operations", "The role of"),
    ("upi-defence-ministers", "a lot of"),
}
"""First words of what the articles have in quotation marks and the register has not: a word or two, which need more of their
sentence than the limit leaves, and a judgement, which no field takes."""
MODALS = {"would", "will", "could", "may", "might", "must", "should", "can", "to"}
# A clause that begins with one of these has its subject before it.
NO_SUBJECT = re.compile(r"(?:which|who|whom|whose|is|are|was|were|has|have|had|does|did|do|and|or|but|[a-z]+(?<!th)ing)\b")
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


def shown_passages(document: str) -> list[ShownPassage]:
    return [
        ShownPassage(quote["start"], quote["exact"], bool(quote.get("speakers")))
        for quote in QUOTES
        if quote["document"] == [document]
    ]


@pytest.mark.parametrize("slug", DOCUMENTS)
def test_at_most_three_tenths_of_a_document_are_in_its_publishers_own_wording(slug):
    document = DOCUMENTS[slug]
    share = measure_share(document["title"], document["word_count"], document.get("speech_spans", []), shown_passages(slug))
    assert share.words and 0 < share.share <= 0.30, str(share)
    # Counted once more, word by word: what stands in a passage, outside marks around the words of a person who is named.
    shown = set()
    for passage in shown_passages(slug):
        for word in WORD.finditer(passage.exact):
            start, end = passage.start + word.start(), passage.start + word.end()
            spoken = any(first <= start and end <= last for first, last in document.get("speech_spans", []))
            if not (spoken and passage.has_named_speaker):
                shown.add((start, end))
    assert len(shown) <= share.shown_words <= 0.30 * document["word_count"]


@by_slug
def test_a_passage_is_a_clause_of_four_to_forty_words(quote):
    words = WORD.findall(quote["exact"])
    assert 4 <= len(words) <= 40
    spans = DOCUMENTS[quote["document"][0]].get("speech_spans", [])
    assert not passage_length_problem(ShownPassage(quote["start"], quote["exact"], bool(quote.get("speakers"))), spans)
    assert words[-1].lower() not in MODALS, "what it would, will or could is left out"
    begins_with_speech = [quote["start"], quote["start"] + 1]
    if NO_SUBJECT.match(quote["exact"]) and not any(span[0] in begins_with_speech for span in spans):
        assert re.search(r"subject|means|stands? before", quote.get("note", "")), "who or what it is said of is told"


def test_the_words_of_every_citation_of_a_stated_field_stand_in_its_passage():
    judged = 0
    for citation in CITATIONS:
        kind = "relation" if citation.get("relation") else KIND_OF_ENTITY[citation["entity"][0]]
        if evidence_class(kind, citation["field"]) == EvidenceClass.STATED:
            judged += 1
            passage = QUOTE_BY_SLUG[citation["quote"][0]]["exact"]
            assert citation.get("as_stated"), citation
            assert " ".join(citation["as_stated"].split()) in " ".join(passage.split()), citation
    assert judged > 600


def test_a_publisher_is_not_described():
    """What a reader may know of it stands in no document: “Polish outlet”, “News agency”."""
    publishers = {document["publisher"][0] for document in DOCUMENTS.values() if document.get("publisher")}
    records = [record["fields"] for record in fixture_records()]
    for record in records:
        if record.get("slug") in publishers:
            summary = record["summary"]
            known = re.search(
                r"(?i)\b(outlet|news|agency|newspaper|magazine|weekly|daily|website|portal|broadcaster|radio|station|tabloid"
                r"|polish|american|u\.s\.|us|funded|owned|independent|conservative|right-wing|liberal|based)\b",
                summary.replace("Newsweek", ""),
            )
            assert not known, summary
        if record.get("entity") and record["entity"][0] in publishers:
            assert not record.get("country") and "text" not in record, record


def test_wordings_of_one_utterance_have_the_same_speakers():
    speakers = {}
    for quote in QUOTES:
        if quote.get("utterance"):
            assert quote.get("speakers"), quote["slug"]
            speakers.setdefault(quote["utterance"], []).append(quote["speakers"])
    assert all(of_each == [of_each[0]] * len(of_each) for of_each in speakers.values())
    assert sum(len(of_each) > 1 for of_each in speakers.values()) >= 5


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
    """Each pair stands inside a quote, encloses one, or is left out: see LEFT_OUT."""
    pairs, left_out = 0, set()
    for slug, text in articles.items():
        spans = [(quote["start"], quote["end"]) for quote in QUOTES if quote["document"] == [slug]]
        for pair in re.finditer(r"“[^”]+”|\"[^\"]+\"", text):
            pairs += 1
            inner = (pair.start() + 1, pair.end() - 1)
            if not any(start <= inner[0] and inner[1] <= end or inner[0] <= start and end <= inner[1] for start, end in spans):
                left_out.add((slug, " ".join(WORD.findall(pair[0])[:3])))
    assert pairs == 42
    assert left_out == LEFT_OUT


def words_of(text: str) -> list[str]:
    return [word.casefold().replace("’", "'") for word in WORD.findall(text)]


def runs_of(words: list[str]) -> list[str]:
    return [" ".join(words[at : at + RUN_LENGTH]) for at in range(len(words) - RUN_LENGTH + 1)]


def shipped_prose() -> Iterator[tuple[str, str]]:
    """Where and what: every page, program and fixture, but for the passages of quotes and the words of citations."""
    for folder in ("benchmarks", "docs", "entities", "fixtures", "nato_support", "seeds", "sources", "tests"):
        for path in (settings.BASE_DIR / folder).rglob("*"):
            if path.suffix in (".py", ".md", ".html", ".yaml", ".js") and path.name not in (
                "41_quotes.yaml",
                "50_citations.yaml",
            ):
                yield str(path.relative_to(settings.BASE_DIR)), path.read_text()
    for path in settings.BASE_DIR.glob("*.md"):
        yield path.name, path.read_text()
    for record in [*QUOTES, *CITATIONS]:
        yield f"note on {record.get('value') or record['slug']}", record.get("note", "")


def test_nothing_else_that_is_shipped_repeats_an_article(articles):
    """No summary, note, reason, page or test has six words in a row of an article that no passage shows; names do not count."""
    names = {run for record in fixture_records() for run in runs_of(words_of(record["fields"].get("name") or ""))}
    prose = {where: set(runs_of(words_of(text))) for where, text in shipped_prose()}
    for slug, text in articles.items():
        spans = [(quote["start"], quote["end"]) for quote in QUOTES if quote["document"] == [slug]]
        is_shown = [any(start <= word.start() and word.end() <= end for start, end in spans) for word in WORD.finditer(text)]
        runs = runs_of(words_of(text))
        unshown = {run for at, run in enumerate(runs) if not all(is_shown[at : at + RUN_LENGTH])} - names
        assert {where: found for where, written in prose.items() if (found := written & unshown)} == {}, slug


def test_what_notes_and_reasons_put_in_quotation_marks_stands_in_an_article(articles):
    texts = " ".join(" ".join(words_of(text)) for text in articles.values())
    checked = 0
    for record in fixture_records():
        for field in ("note", "reason", "summary"):
            for quoted in re.findall(r"“([^”]+)”|\"([^\"]+)\"", str(record["fields"].get(field, ""))):
                checked += 1
                assert f" {' '.join(words_of(''.join(quoted)))} " in f" {texts} ", record["fields"]
    assert checked > 100


class TestLoaded:
    pytestmark = in_the_register

    def test_it_is_sound(self):
        out = io.StringIO()
        call_command("check_data", stdout=out)
        assert "The register is sound" in out.getvalue()

    def test_it_is_whole(self):
        """What two readers settled on that can be told within the limit on quotation, as a floor."""
        counts = {model.__name__: model.objects.count() for model in fixtures.CURATED_MODELS}
        least = {
            "Organisation": 36,
            "Facility": 4,
            "Person": 11,
            "Post": 11,
            "Event": 25,
            "Commitment": 71,
            "Relation": 71,
            "SourceQuote": 83,
        }
        assert {name: counts[name] for name in least if counts[name] < least[name]} == {}
        assert SourceQuote.objects.filter(speakers__isnull=False).distinct().count() >= 45
        cited_fields = Citation.objects.values_list("entity", "relation", "field").distinct()
        assert len(cited_fields) >= 570
        assert Commitment.objects.filter(Q(beneficiary__slug="ukraine") | Q(concerns__slug="ukraine")).distinct().count() >= 38

    def test_no_more_is_public_than_is_shipped(self, client):
        """Counted from the API's own answers: three tenths of each document at most, and nothing around a passage."""
        page = client.get("/api/v1/quotes/", {"page_size": 500}).json()
        assert page["next"] is None and len(page["results"]) == len(QUOTES)
        assert not any({"prefix", "suffix"} & quote.keys() for quote in page["results"])
        for slug, document in DOCUMENTS.items():
            passages = [
                ShownPassage(quote["start"], quote["exact"], bool(quote["speakers"]))
                for quote in page["results"]
                if quote["document"]["slug"] == slug
            ]
            share = measure_share(document["title"], document["word_count"], document.get("speech_spans", []), passages)
            assert passages and share.share <= 0.30, f"{slug}: {share}"

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

    def test_every_link_of_its_graph_leads_to_a_quote(self):
        editions = Edition.objects.filter(LIVE_EDITIONS).values_list("document", "evidence")
        graph = graph_of_editions(EdgeEdition(json.loads(document), evidence) for document, evidence in editions)
        assert len(graph["edges"]) > 200
        assert [edge["record"] for edge in graph["edges"] if not edge["evidence"]] == []

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
