"""Read the commitments that a request selects, with their packages, and judge which of them are added up."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from nato_support.api import edition_queries
from nato_support.api.edition_queries import EditionQuery
from nato_support.api.listing import ListRequest
from nato_support.api.predicates import TermIn, TermPredicate
from nato_support.api.problems import ApiProblem
from nato_support.api.sql import Sql, fetch_rows, public_at_release_condition, sql_placeholders
from nato_support.api.totals import inclusion_rules
from nato_support.api.totals.inclusion_rules import CountedPackage, JudgedCommitment
from nato_support.publishing.editions import totals_row
from nato_support.publishing.editions.totals_row import TotalsRow

MAX_COMMITMENTS = 120_000
"""Limit on the commitments added up in one answer."""
_MAX_PACKAGE_LEVELS = 20
"""Limit on the levels of packages followed upwards outside the selected commitments."""
_SLUGS_PER_STATEMENT = 5000


class JudgedSelection(NamedTuple):
    """Judged commitments, and the packages that are counted instead of their parts."""

    judged: list[JudgedCommitment]
    packages: list[CountedPackage]


def judge_selected_commitments(list_request: ListRequest) -> JudgedSelection:
    """Judge every commitment that the filters of a request select.

    Raises a `too-much` problem beyond MAX_COMMITMENTS.
    """
    # The cursor of a page of totals rows says nothing about the commitments to read, nor does their order.
    query = replace(list_request.query, key=None, backwards=False)
    rows_by_edition = _totals_rows_by_edition(
        edition_queries.fetch_result_terms(query, (totals_row.TOTALS_FIELD,), MAX_COMMITMENTS + 1)
    )
    if len(rows_by_edition) > MAX_COMMITMENTS:
        raise ApiProblem("too-much", most=MAX_COMMITMENTS)
    supersessions = inclusion_rules.superseded_commitments(_superseding_relations(query.release))
    outside_packages = _find_packages_outside(rows_by_edition, query.release)
    return JudgedSelection(
        *inclusion_rules.judge_commitments(rows_by_edition, outside_packages, supersessions, requested_natures(list_request))
    )


def requested_natures(list_request: ListRequest) -> frozenset[str]:
    """Natures that are added up under the filters of a request."""
    return inclusion_rules.natures_counted(list_request.values.get("nature", ()))


def _totals_rows_by_edition(terms: Iterable[tuple[int, str, str]]) -> dict[int, TotalsRow]:
    pieces_by_edition: dict[int, tuple[str, ...]] = {}
    for id, _, piece in terms:
        pieces_by_edition[id] = (*pieces_by_edition[id], piece) if id in pieces_by_edition else (piece,)
    return {id: totals_row.join_totals_row(pieces) for id, pieces in pieces_by_edition.items()}


def _superseding_relations(release: int | None) -> list[tuple[str, str, str]]:
    """(type, subject's slug, object's slug) of the relations by which one commitment supersedes another."""
    is_fact = TermPredicate((TermIn("modality", ("planned", "expected", "conditional", "claimed")),), is_negated=True)
    supersedes = TermPredicate((TermIn("type", ("replaces", "restates")),))
    query = EditionQuery(("relation",), (supersedes, is_fact), release=release)
    relations: dict[int, dict[str, str]] = {}
    for id, member, value in edition_queries.fetch_result_terms(query, ("type", "subject", "object"), MAX_COMMITMENTS + 1):
        relations.setdefault(id, {})[member] = value.removeprefix("commitment/")
    if len(relations) > MAX_COMMITMENTS:
        # They are read for the whole register, so that narrower filters do not help.
        raise ApiProblem(
            "too-much",
            f"More than {MAX_COMMITMENTS} commitments replace or restate another: ask about an earlier time with `as_of`.",
            most=MAX_COMMITMENTS,
        )
    return sorted((relation["type"], relation["subject"], relation["object"]) for relation in relations.values())


def _find_packages_outside(rows_by_edition: Mapping[int, TotalsRow], release: int | None) -> dict[str, TotalsRow]:
    """Packages, by slug, that contain selected commitments without being selected themselves."""
    outside: dict[str, TotalsRow] = {}
    if not any(row.package for row in rows_by_edition.values()):
        return outside
    selected = {row.slug: row for row in rows_by_edition.values()}
    missing = inclusion_rules.packages_outside(selected.values(), selected)
    for _ in range(_MAX_PACKAGE_LEVELS):
        if not missing:
            break
        level = {row.slug: row for row in _totals_rows_by_slug(sorted(missing), release)}
        outside |= level
        missing = inclusion_rules.packages_outside(level.values(), selected | outside)
    return outside


def _totals_rows_by_slug(slugs: list[str], release: int | None) -> Iterable[TotalsRow]:
    select = Sql(
        "SELECT e.id, t.field, t.value FROM publishing_edition e JOIN publishing_editionterm t ON t.edition_id = e.id"
        f" AND t.field = '{totals_row.TOTALS_FIELD}' WHERE "
    )
    for start in range(0, len(slugs), _SLUGS_PER_STATEMENT):
        chunk = slugs[start : start + _SLUGS_PER_STATEMENT]
        condition = Sql(f"e.kind = 'commitment' AND e.slug IN ({sql_placeholders(chunk)}) AND ", tuple(chunk))
        yield from _totals_rows_by_edition(fetch_rows(select + condition + public_at_release_condition("e", release))).values()
