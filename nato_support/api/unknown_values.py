"""Values of filters that name nothing public: `unknown` of `meta`, with the reason of each and with what may be meant.

A value that alone found something is known, so most requests look up nothing. Suggestions are made for a few unknown values, each
at a bounded cost.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from entities.serializers import ENTITY_KINDS, PLURALS, record_path
from nato_support.api import name_search, record_queries, spelt_alike
from nato_support.api.parameters import Lookup, Parameter, QueryPairs
from nato_support.api.problems import ApiProblem
from nato_support.api.record_names import names_of_records
from nato_support.api.record_queries import RecordState
from nato_support.api.sql import Sql, fetch_rows, join_sql, public_at_release_condition

NOTHING_PUBLIC, OTHER_KIND, MERGED, WITHDRAWN, NOT_THEN = "nothing_public", "other_kind", "merged", "withdrawn", "not_then"
UNKNOWN_REASONS = {
    NOTHING_PUBLIC: "no public record has it",
    OTHER_KIND: "only records of other kinds have it: see kinds",
    MERGED: "the record was merged into another",
    WITHDRAWN: "the record was withdrawn",
    NOT_THEN: "it is public now, and was not at the release shown",
}
"""Reason -> its explanation."""
MAX_VALUES_COMPARED = 5
"""Most unknown values of a request for which others are sought that are spelt alike."""
MAX_SUGGESTIONS = 5

States = Mapping[str, RecordState]
"""Reference kind/slug -> state of the record."""


class AskedValue(NamedTuple):
    """Value of a filter that is looked up."""

    parameter: Parameter
    text: str
    """As it was asked."""
    meanings: tuple[str, ...]
    """As the filter parsed it; for a slug, kind/slug for each kind that it may be of."""

    @property
    def slug(self) -> str:
        """Slug of the record that it names, if it names one."""
        return self.meanings[0].partition("/")[2]


class LookupScope(NamedTuple):
    """What values are looked up for: a list of `kinds` with the filters `parameters`, now or at a release."""

    kinds: tuple[str, ...]
    parameters: Mapping[str, Parameter]
    release: int | None

    def lookup_of(self, asked: AskedValue) -> Lookup:
        """Return where a value is looked up: in records of the list's kinds, if its filter does not say in which."""
        assert asked.parameter.lookup is not None
        return asked.parameter.lookup._replace(kinds=asked.parameter.lookup.kinds or self.kinds)


@dataclass(slots=True)
class _UnknownValue:
    """Value that names nothing public."""

    asked: AskedValue
    reason: str
    kinds: tuple[str, ...]
    """Other kinds of which records have it."""
    suggestions: list[dict[str, Any]]

    def members(self) -> dict[str, Any]:
        """Return its members in the answer."""
        members: dict[str, Any] = {"parameter": self.asked.parameter.name, "value": self.asked.text, "reason": self.reason}
        if self.reason == OTHER_KIND:
            members["kinds"] = list(self.kinds)
        return members | {"suggestions": self.suggestions[:MAX_SUGGESTIONS]}


def values_to_look_up(parameters: Mapping[str, Parameter], pairs: QueryPairs, *, found_nothing: bool) -> list[AskedValue]:
    """Return the values of a request that may name nothing: all, or if something was found, those beside others."""
    values_by_parameter: dict[str, dict[str, AskedValue]] = {}
    for name, text in pairs:
        parameter = parameters[name]
        if parameter.lookup:
            for part in text.split(",") if parameter.is_comma_separated else [text]:
                values_by_parameter.setdefault(name, {})[part] = AskedValue(parameter, part, parameter.parse(part))
    values = (values for values in values_by_parameter.values() if found_nothing or len(values) > 1)
    return [asked for of_parameter in values for asked in of_parameter.values()]


def references_of_values(asked_values: Iterable[AskedValue]) -> set[str]:
    """Return the references kind/slug that values may name."""
    return {reference for asked in asked_values if asked.parameter.reference for reference in asked.meanings}


def unknown_members(asked_values: Sequence[AskedValue], states: States, scope: LookupScope) -> list[dict[str, Any]]:
    """Return the members of `unknown`: each value that names nothing public. `states` has the records that the values name."""
    slugs = [
        asked
        for asked in asked_values
        if asked.parameter.reference and not any(_is_public(states, reference) for reference in asked.meanings)
    ]
    literals = _without_term([asked for asked in asked_values if not asked.parameter.reference], scope)
    unknown = [*_describe_unknown_slugs(slugs, scope), *_describe_unknown_literals(literals, scope)]
    for value in [value for value in unknown if not value.suggestions][:MAX_VALUES_COMPARED]:
        value.suggestions = _suggest_spelt_alike(value.asked, scope)
    return [value.members() for value in unknown]


def _is_public(states: States, reference: str) -> bool:
    return reference in states and states[reference].is_public


def _describe_unknown_slugs(unknown: Sequence[AskedValue], scope: LookupScope) -> list[_UnknownValue]:
    """Tell why slugs name nothing public, and suggest the records that they were merged into, or those of other kinds."""
    if not unknown:
        return []
    of_any_kind = [f"{kind}/{asked.slug}" for asked in unknown for kind in PLURALS]
    states_now = record_queries.record_states(of_any_kind)
    states = record_queries.record_states(of_any_kind, scope.release) if scope.release else states_now
    described = []
    for asked in unknown:
        if survivors := _survivors(asked.meanings, states, scope):
            described.append(_UnknownValue(asked, MERGED, (), _suggest_records(survivors, scope, asked.parameter)))
            continue
        others = [reference for kind in PLURALS if (reference := f"{kind}/{asked.slug}") not in asked.meanings]
        others = [*(other for other in others if _is_public(states, other)), *_survivors(others, states, scope)]
        kinds = tuple(dict.fromkeys(reference.partition("/")[0] for reference in others))
        if any(_is_public(states_now, reference) for reference in asked.meanings):
            reason = NOT_THEN
        elif any(reference in states_now for reference in asked.meanings):
            reason = WITHDRAWN
        else:
            reason = OTHER_KIND if kinds else NOTHING_PUBLIC
        described.append(_UnknownValue(asked, reason, kinds, _suggest_records(others, scope)))
    return described


def _survivors(references: Iterable[str], states: States, scope: LookupScope) -> list[str]:
    """Return the references of the public records that those of `references` which were merged were merged into."""
    survivors = []
    for reference in references:
        if reference in states and states[reference].moved_to:
            kind, _, slug = reference.partition("/")
            try:
                survivors.append(f"{kind}/{record_queries.find_survivor(kind, slug, scope.release)}")
            except ApiProblem:
                # It was withdrawn since.
                continue
    return survivors


def _suggest_records(references: Sequence[str], scope: LookupScope, taker: Parameter | None = None) -> list[dict[str, Any]]:
    """Suggest records for the filter `taker`, or else for each that takes their kind; for none, if there is none."""
    if not references:
        return []
    names = names_of_records(references, scope.release)
    suggestions: list[dict[str, Any]] = []
    for reference in references:
        if (name := names.get(reference)) is None:
            continue
        kind, _, slug = reference.partition("/")
        record = {"name": name, "href": record_path(kind, slug)}
        takers = [taker] if taker else _filters_by_record(kind, scope)
        for parameter in takers:
            suggestions.append({"parameter": parameter.name, "value": parameter.shortest_reference(reference)} | record)
        if not takers:
            suggestions.append({"parameter": None, "value": slug} | record)
    return suggestions


def _filters_by_record(kind: str, scope: LookupScope) -> list[Parameter]:
    """Return the filters by which a list is narrowed to what has to do with a record of this kind."""
    return [
        parameter
        for parameter in scope.parameters.values()
        if parameter.lookup and parameter.reference and parameter.name != "slug" and kind in parameter.lookup.kinds
    ]


def _without_term(literals: Sequence[AskedValue], scope: LookupScope) -> list[AskedValue]:
    """Return those that stand in no term of a public record, and are no words known without one."""
    wordless = [asked for asked in literals if asked.meanings[0] not in scope.lookup_of(asked).known_words(scope.kinds)]
    found = _kinds_with_values([(asked.meanings[0], scope.lookup_of(asked)) for asked in wordless], scope.release)
    return [asked for asked, kinds in zip(wordless, found, strict=True) if not kinds]


def _describe_unknown_literals(unknown: Sequence[AskedValue], scope: LookupScope) -> list[_UnknownValue]:
    """Tell why literals name nothing public, and suggest the filters of the list that look for them in other kinds."""
    if not unknown:
        return []
    lookups = [(asked.meanings[0], scope.lookup_of(asked)) for asked in unknown]
    kinds_now = _kinds_with_values(lookups, None) if scope.release else [set[str]() for _ in unknown]
    of_any_kind = [(value, lookup._replace(kinds=tuple(PLURALS))) for value, lookup in lookups]
    described = []
    for asked, own_kinds, kinds in zip(unknown, kinds_now, _kinds_with_values(of_any_kind, scope.release), strict=True):
        reason = NOT_THEN if own_kinds else OTHER_KIND if kinds else NOTHING_PUBLIC
        fields = scope.lookup_of(asked).term_fields
        suggestions = [
            _literal_suggestion(parameter, asked.text)
            for parameter in scope.parameters.values()
            if parameter.lookup and parameter.lookup.term_fields == fields and kinds & {*parameter.lookup.kinds}
        ]
        described.append(_UnknownValue(asked, reason, tuple(kind for kind in PLURALS if kind in kinds), suggestions))
    return described


def _literal_suggestion(parameter: Parameter, value: str) -> dict[str, Any]:
    return {"parameter": parameter.name, "value": value, "name": None, "href": None}


def _suggest_spelt_alike(asked: AskedValue, scope: LookupScope) -> list[dict[str, Any]]:
    """Suggest what is spelt like a value, for the same filter."""
    if asked.parameter.reference:
        kinds = tuple(dict.fromkeys(reference.partition("/")[0] for reference in asked.meanings))
        alike = spelt_alike.records_spelt_alike(asked.slug, kinds, scope.release)
        return _suggest_records([record.reference for record in alike], scope, asked.parameter)
    lookup, text = scope.lookup_of(asked), asked.meanings[0]
    if lookup.term_fields == ("name",) and (kinds := tuple(kind for kind in lookup.kinds if kind in ENTITY_KINDS)):
        return _suggest_names(asked, kinds, scope)
    words = lookup.known_words(scope.kinds)
    if lookup.likely_values:
        candidates = sorted(lookup.likely_values(text))
    else:
        candidates = spelt_alike.most_alike(text, spelt_alike.neighbouring_values(text, lookup.term_fields) | words)
    candidates = candidates[: spelt_alike.NEIGHBOURS_COMPARED]
    found = _kinds_with_values([(value, lookup) for value in candidates], scope.release)
    known = [value for value, kinds in zip(candidates, found, strict=True) if kinds or value in words]
    return [_literal_suggestion(asked.parameter, value) for value in known[: spelt_alike.MAX_ALIKE]]


def _suggest_names(asked: AskedValue, kinds: Sequence[str], scope: LookupScope) -> list[dict[str, Any]]:
    """Suggest names, each with the record that has it."""
    candidates = name_search.find_name_candidates(asked.text, kinds, spelt_alike.MAX_ALIKE)
    alike = {
        f"{candidate.kind}/{candidate.slug}": candidate for candidate in candidates if candidate.score >= spelt_alike.MIN_LIKENESS
    }
    names = names_of_records(alike, scope.release)
    return [
        _literal_suggestion(asked.parameter, candidate.name)
        | {"name": names[reference], "href": record_path(candidate.kind, candidate.slug)}
        for reference, candidate in alike.items()
        if reference in names
    ]


def _kinds_with_values(values: Sequence[tuple[str, Lookup]], release: int | None) -> list[set[str]]:
    """Return, for each value, the kinds of the public records that have it in one of the fields of its lookup."""
    found: list[set[str]] = [set() for _ in values]
    rows = [
        (place, term_field, value, kind)
        for place, (value, lookup) in enumerate(values)
        for term_field in lookup.term_fields
        for kind in lookup.kinds
    ]
    if not rows:
        return found
    sql = (
        Sql("WITH asked (place, field, value, kind) AS (VALUES ")
        + join_sql(", ", (Sql("(%s, %s, %s, %s)", row) for row in rows))
        + Sql(
            ") SELECT asked.place, asked.kind FROM asked WHERE EXISTS (SELECT 1 FROM publishing_editionterm x"
            " CROSS JOIN publishing_edition e WHERE x.field = asked.field AND x.value = asked.value AND x.kind = asked.kind"
            " AND e.id = x.edition_id AND "
        )
        + public_at_release_condition("e", release)
        # With an OFFSET, PostgreSQL looks up one value at a time; without, it may read all terms.
        + Sql(" LIMIT 1 OFFSET 0)")
    )
    for place, kind in fetch_rows(sql):
        found[place].add(kind)
    return found
