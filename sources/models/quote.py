"""Quotes: verbatim passages of source documents."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length

from entities.fields import ChoiceField, Earliest, LineField, PartialDateField, ProseField, SlugField, date_bound_column
from entities.formatting import join_names
from entities.models.change import ChangeLinkedHistory
from entities.models.curated import Curated, natural_key_dependencies
from entities.models.event import Event
from entities.models.person import Person
from entities.vocabulary import Fidelity, QuoteKind, Verification
from sources.models.document import SourceDocument
from sources.page_numbers import page_of_offset


class SourceQuote(Curated):
    """Verbatim passage of one document, at one place (W3C TextQuoteSelector and TextPositionSelector)."""

    FIELD_GROUPS = (("document", "exact", "start", "end", "page"), ("speakers", "attribution", "reported_by"))

    slug = SlugField(
        "public id",
        unique=True,
        blank=True,
        help_text="Public id; made from the document's if empty, such as rferl-2024-07-11-q07.",
    )
    document = models.ForeignKey(
        SourceDocument, models.PROTECT, related_name="quotes", help_text="The document that the passage is from."
    )
    exact = ProseField("passage", help_text="The passage, character for character, without the marks around it.")
    start = models.PositiveIntegerField(help_text="Offset of its first character in the text, in Unicode code points.")
    end = models.PositiveIntegerField(validators=[MinValueValidator(1)], help_text="Offset after its last character.")
    page = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Page on which the passage begins, counted from 1; filled in where the text has page breaks.",
    )
    kind = ChoiceField(
        choices=QuoteKind, help_text="Whole quoted sentences, a quoted fragment, speech in the writer's words, or narration."
    )
    fidelity = ChoiceField(
        "wording",
        choices=Fidelity,
        default=Fidelity.ORIGINAL,
        help_text="Original words, a translation, or a translation back from one.",
    )
    speakers = models.ManyToManyField(
        Person,
        blank=True,
        related_name="quotes",
        help_text="Who said or wrote it, if the source names them; several only if the source gives the words to all of them.",
    )
    attribution = LineField(
        max_length=300, blank=True, help_text="How the source describes a speaker, such as officials, on condition of anonymity."
    )
    reported_by = LineField(
        "reported by",
        max_length=300,
        blank=True,
        help_text="Who reports what the speaker said, if not the document itself, such as officials.",
    )
    said_on = PartialDateField(
        help_text="When it was said, as precise as the source: 2024, 2024-07 or 2024-07-09, with ~ or ?, "
        "or an interval: 2024-06-15/2024-07-08, 2023/.., ../2024-12-31."
    )
    said_on_earliest = date_bound_column(Earliest, "said_on")
    occasion = models.ForeignKey(
        Event, models.PROTECT, null=True, blank=True, related_name="quotes", help_text="The event at which it was said."
    )
    utterance = SlugField(
        blank=True,
        db_index=True,
        help_text="Public id that quotes of one utterance share: several wordings or parts of it are one witness.",
    )
    note = ProseField(blank=True, help_text="How speaker, day or occasion are known, where the source does not state them.")
    verification = ChoiceField(
        choices=Verification,
        default=Verification.UNVERIFIED,
        editable=False,
        help_text="Result of the last check against the source.",
    )

    history = ChangeLinkedHistory(m2m_fields=[speakers])

    class Meta:
        ordering = ["document", "start", "end"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "start", "end"],
                name="quote_place_once",
                violation_error_message="This passage is already a quote.",
            ),
            models.CheckConstraint(
                name="quote_as_long_as_its_place",
                condition=Q(end=F("start") + Length("exact")) & Q(end__gt=F("start")),
                violation_error_message="The end must be the start plus the number of characters of the passage.",
            ),
            # That it is the page of its place is held by the trigger quote_page_of_its_place.
            models.CheckConstraint(
                name="quote_page_from_one", condition=Q(page__gte=1), violation_error_message="Pages are counted from 1."
            ),
        ]

    def __str__(self) -> str:
        return self.exact if len(self.exact) <= 90 else f"{self.exact[:89]}…"

    @property
    def speaker_keys(self) -> frozenset[int]:
        """Return the primary keys of its speakers."""
        return frozenset(person.pk for person in self.speakers.all())

    @property
    def speaker_label(self) -> str:
        """Return the names of its speakers, or how the source describes whoever spoke; '' if it does neither."""
        return join_names(person.name for person in self.speakers.all()) or self.attribution

    @natural_key_dependencies("sources.sourcedocument", "entities.entity", "entities.person", "entities.event")
    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    @property
    def page_in_text(self) -> int | None:
        """Return the page on which the passage begins by the page breaks of its document; None if that has none."""
        return page_of_offset(self.document.page_breaks, self.start)

    def clean(self):
        super().clean()
        if self.document_id is None or self.start is None or self.page is None:
            return
        if (page := self.page_in_text) not in (None, self.page):
            raise ValidationError({"page": f"The passage is on page {page} of the document."})

    def save(self, *args, **kwargs):
        if (page := self.page_in_text) is not None:
            self.page = page
        if not self.slug:
            count = self.document.quotes.count()
            taken = set(self.document.quotes.values_list("slug", flat=True))
            self.slug = next(s for n in range(count + 1, 2 * count + 3) if (s := f"{self.document.slug}-q{n:02}") not in taken)
        super().save(*args, **kwargs)


def _protect_quoted_speakers(link: Any) -> None:
    """Let nobody be deleted who is quoted: rows of a many-to-many field would otherwise go without a word."""
    link._meta.get_field("person").remote_field.on_delete = models.PROTECT
    # As the refusal names what depends on the person.
    link._meta.verbose_name = SourceQuote._meta.verbose_name
    link.__str__ = lambda row: str(row.sourcequote)


_protect_quoted_speakers(SourceQuote.speakers.through)
