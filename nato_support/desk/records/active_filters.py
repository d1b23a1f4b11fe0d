"""Filters in force on a list, each with a link that removes it."""

from django.db.models import Model


def active_filters(request, changelist) -> list[dict[str, str]]:
    """Return the filters in force: their title, the label of their value, and the query of the list without them."""
    active = []
    for spec in changelist.filter_specs:
        names = [name for name in spec.expected_parameters() if changelist.filter_params.get(name)]
        if not names:
            continue
        raw = changelist.filter_params[names[0]]
        value = str(raw[-1] if isinstance(raw, list) else raw)
        query = request.GET.copy()
        for name in [*names, "p", "e"]:
            query.pop(name, None)
        active.append({"title": str(spec.title), "value": _value_label(spec, value), "query": f"?{query.urlencode()}"})
    return active


def _value_label(spec, value: str) -> str:
    """Return the label of the option, or the name of the row, that a filter has chosen; else what was typed."""
    field = getattr(spec, "field", None)
    if field is not None and field.remote_field:
        related: type[Model] = field.remote_field.model
        row = related._default_manager.filter(pk=value).first() if value.isdecimal() else None
        return str(row) if row else value
    options = dict(getattr(spec, "lookup_choices", None) or getattr(field, "flatchoices", None) or ())
    return str(options.get(value, value))
