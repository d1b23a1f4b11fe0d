"""Write groups, sums and packages as JSON members, with the names of their records and addresses of the rows behind them."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from entities.numbers import decimal_text
from entities.serializers import record_path
from entities.vocabulary import Stage
from nato_support.api import edition_queries
from nato_support.api.collections import COLLECTIONS
from nato_support.api.listing import ListRequest
from nato_support.api.totals.inclusion_rules import EXCLUSION_REASONS, AmountSum, CountedPackage, JudgedCommitment
from nato_support.api.totals.totals_grouping import GroupKey, GroupTotal, RunningSum

MAX_SUMS = 100
"""Limit on the sums of one group."""
NULL_GROUP = "-"
"""Part of the `group` parameter that stands for a null key."""
_COMMITMENTS_PATH = COLLECTIONS["commitments"].path
_NON_FILTER_PARAMETERS = frozenset({"by", "group", "standing", "as_of", "page_size", "cursor"})
"""Parameters that select no commitments."""


class _PendingReference(NamedTuple):
    """Placeholder of a record whose name is looked up once the whole answer is written."""

    kind: str
    slug: str


class TotalsPresenter:
    """Writes the members of an answer. Records are named as the commitments themselves name them."""

    def __init__(self, list_request: ListRequest, judged: Sequence[JudgedCommitment]):
        self._list_request = list_request
        self._judged = judged
        self._pending: dict[_PendingReference, None] = {}

    def group_members(self, by: tuple[str, ...], key: GroupKey, total: GroupTotal) -> dict[str, Any]:
        """Members of one group."""
        group = ",".join(part or NULL_GROUP for part in key)
        return {
            "key": {name: self._key_part(name, part) for name, part in zip(by, key, strict=True)},
            "matched": total.matched,
            "rows": totals_rows_url(self._list_request, by=",".join(by), group=group),
            "included": {"count": total.included, **self.sums_members(total)},
            "left_out": [{"reason": reason, "count": count} for reason, count in counts_by_reason(total.left_out)],
        }

    def sums_members(self, total: GroupTotal) -> dict[str, Any]:
        """`sums`, those of most commitments first, `ladder`, and `is_truncated`."""
        ordered = sorted(total.sums.items(), key=lambda item: (-item[1].commitments, [part or "" for part in item[0]]))
        sums = [
            {
                "beneficiary": self._register_reference("organisation", beneficiary),
                "kind": kind,
                "currency": unit if kind == "money" else None,
                "unit": unit or None if kind != "money" else None,
                **_running_sum_members(running),
                "qualifiers": dict(sorted(running.qualifiers.items())),
            }
            for (beneficiary, kind, unit), running in ordered[:MAX_SUMS]
        ]
        ladder = self._ladder_members(total)
        is_truncated = len(ordered) > len(sums) or len(ladder) > MAX_SUMS
        return {"sums": sums, "ladder": ladder[:MAX_SUMS], "is_truncated": is_truncated}

    def _ladder_members(self, total: GroupTotal) -> list[dict[str, Any]]:
        """The amounts promised and those of each stage side by side, for each beneficiary and unit of which a step states any."""
        ladder = []
        for beneficiary, kind, unit in sorted({key[:3] for key in total.steps}):
            promised = total.sums.get((beneficiary, kind, unit))
            rungs = [{"stage": None, **_running_sum_members(promised)}] if promised else []
            rungs += [
                {"stage": stage, **_running_sum_members(total.steps[beneficiary, kind, unit, stage])}
                for stage in Stage.values
                if (beneficiary, kind, unit, stage) in total.steps
            ]
            ladder.append(
                {
                    "beneficiary": self._register_reference("organisation", beneficiary),
                    "kind": kind,
                    "currency": unit if kind == "money" else None,
                    "unit": unit or None if kind != "money" else None,
                    "rungs": rungs,
                }
            )
        return ladder

    def package_members(self, package: CountedPackage) -> dict[str, Any]:
        """Members of one package that is counted instead of its parts."""
        kind, unit = package.key
        return {
            "package": self._register_reference("commitment", package.slug),
            "kind": kind,
            "currency": unit if kind == "money" else None,
            "unit": unit or None if kind != "money" else None,
            "stated": _amount_members(package.stated),
            "parts": {"commitments": package.part_count, **_amount_members(package.parts)},
            "parts_compared": package.parts_compared,
        }

    def fill_in_references(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return `body` with each placeholder replaced by a reference to its record."""
        return _replace_placeholders(body, self._look_up_references())

    def _key_part(self, name: str, part: str | None) -> _PendingReference | str | None:
        return self._register_reference("organisation", part) if name in ("party", "beneficiary") else part

    def _register_reference(self, kind: str, slug: str | None) -> _PendingReference | None:
        if not slug:
            return None
        reference = _PendingReference(kind, slug)
        self._pending[reference] = None
        return reference

    def _look_up_references(self) -> dict[_PendingReference, dict]:
        """Read each pending reference from a commitment that has it."""
        editions: dict[int, None] = {}
        missing = set(self._pending)
        for judged in self._judged:
            if not missing:
                break
            row = judged.totals_row
            named = {_PendingReference("organisation", slug) for slug in (*row.givers, row.beneficiary) if slug}
            named.add(_PendingReference("commitment", row.slug))
            if named & missing:
                missing -= named
                editions[judged.id] = None
        references: dict[_PendingReference, dict] = {}
        for document in map(json.loads, edition_queries.documents_by_edition(editions).values()):
            for record in (document, document["beneficiary"], *document["committed_by"]):
                if record:
                    references[_PendingReference(record["kind"], record["slug"])] = {
                        "kind": record["kind"],
                        "slug": record["slug"],
                        "name": record["name"],
                        "href": record_path(record["kind"], record["slug"]),
                    }
        return references


def counts_by_reason(left_out: Counter[str]) -> list[tuple[str, int]]:
    """(reason, number of commitments left out for it), in the order in which reasons apply."""
    return [(reason, left_out[reason]) for reason in EXCLUSION_REASONS if left_out[reason]]


def commitments_list_url(list_request: ListRequest) -> str:
    """Address of the list of all commitments that the filters select."""
    return _filtered_url(_COMMITMENTS_PATH, list_request, {})


def totals_rows_url(list_request: ListRequest, **parameters: str) -> str:
    """Address of the rows behind a number of the answer."""
    return _filtered_url(f"{_COMMITMENTS_PATH}totals/rows/", list_request, parameters)


def _filtered_url(path: str, list_request: ListRequest, parameters: Mapping[str, str]) -> str:
    """`path` with the filters of the request and further parameters, as of the release shown."""
    pairs = [pair for pair in list_request.pairs if pair[0] not in _NON_FILTER_PARAMETERS]
    # Full text is searched in the newest release only.
    if list_request.release and not list_request.query.full_text:
        pairs.append(("as_of", f"release:{list_request.release}"))
    pairs += parameters.items()
    return f"{path}?{urlencode(pairs, safe=':,/')}" if pairs else path


def _running_sum_members(running: RunningSum) -> dict[str, Any]:
    return {
        "low": decimal_text(running.low),
        "high": decimal_text(running.high),
        "is_open_ended": running.is_open,
        "commitments": running.commitments,
    }


def _amount_members(amount_sum: AmountSum) -> dict[str, Any]:
    low, high = decimal_text(amount_sum.low), decimal_text(amount_sum.high)
    return {"low": low, "high": high, "is_open_ended": amount_sum.is_open}


def _replace_placeholders(value: Any, references: Mapping[_PendingReference, dict]) -> Any:
    if isinstance(value, _PendingReference):
        return references[value]
    if isinstance(value, dict):
        return {member: _replace_placeholders(inner, references) for member, inner in value.items()}
    return [_replace_placeholders(inner, references) for inner in value] if isinstance(value, list) else value
