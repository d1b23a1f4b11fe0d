"""Quotations of a text in a language that has a vocabulary, or in one that is not read."""

from typing import TypeVar

from entities.vocabulary import QuoteKind
from sources.sentence_splitting import split_lines_or_unwrapped_paragraphs
from sources.suggestions.known import PersonLookup
from sources.suggestions.quotation_marks import QuotedSpan, find_quoted_spans
from sources.suggestions.reported_sentence import ReportedSentence
from sources.suggestions.speaker import Speaker
from sources.suggestions.speech.classification import QuotedWords, is_sentence_without_language
from sources.suggestions.speech.dash_speech import dash_speech_spans, join_lines_of_dash_speech, split_at_speaker
from sources.suggestions.speech.quotation_suggestion import quotation_suggestion
from sources.suggestions.speech.quoted_lines import join_lines_within_quotations
from sources.suggestions.speech.reader import SpeechReader
from sources.suggestions.speech.reported import ReportedSpeechReader
from sources.suggestions.speech.vocabularies import VOCABULARIES
from sources.suggestions.suggestion import Suggestion

Reader = TypeVar("Reader", bound=SpeechReader)

NOT_READ = "speakers are not read in this language"


def find_speech(text: str, known: PersonLookup, published_on: str, language: str) -> list[Suggestion]:
    """Return the quotations of a text in one of the languages of `VOCABULARIES`, in order of place."""
    return list(_make_reader(SpeechReader, text, known, published_on, language).iterate_suggestions())


def find_reported(text: str, known: PersonLookup, published_on: str, language: str) -> list[ReportedSentence]:
    """Return the sentences of a text in one of the languages of `VOCABULARIES` that themselves say who said them."""
    return list(_make_reader(ReportedSpeechReader, text, known, published_on, language).iterate_reported_sentences())


def _make_reader(reader_class: type[Reader], text: str, known: PersonLookup, published_on: str, language: str) -> Reader:
    vocabulary = VOCABULARIES[language]
    blocks = join_lines_within_quotations(text, split_lines_or_unwrapped_paragraphs(text))
    blocks = join_lines_of_dash_speech(text, blocks, vocabulary)
    dashed = list(dash_speech_spans(text, blocks, vocabulary))
    marked = [part for span in find_quoted_spans(text, blocks) for part in split_at_speaker(text, span, vocabulary)]
    spans = _merge(marked, dashed)
    return reader_class(text, blocks, spans, vocabulary, known, published_on)


def find_quoted_sentences(text: str) -> list[Suggestion]:
    """Return the whole sentences in quotation marks of a text whose language is not read; nobody is named as their speaker."""
    blocks = split_lines_or_unwrapped_paragraphs(text)
    speaker = Speaker(reason=NOT_READ)
    return [
        quotation_suggestion(
            text, span, QuoteKind.DIRECT_SPEECH, speaker, (0.4, f"whole sentence in quotation marks; {NOT_READ}")
        )
        for span in find_quoted_spans(text, blocks)
        if not span.unclosed and is_sentence_without_language(QuotedWords.of_span(text, span))
    ]


def _merge(marked: list[QuotedSpan], dashed: list[QuotedSpan]) -> list[QuotedSpan]:
    """Return both sorts of spans in order, without those in marks that touch speech opened by a dash."""
    if not dashed:
        return marked
    merged, number = list(dashed), 0
    for span in marked:
        while number < len(dashed) and dashed[number].closed <= span.opened:
            number += 1
        if number == len(dashed) or span.closed <= dashed[number].opened:
            merged.append(span)
    return sorted(merged)
