"""Form field for one of several statements."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminSelectWidget

from entities.models import Entity, Relation
from nato_support.desk.evidence.value_wording import NO_NAMES, statement_label
from sources.evidence.statement_comparison import Statement

NONE_LABEL = "none of them"


class StatementChoiceField(forms.TypedChoiceField):
    """One of the statements on a field, or none. Its cleaned value is a statement as resolutions store it, or None."""

    def __init__(self, **kwargs):
        own = {"coerce": _statement_of_token, "empty_value": None, "required": False, "choices": [("", NONE_LABEL)]}
        super().__init__(**own | {"widget": UnfoldAdminSelectWidget} | kwargs)

    def offer(
        self,
        target: Entity | Relation,
        field: str,
        statements: Iterable[Statement],
        names: Mapping[str, str] = NO_NAMES,
    ) -> None:
        """Offer these statements on `field` of `target`, and none of them."""
        labels = [(_token(statement), statement_label(target, field, statement, names)) for statement in statements]
        self.choices = [("", NONE_LABEL), *labels]

    def prepare_value(self, value: Any) -> Any:
        return _token(Statement.from_json(value)) if isinstance(value, dict) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.prepare_value(initial) or "") != (data or "")


def _token(statement: Statement) -> str:
    return f"{statement.polarity}:{statement.value}"


def _statement_of_token(token: str) -> dict[str, str]:
    polarity, _, value = token.partition(":")
    return Statement(value, polarity).as_json()
