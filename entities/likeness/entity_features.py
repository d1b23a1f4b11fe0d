"""What the finder of duplicates reads of entities: their names and what else tells them apart."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from entities.dates import PartialDate
from entities.models import Commitment, Entity, Identifier, Measure, Name
from entities.vocabulary import IdentifierScheme, Kind, NameKind

COLUMNS_BY_KIND = {
    Kind.ORGANISATION: ("type", "country", "founded", "dissolved"),
    Kind.FACILITY: ("type", "country", "locality", "latitude", "longitude", "operator", "operator__name"),
    Kind.PERSON: ("given_name", "family_name", "nationality"),
    Kind.POST: ("organisation", "organisation__name", "rank"),
    Kind.EVENT: ("type", "start", "end", "locality", "country"),
    Kind.COMMITMENT: ("nature", "category", "beneficiary", "beneficiary__name", "part_of", "announced_at", "announced_at__name"),
}

MAX_NAMES = 12
"""So many names of one entity are compared."""


@dataclass(slots=True)
class EntityFeatures:
    """One entity as it is compared."""

    pk: int
    kind: Kind
    name: str
    other_names: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    identifiers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    givers: dict[int, str] = field(default_factory=dict)
    amounts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Unit or currency -> amounts as typed."""

    @property
    def names(self) -> list[str]:
        """All names, the register's own first, each once."""
        given, family = self.values.get("given_name", ""), self.values.get("family_name", "")
        parts = [f"{given} {family}"] if given and family else []
        return list(dict.fromkeys([self.name, *parts, *self.other_names]))[:MAX_NAMES]

    @property
    def web_hosts(self) -> set[str]:
        """Hosts of its web addresses."""
        urls = self.identifiers.get(IdentifierScheme.URL, ())
        return {(urlsplit(url).hostname or "").removeprefix("www.") for url in urls} - {""}

    @property
    def occasion_keys(self) -> set[str]:
        """Under what it is looked up, whatever it is called: the day and place of an event, the parties and the amount."""
        of, found = self.values, {f"host {host}" for host in self.web_hosts}
        if self.kind == Kind.EVENT and of["start"] and (of["locality"] or of["country"]):
            found.add(f"event {of['start'].rstrip('~?')} {(of['locality'] or of['country']).casefold()}")
        if self.kind == Kind.FACILITY:
            if of["operator"] and of["locality"]:
                found.add(f"run {of['operator']} {of['locality'].casefold()}")
            if of["latitude"] is not None:
                found.add(f"at {of['latitude']:.2f} {of['longitude']:.2f}")
        if self.kind == Kind.COMMITMENT and self.givers:
            parties = "-".join(map(str, sorted(self.givers)))
            found |= {f"gives {parties} {amount}" for amounts in self.amounts.values() for amount in amounts}
            if of["announced_at"]:
                found.add(f"announced {parties} {of['category']} {of['announced_at']}")
        return found


def load_features(keys: Collection[int], kind: str) -> dict[int, EntityFeatures]:
    """The entities of `kind` among `keys`, by key; those merged away are left out. At most six queries."""
    kind = Kind(kind)
    model: Any = next(sub for sub in Entity.__subclasses__() if getattr(sub, "KIND", None) == kind)
    rows = model._default_manager.order_by().filter(pk__in=keys, merged_into__isnull=True)
    found = {
        row["pk"]: EntityFeatures(row.pop("pk"), kind, row.pop("name"), values=row)
        for row in rows.values("pk", "name", *COLUMNS_BY_KIND[kind])
    }
    names = Name.objects.order_by("pk").filter(entity__in=keys).exclude(kind=NameKind.ARTEFACT)
    for key, text in names.values_list("entity", "text"):
        if key in found:
            found[key].other_names.append(text)
    identifiers = Identifier.objects.order_by().filter(entity__in=keys)
    for key, scheme, value in identifiers.values_list("entity", "scheme", "value"):
        if key in found:
            found[key].identifiers[scheme].add(value)
    if kind == Kind.COMMITMENT:
        through = Commitment.committed_by.through.objects.filter(commitment__in=keys)
        for key, giver, name in through.values_list("commitment", "organisation", "organisation__name"):
            if key in found:
                found[key].givers[giver] = name
    if kind in (Kind.COMMITMENT, Kind.EVENT, Kind.ORGANISATION):
        for measure in Measure.objects.order_by().filter(entity__in=keys, conversion_of__isnull=True, value__isnull=False):
            if measure.entity_id in found:
                found[measure.entity_id].amounts[measure.currency or measure.unit].add(measure.citation_value)
    return found


def parse_optional_date(date: str) -> PartialDate | None:
    """A stored date, None if there is none."""
    return PartialDate.parse(date) if date else None
