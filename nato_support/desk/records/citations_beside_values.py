"""Citations in a difference, each beside the value that it is about."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from django.db import models

from entities.formatting import cited_field_label, cited_value_label, stated_text
from entities.history.record_snapshots import ChildRow, RecordDifference, RowChange
from nato_support.desk.records.cited_passages import (
    document_in_short,
    passage_with_marked_words,
    quote_particulars,
    words_around_marked_words,
)
from nato_support.desk.records.displayed_differences import ADDED, CHANGED, REMOVED, DisplayedCitation, DisplayedField
from nato_support.desk.records.referenced_row_labels import RowLabels
from sources.models import SourceQuote

NO_DOCUMENTS: Mapping[int, int] = MappingProxyType({})


def is_citation_model(model: type[models.Model]) -> bool:
    """Return whether rows of `model` state a value of a field, in the words of a quote."""
    return {"field", "value", "quote"} <= {column.name for column in model._meta.concrete_fields}


def row_action(change: RowChange) -> str:
    """Return whether a row was added, removed or changed."""
    return ADDED if change.before is None else REMOVED if change.after is None else CHANGED


def kind_of_record_in(difference: RecordDifference) -> str:
    """Return the kind of the record that `difference` is about."""
    return getattr(difference.after.model, "KIND", "") or str(difference.after.model._meta.model_name)


def documents_of_cited_quotes(differences: Iterable[RecordDifference]) -> dict[int, int]:
    """Return the key of the document of each quote whose citations differ, by the key of the quote; takes one query at most."""
    quotes = {
        change.row.values["quote"]
        for difference in differences
        for change in difference.rows
        if is_citation_model(change.row.model)
    }
    return dict(SourceQuote.objects.order_by().filter(pk__in=quotes).values_list("pk", "document_id")) if quotes else {}


def count_sources_by_action(changes: Iterable[RowChange], documents: Mapping[int, int]) -> dict[str, int]:
    """Return the number of documents that the citations added, removed and changed are from; left out where one is unknown."""
    cited: dict[str, set[int | None]] = {}
    for change in changes:
        if is_citation_model(change.row.model):
            cited.setdefault(row_action(change), set()).add(documents.get(change.row.values["quote"]))
    return {action: len(keys) for action, keys in cited.items() if None not in keys}


def citation_label(row: ChildRow, kind: str, labels: RowLabels) -> str:
    """Return field and value that a citation states, in words: "Nature: pledge"."""
    value = cited_value_label(kind, row.values["field"], row.values["value"], names=labels.stated_names)
    return f"{cited_field_label(row.values['field'])}: {stated_text(value, row.values['polarity'])}"


def display_citation(row: ChildRow, action: str, kind: str, labels: RowLabels) -> DisplayedCitation:
    """Return a citation of a record of `kind` for display, with the whole passage of its quote as it is now."""
    values = row.values
    label = labels.current_label(SourceQuote, values["quote"])
    quote = label.row if isinstance(label.row, SourceQuote) else None
    passage = quote.exact if quote else label.text
    return DisplayedCitation(
        row.address,
        action,
        str(dict(row.model._meta.get_field("polarity").flatchoices)[values["polarity"]]),
        cited_value_label(kind, values["field"], values["value"], names=labels.stated_names),
        passage,
        ", ".join(label.details),
        label.url,
        field_label=cited_field_label(values["field"]),
        passage=passage_with_marked_words(passage, values["as_stated"]),
        excerpt=words_around_marked_words(passage, values["as_stated"]),
        as_stated=values["as_stated"],
        note=values["note"],
        quote_key=values["quote"],
        particulars=quote_particulars(quote) if quote else [],
        document=document_in_short(quote.document) if quote else "",
        document_title=quote.document.title if quote else "",
    )


def attach_citations(
    difference: RecordDifference, fields: list[DisplayedField], groups, labels: RowLabels, may_see_model
) -> set[str]:
    """Put each citation beside the value that it is about, if that is shown; return the addresses of those placed."""
    placed: set[str] = set()
    kind = kind_of_record_in(difference)
    actions = {change.row.address: row_action(change) for change in difference.rows}
    citations_by_target: dict[str, list] = {item.address: item.sources for item in fields}
    citations_by_target |= {address: item.sources for item in fields for address in item.addresses}
    for child_model, rows in groups.items():
        name = next(
            (child_model._meta.get_field(whole).remote_field.related_name or "" for whole in child_model.PARENT_FIELDS), ""
        )
        for row in rows:
            values = (difference.after.rows.get(row.address) or difference.before.rows[row.address]).values
            citations_by_target[f"{name}.{values.get('key') or values.get('text')}"] = row.sources
    for address, row in ({**difference.before.rows, **difference.after.rows}).items():
        if not (is_citation_model(row.model) and may_see_model(row.model)):
            continue
        field_name = row.values["field"]
        target = citations_by_target.get(f"names.{row.values['value']}" if field_name == "names" else field_name)
        if target is None:
            continue
        placed.add(address)
        target.append(display_citation(row, actions.get(address, ""), kind, labels))
    return placed
