"""Reasons against publishing as editors read them: each record that a reason tells of by its name, with a link to its form."""

import re
from collections.abc import Iterable, Mapping

from django.db.models import QuerySet
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from entities.citable_fields import CITABLE_FIELDS
from entities.formatting import cited_field_label
from entities.models import Curated
from nato_support.desk.evidence.value_wording import names_of_stated_slugs
from nato_support.desk.review.record_tokens_and_review_urls import record_form_url
from nato_support.publishing.rendering import PUBLIC_KINDS, PublicKey, model_for_kind

_KINDS = {kind: kind for kind in PUBLIC_KINDS} | {model_for_kind(kind)._meta.model_name: kind for kind in ("quote", "document")}
_SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_RECORD = re.compile(rf"(?<![\w-])({'|'.join(_KINDS)}) ({_SLUG})(?![\w-])")
_FIELD = re.compile(rf"({'|'.join(PUBLIC_KINDS)}) {_SLUG}: (?P<label>.+?) (?:is|lacks) ")
_VALUE = re.compile(r"(?<=“)[^”]+(?=”)")
_SHARED_REASON = re.compile(rf"quote {_SLUG} (?P<reason>would .+)")
"""A reason that each quote of a document has: it is given once, for all of them."""
_LONGEST_NAME = 60


def problems_with_record_names(problems: Iterable[object]) -> list[SafeString]:
    """Return the problems as HTML: names with links for kinds and public ids, reasons that quotes share given once."""
    sentences = _join_shared_reasons(str(problem) for problem in problems)
    values = {sentence: _stated_values(sentence) for sentence in sentences}
    names = names_of_stated_slugs(fact for facts in values.values() for fact in facts)
    records = _records_named((_KINDS[kind], slug) for sentence in sentences for kind, slug in _RECORD.findall(sentence))
    return [_with_names(sentence, records, names if values[sentence] else {}) for sentence in sentences]


def _join_shared_reasons(problems: Iterable[str]) -> list[str]:
    sharing: dict[str, list[str]] = {}
    for problem in problems:
        match = _SHARED_REASON.fullmatch(problem)
        key = match["reason"] if match else problem
        sharing.setdefault(key, []).append(problem.removesuffix(f" {key}") if match else "")
    return [f"{', '.join(quotes)} {reason}" if any(quotes) else reason for reason, quotes in sharing.items()]


def _stated_values(sentence: str) -> list[tuple[str, str, str]]:
    """Return the values that a sentence quotes, as facts of its record: kind, field and value."""
    match = _FIELD.match(sentence)
    if match is None:
        return []
    fields = {cited_field_label(field): field for field in CITABLE_FIELDS.get(match[1], {})}
    field = fields.get(match["label"])
    return [(match[1], field, value) for value in _VALUE.findall(sentence)] if field else []


def _records_named(keys: Iterable[PublicKey]) -> dict[PublicKey, Curated]:
    slugs_by_kind: dict[str, set[str]] = {}
    for kind, slug in keys:
        slugs_by_kind.setdefault(kind, set()).add(slug)
    return {
        (kind, record.slug): record
        for kind, slugs in slugs_by_kind.items()
        for record in _rows_to_name(kind).filter(slug__in=slugs)
    }


def _rows_to_name(kind: str) -> QuerySet:
    rows = model_for_kind(kind).objects.all()
    return rows.select_related("type", "subject", "object") if kind == "relation" else rows


def _with_names(sentence: str, records: Mapping[PublicKey, Curated], names: Mapping[str, str]) -> SafeString:
    sentence = _VALUE.sub(lambda match: names.get(match[0], match[0]), sentence)
    parts, end = [], 0
    for match in _RECORD.finditer(sentence):
        record = records.get((_KINDS[match[1]], match[2]))
        if record is not None:
            parts += [conditional_escape(sentence[end : match.start()]), _link(_KINDS[match[1]], record)]
            end = match.end()
    return mark_safe("".join([*parts, conditional_escape(sentence[end:])]))  # noqa: S308 - every piece is escaped


def _link(kind: str, record: Curated) -> SafeString:
    name = str(record)
    name = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…"
    return format_html('{} <a href="{}">{}</a>', kind, record_form_url(record), f"“{name}”" if kind == "quote" else name)
