"""Data classes that the templates of differences show."""

from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from entities.history.record_snapshots import RecordDifference
from entities.models.curated import Child

ADDED, REMOVED, CHANGED = "Added", "Removed", "Changed"
ACTION_SIGNS = {ADDED: "+", REMOVED: "−", CHANGED: "±"}


@dataclass
class DisplayedCitation:
    """Citation beside the value that it is about: what it states, in whose words, and whether it was added or removed."""

    address: str
    action: str
    polarity: str
    stated_value: str
    quote: str
    attribution: str
    url: str
    field_label: str = ""
    passage: SafeString | str = ""
    """The whole passage, with the words marked that state the value."""
    excerpt: SafeString | str = ""
    """The marked words with a few words around them, for where the page shows the whole passage above."""
    as_stated: str = ""
    note: str = ""
    quote_key: int | None = None
    particulars: list[str] = field(default_factory=list)
    """What the quote holds beside its passage, in words: speaker, kind, day."""
    document: str = ""
    document_title: str = ""
    is_first_of_quote: bool = True
    """False if the page shows the particulars of the same quote above."""

    @property
    def addresses(self) -> tuple[str, ...]:
        return (self.address,)

    @property
    def sign(self) -> str:
        return ACTION_SIGNS.get(self.action, "")

    @property
    def label(self) -> str:
        return self.stated_value


@dataclass
class DisplayedField:
    """A field, or several that mean something only together."""

    address: str
    addresses: tuple[str, ...]
    label: str
    was: SafeString
    now: SafeString
    action: str = CHANGED
    inline_diff: SafeString | None = None
    """Both wordings in one text, instead of `was` and `now`."""
    numeric: bool = False
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    sources: list[DisplayedCitation] = field(default_factory=list)

    @property
    def sign(self) -> str:
        return ACTION_SIGNS[self.action]


@dataclass
class DisplayedRow:
    """Row that was added, removed or changed: added and removed ones in full, of changed ones the changes."""

    address: str
    action: str
    label: str
    fields: list[DisplayedField]
    sources: list[DisplayedCitation] = field(default_factory=list)
    citation: DisplayedCitation | None = None
    """The row itself, if it is a citation."""

    @property
    def addresses(self) -> tuple[str, ...]:
        return (self.address,)

    @property
    def sign(self) -> str:
        return ACTION_SIGNS[self.action]


@dataclass
class DisplayedRowGroup:
    """Rows of one model, with a summary: "Names: 1 changed, 1 added"."""

    model: type[Child]
    label: str
    counts: str
    rows: list[DisplayedRow]
    shown_elsewhere: int = 0
    """Further rows, which are shown beside the values that they are about."""


@dataclass
class DisplayedDifference:
    """Difference between two snapshots, ready for the template."""

    difference: RecordDifference
    fields: list[DisplayedField]
    groups: list[DisplayedRowGroup]
    summary: str
    created: bool
    deleted: bool
    withheld: int = 0
    """Rows of models that the user may not see."""
    before_label: str = "was"
    after_label: str = "is now"
    actions_template: str = ""

    def __bool__(self) -> bool:
        return bool(self.fields or self.groups or self.withheld)

    def __len__(self) -> int:
        """Return the number of places that differ."""
        return len(self.fields) + sum(len(group.rows) + group.shown_elsewhere for group in self.groups)
