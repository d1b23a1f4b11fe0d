"""Features of entities that the duplicate finder compares: names, fields, identifiers, parties and amounts."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from entities.amounts import Amount
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
"""Maximum number of names compared per entity."""


@dataclass(slots=True)
class EntityFeatures:
    """The comparable features of one entity."""

    pk: int
    kind: Kind
    name: str
    other_names: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    identifiers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    committed_by: dict[int, str] = field(default_factory=dict)
    amounts: dict[str, set[Amount]] = field(default_factory=lambda: defaultdict(set))
    """Unit or currency -> amounts."""

    @property
    def names(self) -> list[str]:
        """All names without repetition, the register's own first."""
        given, family = self.values.get("given_name", ""), self.values.get("family_name", "")
        full_name = [f"{given} {family}"] if given and family else []
        return list(dict.fromkeys([self.name, *full_name, *self.other_names]))[:MAX_NAMES]

    @property
    def web_hosts(self) -> set[str]:
        """Hosts of its web addresses."""
        urls = self.identifiers.get(IdentifierScheme.URL, ())
        return {(urlsplit(url).hostname or "").removeprefix("www.") for url in urls} - {""}

    @property
    def fact_blocking_keys(self) -> set[str]:
        """Keys for finding it whatever its name: day and place of an event, parties and amount of a commitment."""
        values, keys = self.values, {f"host {host}" for host in self.web_hosts}
        if self.kind == Kind.EVENT and values["start"] and (values["locality"] or values["country"]):
            keys.add(f"event {values['start'].rstrip('~?')} {(values['locality'] or values['country']).casefold()}")
        if self.kind == Kind.FACILITY:
            if values["operator"] and values["locality"]:
                keys.add(f"run {values['operator']} {values['locality'].casefold()}")
            if values["latitude"] is not None:
                keys.add(f"at {values['latitude']:.2f} {values['longitude']:.2f}")
        if self.kind == Kind.COMMITMENT and self.committed_by:
            parties = "-".join(map(str, sorted(self.committed_by)))
            keys |= {f"gives {parties} {amount}" for amounts in self.amounts.values() for amount in amounts}
            if values["announced_at"]:
                keys.add(f"announced {parties} {values['category']} {values['announced_at']}")
        return keys


def load_features(keys: Collection[int], kind: str) -> dict[int, EntityFeatures]:
    """Load the features of the entities of `kind` with these primary keys, without merged ones, in at most six queries."""
    kind = Kind(kind)
    model: Any = next(subclass for subclass in Entity.__subclasses__() if getattr(subclass, "KIND", None) == kind)
    rows = model._default_manager.order_by().filter(pk__in=keys, merged_into__isnull=True)
    features = {
        row["pk"]: EntityFeatures(row.pop("pk"), kind, row.pop("name"), values=row)
        for row in rows.values("pk", "name", *COLUMNS_BY_KIND[kind])
    }
    names = Name.objects.order_by("pk").filter(entity__in=keys).exclude(kind__in=(NameKind.ARTEFACT, NameKind.MENTION))
    for key, text in names.values_list("entity", "text"):
        if key in features:
            features[key].other_names.append(text)
    identifiers = Identifier.objects.order_by().filter(entity__in=keys)
    for key, scheme, value in identifiers.values_list("entity", "scheme", "value"):
        if key in features:
            features[key].identifiers[scheme].add(value)
    if kind == Kind.COMMITMENT:
        through = Commitment.committed_by.through.objects.filter(commitment__in=keys)
        for key, organisation, name in through.values_list("commitment", "organisation", "organisation__name"):
            if key in features:
                features[key].committed_by[organisation] = name
    if kind in (Kind.COMMITMENT, Kind.EVENT, Kind.ORGANISATION):
        for measure in Measure.objects.order_by().filter(entity__in=keys, conversion_of__isnull=True, value__isnull=False):
            if measure.entity_id in features:
                features[measure.entity_id].amounts[measure.amount.unit].add(measure.amount)
    return features


def parse_optional_date(date: str) -> PartialDate | None:
    """Parse a stored date; None if it is empty."""
    return PartialDate.parse(date) if date else None
