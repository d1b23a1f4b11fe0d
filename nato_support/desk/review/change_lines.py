"""Changes of one record as the lines of one table: each value beside its change and the passages that state it.

Fields, measures, milestones and other rows are lines alike. What only machines read (public ids, keys, hashes, offsets) is kept
apart for new records: `technical` names each of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.html import format_html
from django.utils.text import capfirst

from nato_support.desk.records.displayed_differences import (
    CHANGED,
    DisplayedCitation,
    DisplayedDifference,
    DisplayedField,
    DisplayedRow,
)
from sources.models import SourceQuote

TECHNICAL_FIELDS = frozenset({"slug", "key", "sha256"})
_PLACE_OF_PASSAGE = "document"
"""First of the fields of a quote that are shown as one: document, passage, start and end."""


@dataclass
class ChangeLine:
    """A field that differs, or a row: of an added or removed one all `fields`, of a changed one one field a line."""

    label: str
    item: DisplayedField | DisplayedRow
    """What comments and the box that reverts are about."""
    fields: list[DisplayedField]
    sources: list[DisplayedCitation]
    action: str
    row: DisplayedRow | None = None
    """Changed row of which this is the first line."""

    @property
    def is_whole_row(self) -> bool:
        return isinstance(self.item, DisplayedRow)

    @property
    def passage_keys(self) -> str:
        """Keys of the quotes cited here, separated by spaces."""
        return " ".join(dict.fromkeys(str(source.quote_key) for source in self.sources if source.quote_key))


@dataclass
class ChangeTable:
    """Lines of one record's changes, and label and value of each technical detail that they leave out."""

    lines: list[ChangeLine] = field(default_factory=list)
    technical: list[tuple[str, DisplayedField]] = field(default_factory=list)

    @property
    def has_sources(self) -> bool:
        """Return whether a passage states any of the values."""
        return any(line.sources for line in self.lines)

    @property
    def technical_labels(self) -> str:
        return ", ".join(label for label, _ in self.technical)


def build_change_table(difference: DisplayedDifference, quote: SourceQuote | None = None) -> ChangeTable:
    """Return the changes of a record as lines; `quote` is the record if it is one."""
    table = ChangeTable()
    for displayed in difference.fields:
        if difference.created and quote and displayed.address == _PLACE_OF_PASSAGE:
            table.lines.append(_passage_line(displayed, quote))
            table.technical.append(("Place in the text", _place_of(displayed, quote)))
        elif difference.created and displayed.address in TECHNICAL_FIELDS:
            table.technical.append((capfirst(displayed.label), displayed))
        else:
            table.lines.append(ChangeLine(capfirst(displayed.label), displayed, [displayed], displayed.sources, displayed.action))
    for group in difference.groups:
        noun = str(group.model._meta.verbose_name)
        for row in group.rows:
            table.lines += _row_lines(row, noun, table, difference.created)
    return table


def _row_lines(row: DisplayedRow, noun: str, table: ChangeTable, is_new: bool) -> Iterator[ChangeLine]:
    cited = [row.citation] if row.citation else []
    if row.action == CHANGED:
        for number, displayed in enumerate(row.fields):
            first = number == 0
            label = f"{capfirst(noun)}: {row.label}, {displayed.label}"
            sources = (row.sources or cited) if first else []
            yield ChangeLine(label, displayed, [displayed], sources, CHANGED, row if first else None)
        return
    if row.citation:
        yield ChangeLine(row.citation.field_label, row, [], cited, row.action)
        return
    shown = []
    for displayed in row.fields:
        name = displayed.address.rsplit("/", 1)[-1]
        if is_new and name in TECHNICAL_FIELDS:
            table.technical.append((f"{capfirst(displayed.label)} of {noun} {row.label}", displayed))
        else:
            shown.append(displayed)
    yield ChangeLine(capfirst(noun), row, shown, row.sources, row.action)


def _passage_line(displayed: DisplayedField, quote: SourceQuote) -> ChangeLine:
    words = format_html('“{}” <span class="of">{}</span>', quote.exact, quote.document)
    passage = DisplayedField(displayed.address, displayed.addresses, "passage", displayed.was, words, displayed.action)
    return ChangeLine("Passage", passage, [passage], displayed.sources, displayed.action)


def _place_of(displayed: DisplayedField, quote: SourceQuote) -> DisplayedField:
    place = format_html("characters {} to {}", f"{quote.start:,}", f"{quote.end:,}")
    return DisplayedField(displayed.address, displayed.addresses, "place", displayed.was, place, displayed.action)
