"""Changes of amounts, with notes on what changed and warnings of likely mistakes."""

from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from entities.formatting import (
    format_amount,
    format_partial_date,
    format_range,
)
from entities.history.record_snapshots import FieldValues
from entities.models import Measure, Milestone
from nato_support.desk.records.displayed_differences import DisplayedField
from nato_support.desk.records.referenced_row_labels import RowLabels
from nato_support.desk.records.value_display import EMPTY_VALUE

AMOUNT_FIELDS = Measure.FIELD_GROUPS[0]


def display_amount_change(before: FieldValues | None, after: FieldValues | None, labels: RowLabels) -> DisplayedField:
    """Return both amounts in full, with the difference and a warning if it is a power of ten."""
    displayed = DisplayedField("", (), "amount", _amount_in_full(before, labels), _amount_in_full(after, labels), numeric=True)
    if not (before and after):
        return displayed
    old, new = (Decimal(v["value"]) if v["value"] not in (None, "") else None for v in (before, after))
    units = [v["currency"] or v["unit"] for v in (before, after)]
    if units[0] != units[1] and before["kind"] == after["kind"] == "money":
        displayed.notes.append(f"Different currencies: {units[0]} and {units[1]} are not compared")
    elif units[0] != units[1]:
        displayed.notes.append("Different units: the numbers are not compared")
    elif old is not None and new is not None and old != new:
        percent = [f"{(new - old) / old * 100:+,.1f} %"] if old else []
        change = [f"{(new - old).normalize():+,f} {units[1]}".strip(), *percent]
        displayed.notes.append(", ".join(change).replace("-", "−"))
    if old and new and (factor := _suspected_scale_slip(max(old, new) / min(old, new))):
        more = "more" if new > old else "less"
        displayed.warnings.append(f"Exactly {factor} {more}: a mistake?")
    if (old is None) != (new is None):
        displayed.notes.append("A number was added" if old is None else "The number was removed; that is not zero")
    return displayed


def _suspected_scale_slip(ratio: Decimal) -> str:
    times = {10: "10 times", 100: "100 times", 1_000: "1,000 times (million and billion?)"}
    return (
        times.get(int(ratio), f"{int(ratio):,} times (million and billion?)" if ratio == 1_000_000 else "")
        if ratio == int(ratio)
        else ""
    )


def _amount_in_full(values: FieldValues | None, labels: RowLabels) -> SafeString:
    if values is None:
        return EMPTY_VALUE
    unit = values["currency"] or values["unit"]
    words = format_amount(values["qualifier"], values["value"], values["upper"], unit, exact=True)
    if values["value"] in (None, ""):
        words += " (no number)"
    elif not Decimal(str(values["value"])):
        words += " (zero)"
    details = []
    if values["as_of"]:
        # An interval has a preposition of its own: between, from or by.
        details.append(f"{'' if '/' in values['as_of'] else 'as of '}{format_partial_date(values['as_of'])}")
    if step := values["milestone"]:
        details.append(f"step: {labels.current_label(Milestone, step).text}")
    kind = dict(Measure._meta.get_field("kind").flatchoices)[values["kind"]]
    details += [f"as stated: “{values['as_stated']}”", str(kind)]
    return format_html(
        '<b class="figure">{}</b>{}', words, format_html_join("", '<span class="of">{}</span>', ((detail,) for detail in details))
    )


def amount_change_in_short(before: FieldValues, after: FieldValues) -> str:
    """Return the change of an amount in one line: €1.2 billion → €1.4 billion."""
    units = [v["currency"] or v["unit"] for v in (before, after)]
    bounds = [[v[end] for end in ("value", "upper") if v[end] not in (None, "")] for v in (before, after)]
    sides = [
        format_range(numbers, unit) if numbers else f"no number {unit}".strip()
        for numbers, unit in zip(bounds, units, strict=True)
    ]
    if sides[0] != sides[1]:
        return " → ".join(sides)
    return "reworded" if before["milestone"] == after["milestone"] else "moved to another step"
