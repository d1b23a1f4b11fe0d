"""Working copies as the public would see them if they were published now. Reads only."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from entities.models import Curated, Entity
from nato_support.editions import detail, texts, weaving
from nato_support.editions.models import Edition, PrintRun
from nato_support.editions.printing import Key, Printed, bare_references, model_of, print_records, weave_all
from sources.serializers import EMBEDDED


@dataclass(slots=True)
class Proof(Printed):
    """A record printed for a look. `missing`: what it shows that is not public yet; `live`: what is public of it now."""

    missing: set[Key] = field(default_factory=set)
    live: Edition | None = None

    @property
    def document(self) -> str:
        """The lean shape, as a list would serve it."""
        return texts.dumps(self.lean)

    @property
    def body(self) -> str:
        """What the API would answer for its detail."""
        return _answer(self.kind, self.slug, self.lean["edition"], self.document, texts.dumps(self.extra))

    @property
    def live_body(self) -> str:
        """What the API answers for its detail now; '' if it is not public."""
        if self.live is None:
            return ""
        return _answer(self.kind, self.slug, self.live.number, self.live.document, self.live.evidence)

    @property
    def is_live(self) -> bool:
        """Whether the public sees just this already."""
        return self.live is not None and weaving.content(self.lean, self.extra) == _content(self.live)


def preview(records: Iterable[Curated]) -> list[Proof]:
    """Prints `records` as if they were published now, each with the number and the stamp that it would get.

    What they name and is not public is shown all the same, as its working copy has it, and listed in `missing`. The number
    of queries does not depend on how much a record holds.
    """
    printed = print_records(records)
    unpublished = {one.key: one for one in _unpublished(printed)}
    weave_all(sorted([*unpublished.values(), *printed], key=_depth))
    newest = Edition.objects.select_related("run").newest(one.key for one in printed)
    last = PrintRun.objects.order_by("-stamp").values_list("stamp", flat=True).first() or 0
    return [_proof(one, set(unpublished), newest.get(one.key), last + 1) for one in printed]


def _proof(one: Printed, unpublished: set[Key], newest: Edition | None, stamp: int) -> Proof:
    live = newest if newest and not newest.withdrawn else None
    shown = {(kind, slug) for _, kind, slug in weaving.references([one.lean, one.extra])}
    proof = Proof(one.kind, one.slug, one.lean, one.extra, one.version, one.record, shown & unpublished, live)
    if live and proof.is_live:
        weaving.number(one.lean, live.number, live.run_id)
    else:
        weaving.number(one.lean, newest.number + 1 if newest else 1, stamp)
    return proof


def _answer(kind: str, slug: str, number: int, document: str, evidence: str) -> str:
    return detail.body(kind, slug, number, document, evidence).decode()


def _content(edition: Edition) -> str:
    return weaving.content(json.loads(edition.document), json.loads(edition.evidence))


def _unpublished(printed: list[Printed]) -> Iterator[Printed]:
    """What `printed` and what stands in it name that is not public. Quotes bring their documents, those their publishers."""
    known = {one.key for one in printed}
    fresh = printed
    while fresh:
        named = {key for one in fresh for key in bare_references(one)} - known
        known |= named
        editions = Edition.objects.only("kind", "slug", "withdrawn").newest(named)
        fresh = list(_working_copies(key for key in named if key not in editions or editions[key].withdrawn))
        yield from fresh


def _working_copies(keys: Iterable[Key]) -> Iterator[Printed]:
    slugs: dict[str, set[str]] = {}
    for kind, slug in keys:
        slugs.setdefault(kind if kind in EMBEDDED else "entity", set()).add(slug)
    # An entity is shown in others by its name alone.
    for kind, slug, name in Entity.objects.filter(slug__in=slugs.pop("entity", ())).values_list("kind", "slug", "name"):
        yield Printed(kind, slug, {"kind": kind, "slug": slug, "name": name}, {})
    for kind, wanted in slugs.items():
        yield from print_records(model_of(kind).objects.filter(slug__in=wanted))


def _depth(one: Printed) -> int:
    """Documents stand in quotes, and quotes in all the rest."""
    order = list(EMBEDDED)
    return order.index(one.kind) if one.kind in order else len(order)
