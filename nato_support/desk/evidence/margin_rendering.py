"""How the desk shows a document's paragraphs and the notes in its margin, as HTML and as plain values for its scripts."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from entities.vocabulary import Verification
from nato_support.desk.evidence.page_urls import contested_field_url, target_page_url
from sources.capture import fact_candidates
from sources.capture.annotated_text import TextBlock, TextSentence
from sources.capture.open_suggestions import QuoteGuess
from sources.evidence.contested_fields import find_contested_fields
from sources.evidence.statements import ContestState, FieldKey, field_key_of
from sources.models import Citation, SourceQuote

MAX_OPEN_NOTES = 3
"""Of more notes than these beside one paragraph only the first stand open."""


class MarginRenderer:
    """Shows paragraphs and quotes of one document, knowing which of the facts that its quotes support are contested."""

    def __init__(self, quotes: Sequence[SourceQuote]):
        cited = [citation for quote in quotes for citation in quote.citations.all()]
        about = Q(entity__in={one.entity_id for one in cited} - {None}) | Q(
            relation__in={one.relation_id for one in cited} - {None}
        )
        self._contested_places = (
            {one.key for one in find_contested_fields(about) if one.state != ContestState.SETTLED} if cited else set()
        )

    def is_contested(self, row: Citation) -> bool:
        return FieldKey(row.entity_id, row.relation_id, row.field) in self._contested_places

    def quote(self, one: SourceQuote) -> dict[str, Any]:
        """A quote with its facts, as plain values."""
        return {
            "pk": one.pk,
            "slug": one.slug,
            "version": one.version,
            "start": one.start,
            "end": one.end,
            "exact": one.exact,
            "kind": one.kind,
            "kindLabel": one.get_kind_display(),
            "fidelity": one.fidelity,
            "speaker": {"pk": one.speaker.pk, "name": one.speaker.name} if one.speaker else None,
            "attribution": one.attribution,
            "saidOn": one.said_on,
            "occasion": {"pk": one.occasion.pk, "name": one.occasion.name} if one.occasion else None,
            "status": one.status,
            "verification": one.verification,
            "page": reverse("admin:sources_sourcequote_change", args=[one.pk]),
            "facts": [self.citation_as_dict(row) for row in one.citations.all()],
        }

    def citation_as_dict(self, row: Citation) -> dict[str, Any]:
        return {
            "pk": row.pk,
            "target": fact_candidates.target_address(row.target),
            "name": str(row.target),
            "field": row.field,
            "value": row.value,
            "stance": row.stance,
            "asStated": row.as_stated,
            "contested": self.is_contested(row),
            "page": target_page_url(row.target),
            "settle": contested_field_url(field_key_of(row.target, row.field)),
        }

    def render_block(self, one: TextBlock, read: bool) -> SafeString:
        """A paragraph beside its margin. The text element holds the words of the document and nothing else."""
        text = "".join(self._render_sentence(sentence) for sentence in one.sentences)
        gap = ""
        if one.gap and one.gap > 3:
            gap = format_html('<p class="gap"><span>{} characters of the document that no quote tells</span></p>', f"{one.gap:,}")
        return format_html(
            '<section class="block{}" id="at{}" data-start="{}" data-end="{}">{}<div class="state">{}</div>'
            '<p class="words" dir="auto">{}</p><div class="notes">{}</div></section>',
            " is-read" if read else "",
            one.start,
            one.start,
            one.end,
            gap,
            mark_safe('<span class="read-mark" title="Read, nothing more to capture">✓<span class="sr"> read</span></span>')
            if read
            else "",
            mark_safe(text),  # noqa: S308 - made of escaped words below
            self._render_notes(one.quotes_starting),
        )

    def _render_sentence(self, one: TextSentence) -> str:
        inside = "".join(self._render_piece(piece) for piece in one.pieces)
        return (
            f'<span class="s" data-start="{one.start}" data-end="{one.end}" tabindex="-1">{inside}</span>'
            if one.is_sentence
            else inside
        )

    def _render_piece(self, piece) -> str:
        words = escape(piece.text)
        if not piece.quotes:
            return words
        depth = min(len(piece.quotes), 3)
        classes = ["q", f"q-{depth}"]
        classes += ["q-opens"] * bool(piece.quotes_starting) + ["q-closes"] * bool(piece.quotes_ending)
        classes += ["q-contested"] * any(self.is_contested(row) for q in piece.quotes for row in q.citations.all())
        # From inside outwards: the shortest first.
        keys = " ".join(str(q.pk) for q in sorted(piece.quotes, key=lambda q: q.end - q.start))
        # Announced where it begins only: dense pages would become noise.
        told = f' aria-details="note{piece.quotes_starting[0].pk}"' if piece.quotes_starting else ""
        return f'<mark class="{" ".join(classes)}" data-quotes="{keys}"{told}>{words}</mark>'

    def _render_notes(self, quotes: Sequence[SourceQuote]) -> SafeString:
        shown = mark_safe("".join(self.note(one) for one in quotes[:MAX_OPEN_NOTES]))  # noqa: S308 - each is made by format_html
        if len(quotes) <= MAX_OPEN_NOTES:
            return shown
        rest = mark_safe("".join(self.note(one) for one in quotes[MAX_OPEN_NOTES:]))  # noqa: S308 - likewise
        return format_html(
            "{}<details><summary>{} more quotes begin here</summary>{}</details>", shown, len(quotes) - MAX_OPEN_NOTES, rest
        )

    def note(self, one: SourceQuote) -> SafeString:
        """What stands beside a quote: who said it, how, and what it is evidence for."""
        said_by = one.speaker.name if one.speaker else one.attribution or "nobody named"
        failed = (
            mark_safe('<span class="tag tag-failed">does not stand there</span>')
            if one.verification == Verification.FAILED
            else ""
        )
        return format_html(
            '<article class="note" id="note{}" data-quote="{}"><a class="anchor" id="q{}"></a><header><button type="button" '
            'class="open" data-open="{}"><strong>{}</strong> <span class="tag">{}</span>{}{}</button></header>'
            '<p class="opening">“{}”</p>{}</article>',
            one.pk,
            one.pk,
            one.pk,
            one.pk,
            said_by,
            one.get_kind_display(),
            format_html(' <span class="when">{}</span>', one.said_on) if one.said_on else "",
            failed,
            one.exact if len(one.exact) <= 64 else f"{one.exact[:60].rsplit(' ', 1)[0]} …",
            self._render_facts(one.citations.all()),
        )

    def _render_facts(self, rows: Iterable[Citation]) -> SafeString:
        rows = list(rows)
        if not rows:
            return mark_safe('<p class="no-facts">evidence for nothing yet</p>')
        lines = format_html('<ul class="facts">{}</ul>', mark_safe("".join(self._render_fact(row) for row in rows)))  # noqa: S308 - likewise
        if len(rows) == 1:
            return lines
        names = list(dict.fromkeys(str(row.target) for row in rows))
        more = f" and {len(names) - 2} more" if len(names) > 2 else ""
        contested = sum(self.is_contested(row) for row in rows)
        warning = format_html(' <span class="tag tag-contested">{} contested</span>', contested) if contested else ""
        return format_html(
            "<details><summary>{} facts: {}{}{}</summary>{}</details>", len(rows), ", ".join(names[:2]), more, warning, lines
        )

    def _render_fact(self, row: Citation) -> SafeString:
        contested = ""
        if self.is_contested(row):
            contested = format_html(
                ' <a class="tag tag-contested" href="{}">contested</a>', contested_field_url(field_key_of(row.target, row.field))
            )
        return format_html(
            '<li class="fact fact-{}"><span class="stance">{}</span> <a href="{}">{}</a> '
            '<span class="field">{}</span>: <b>{}</b>{}</li>',
            row.stance,
            row.get_stance_display(),
            target_page_url(row.target),
            row.target,
            row.field,
            row.value,
            contested,
        )


def candidate_as_dict(one: fact_candidates.FactCandidate) -> dict[str, Any]:
    return {
        "target": one.target,
        "kind": one.kind,
        "name": one.name,
        "field": one.field,
        "value": one.value,
        "held": one.current_value,
        "asStated": one.as_stated,
        "why": one.reason,
    }


def guess_as_dict(one: QuoteGuess) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "fidelity": one.fidelity,
        "speaker": one.speaker,
        "speakerText": one.speaker_text,
        "attribution": one.attribution,
        "saidOn": one.said_on,
        "occasion": one.occasion,
        "reason": one.reason,
        "saidOnReason": one.said_on_reason,
    }
