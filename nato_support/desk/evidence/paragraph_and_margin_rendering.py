"""Paragraphs of a document with the notes in their margin, as HTML for the desk page and as dictionaries for its scripts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from entities.citable_fields import record_kind
from entities.formatting import cited_field_label, cited_value_label, format_partial_date
from entities.vocabulary import Polarity, Verification
from nato_support.desk.evidence.evidence_urls import contested_field_url, target_page_url
from nato_support.desk.evidence.new_record_proposals import permitted_proposals_as_dicts
from nato_support.desk.evidence.value_inputs import field_label
from nato_support.desk.evidence.value_wording import citation_value_html, names_of_stated_slugs, names_stated_by
from nato_support.publishing.teamwork.comment_threads import CommentThread
from sources.capture import fact_candidates
from sources.capture.annotated_text import TextBlock, TextPiece, TextSentence
from sources.capture.document_suggestions import QuoteGuess
from sources.citation_text import cite_quote
from sources.evidence.citation_stances import stances_of_citations
from sources.evidence.contested_fields import find_contested_and_settled_fields
from sources.evidence.statements import ContestState, FieldKey, field_key_of
from sources.models import Citation, SourceQuote

MAX_OPEN_NOTES = 3
"""Notes shown beside one paragraph; further ones are collapsed."""


class MarginRenderer:
    """Renders paragraphs and quotes of one document, marking facts that are contested."""

    def __init__(self, quotes: Sequence[SourceQuote], comment_threads: Sequence[CommentThread] = ()):
        self._comment_threads = [thread for thread in comment_threads if thread.place]
        citations = [citation for quote in quotes for citation in quote.citations.all()]
        records = Q(entity__in={citation.entity_id for citation in citations} - {None}) | Q(
            relation__in={citation.relation_id for citation in citations} - {None}
        )
        contested_fields = find_contested_and_settled_fields(records) if citations else []
        self._names = names_stated_by(citations)
        self._stances = stances_of_citations(citations)
        self._contested_keys = {contested.key for contested in contested_fields if contested.state != ContestState.SETTLED}

    def is_contested(self, citation: Citation) -> bool:
        return FieldKey(citation.entity_id, citation.relation_id, citation.field) in self._contested_keys

    def quote_as_dict(self, quote: SourceQuote) -> dict[str, Any]:
        """Return a quote with its facts, as the scripts of the page take it."""
        return {
            "pk": quote.pk,
            "slug": quote.slug,
            "version": quote.version,
            "start": quote.start,
            "end": quote.end,
            "exact": quote.exact,
            "kind": quote.kind,
            "kindLabel": quote.get_kind_display(),
            "fidelity": quote.fidelity,
            "speakers": [{"pk": person.pk, "name": person.name} for person in quote.speakers.all()],
            "attribution": quote.attribution,
            "reportedBy": quote.reported_by,
            "saidOn": quote.said_on,
            "occasion": {"pk": quote.occasion.pk, "name": quote.occasion.name} if quote.occasion else None,
            "utterance": quote.utterance,
            "note": quote.note,
            "status": quote.status,
            "verification": quote.verification,
            "page": reverse("admin:sources_sourcequote_change", args=[quote.pk]),
            "facts": [self.citation_as_dict(citation) for citation in quote.citations.all()],
        }

    def citation_as_dict(self, citation: Citation) -> dict[str, Any]:
        """Return a citation as the scripts of the page take it: keys to send back, labels to show."""
        return {
            "pk": citation.pk,
            "target": fact_candidates.target_address(citation.target),
            "name": str(citation.target),
            "field": citation.field,
            "fieldLabel": cited_field_label(citation.field),
            "value": citation.value,
            "valueLabel": cited_value_label(record_kind(citation.target), citation.field, citation.value, names=self._names),
            "polarity": citation.polarity,
            "polarityLabel": citation.get_polarity_display(),
            "stance": self._stances[citation.pk],
            "stanceLabel": self._stances[citation.pk].label,
            "asStated": citation.as_stated,
            "contested": self.is_contested(citation),
            "page": target_page_url(citation.target),
            "resolve": contested_field_url(field_key_of(citation.target, citation.field)),
        }

    def render_block(self, block: TextBlock, is_read: bool) -> SafeString:
        """Render a paragraph beside its margin; its `words` element holds the text of the document and nothing else."""
        text = "".join(self._render_sentence(sentence) for sentence in block.sentences)
        gap = ""
        if block.gap and block.gap > 3:
            gap = format_html('<p class="gap"><span>{} characters not quoted</span></p>', f"{block.gap:,}")
        return format_html(
            '<section class="block{}" id="at{}" data-start="{}" data-end="{}">{}<div class="state">{}</div>'
            '<p class="words" dir="auto">{}</p><div class="notes">{}</div></section>',
            " is-read" if is_read else "",
            block.start,
            block.start,
            block.end,
            gap,
            mark_safe('<span class="read-mark" title="Read, nothing to capture">✓<span class="sr"> read</span></span>')
            if is_read
            else "",
            mark_safe(text),  # noqa: S308 - pieces are escaped below
            self._render_notes(block.quotes_starting) + self._render_comments(block),
        )

    def _render_sentence(self, sentence: TextSentence) -> str:
        content = "".join(self._render_piece(piece) for piece in sentence.pieces)
        if not sentence.is_sentence:
            return content
        return f'<span class="s" data-start="{sentence.start}" data-end="{sentence.end}" tabindex="-1">{content}</span>'

    def _render_piece(self, piece: TextPiece) -> str:
        words = escape(piece.text)
        if not piece.quotes:
            return words
        depth = min(len(piece.quotes), 3)
        classes = ["q", f"q-{depth}"]
        classes += ["q-opens"] * bool(piece.quotes_starting) + ["q-closes"] * bool(piece.quotes_ending)
        classes += ["q-contested"] * any(
            self.is_contested(citation) for quote in piece.quotes for citation in quote.citations.all()
        )
        # Innermost quote first.
        keys = " ".join(str(quote.pk) for quote in sorted(piece.quotes, key=lambda quote: quote.end - quote.start))
        # Announced only where a quote begins: on dense pages more would be noise.
        details = f' aria-details="note{piece.quotes_starting[0].pk}"' if piece.quotes_starting else ""
        return f'<mark class="{" ".join(classes)}" data-quotes="{keys}"{details}>{words}</mark>'

    def _render_notes(self, quotes: Sequence[SourceQuote]) -> SafeString:
        shown = mark_safe("".join(self.render_note(quote) for quote in quotes[:MAX_OPEN_NOTES]))  # noqa: S308 - of format_html
        if len(quotes) <= MAX_OPEN_NOTES:
            return shown
        rest = mark_safe("".join(self.render_note(quote) for quote in quotes[MAX_OPEN_NOTES:]))  # noqa: S308 - of format_html
        return format_html(
            "{}<details><summary>{} more quotes begin here</summary>{}</details>", shown, len(quotes) - MAX_OPEN_NOTES, rest
        )

    def _render_comments(self, block: TextBlock) -> SafeString:
        """Render the comments on passages that begin in a paragraph."""
        notes = [
            format_html(
                '<article class="note note-comment"><p class="opening">“{}”</p><p dir="auto"><strong>{}</strong>: {}</p>'
                '<p><a href="{}#comment-{}">{}</a></p></article>',
                _shorten(thread.comment.exact),
                thread.comment.said_by or "a former user",
                thread.comment.text,
                reverse("admin:sources_sourcedocument_change", args=[thread.comment.record]),
                thread.comment.pk,
                _reply_count(len(thread.replies)),
            )
            for thread in self._comment_threads
            if thread.place and block.start <= thread.place[0] < block.end
        ]
        return mark_safe("".join(notes))  # noqa: S308 - of format_html

    def render_note(self, quote: SourceQuote) -> SafeString:
        """Render the note beside a quote: speakers, kind, date and linked facts."""
        speakers = quote.speaker_label or "No speaker"
        failed = (
            format_html('<span class="tag tag-failed">{}</span>', quote.get_verification_display())
            if quote.verification == Verification.FAILED
            else ""
        )
        return format_html(
            '<article class="note" id="note{}" data-quote="{}"><a class="anchor" id="q{}"></a><header><button type="button" '
            'class="open" data-open="{}"><strong>{}</strong> <span class="tag">{}</span>{}{}{}</button></header>'
            '<div class="cited"><p class="opening">“{}”</p><button type="button" data-cite="{}" title="Copy citation" '
            'aria-label="Copy citation">Cite</button></div>{}</article>',
            quote.pk,
            quote.pk,
            quote.pk,
            quote.pk,
            speakers,
            quote.get_kind_display(),
            format_html(' <span class="when">{}</span>', format_partial_date(quote.said_on)) if quote.said_on else "",
            format_html(' <span class="when">p. {}</span>', quote.page) if quote.page else "",
            failed,
            _shorten(quote.exact),
            cite_quote(quote),
            self._render_facts(quote.citations.all()),
        )

    def _render_facts(self, citations: Iterable[Citation]) -> SafeString:
        citations = list(citations)
        if not citations:
            return mark_safe('<p class="no-facts">Not linked to a fact yet</p>')
        items = mark_safe("".join(self._render_fact(citation) for citation in citations))  # noqa: S308 - of format_html
        facts = format_html('<ul class="facts">{}</ul>', items)
        if len(citations) == 1:
            return facts
        names = list(dict.fromkeys(str(citation.target) for citation in citations))
        more = f" and {len(names) - 2} more" if len(names) > 2 else ""
        contested = sum(self.is_contested(citation) for citation in citations)
        warning = format_html(' <span class="tag tag-contested">{} contested</span>', contested) if contested else ""
        return format_html(
            "<details><summary>{} facts: {}{}{}</summary>{}</details>", len(citations), ", ".join(names[:2]), more, warning, facts
        )

    def _render_fact(self, citation: Citation) -> SafeString:
        contested = ""
        if self.is_contested(citation):
            contested = format_html(
                ' <a class="tag tag-contested" href="{}">contested</a>',
                contested_field_url(field_key_of(citation.target, citation.field)),
            )
        return format_html(
            '<li class="fact fact-{}"><span class="stance">{}</span> <a href="{}">{}</a> '
            '<span class="field">{}</span>: <b>{}</b>{}</li>',
            self._stances[citation.pk],
            citation.get_polarity_display() if citation.polarity == Polarity.DENIES else self._stances[citation.pk].label,
            target_page_url(citation.target),
            citation.target,
            cited_field_label(citation.field),
            citation_value_html(citation, self._names),
            contested,
        )


def _shorten(words: str) -> str:
    return words if len(words) <= 64 else f"{words[:60].rsplit(' ', 1)[0]} …"


def _reply_count(number: int) -> str:
    return "Reply or resolve" if not number else f"{number} repl{'y' if number == 1 else 'ies'}"


def candidates_as_dicts(candidates: Sequence[fact_candidates.FactCandidate]) -> list[dict[str, Any]]:
    """Return facts that a passage may support, as the scripts of the page take them."""
    names = names_of_stated_slugs(
        (candidate.kind, candidate.field, value)
        for candidate in candidates
        for value in (candidate.value, candidate.current_value)
    )
    return [_candidate_as_dict(candidate, names) for candidate in candidates]


def _candidate_as_dict(candidate: fact_candidates.FactCandidate, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "target": candidate.target,
        "kind": candidate.kind,
        "name": candidate.name,
        "field": candidate.field,
        "fieldLabel": field_label(candidate.field),
        "value": candidate.value,
        "valueLabel": cited_value_label(candidate.kind, candidate.field, candidate.value, names=names),
        "currentValue": candidate.current_value,
        "currentLabel": cited_value_label(candidate.kind, candidate.field, candidate.current_value, names=names),
        "asStated": candidate.as_stated,
        "reason": candidate.reason,
        "isTaken": candidate.is_taken,
        "polarity": candidate.polarity,
        "names": {word: names[word] for word in candidate.value.split() if word in names},
    }


def guess_as_dict(guess: QuoteGuess, user) -> dict[str, Any]:
    """Return the guessed details of a passage, as the scripts of the page take them, with a new speaker if `user` may add one."""
    new_speakers = permitted_proposals_as_dicts([guess.new_speaker], user) if guess.new_speaker else []
    return {
        "kind": guess.kind,
        "fidelity": guess.fidelity,
        "speaker": guess.speaker,
        "speakerText": guess.speaker_text,
        "attribution": guess.attribution,
        "saidOn": guess.said_on,
        "occasion": guess.occasion,
        "reason": guess.reason,
        "saidOnReason": guess.said_on_reason,
        "newSpeaker": {**new_speakers[0], "role": guess.new_speaker_role} if new_speakers else None,
    }
