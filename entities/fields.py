"""Model fields whose rules are also enforced in the database, where loaddata, bulk writes and SQL cannot skip them.

Each adds a CHECK to its column (`db_check`), and the same rule as a validator with a readable message.
"""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.db.models import Func

from entities.countries import COUNTRIES
from entities.dates import PartialDate
from entities.numbers import parse_decimal
from entities.typed_values import read_typed_date

# First and last character of each range. C0 and C1 controls but NUL, tab and line ends; the bidirectional controls, which
# can make a text read as another.
_CONTROL_RANGES = [
    (0x01, 0x08),
    (0x0B, 0x0C),
    (0x0E, 0x1F),
    (0x7F, 0x9F),
    (0x061C, 0x061C),
    (0x200E, 0x200F),
    (0x202A, 0x202E),
    (0x2066, 0x2069),
]
_LINE_END_RANGES = [(0x09, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029)]


def _regex_character_ranges(ranges: list[tuple[int, int]]) -> str:
    """Write the ranges for a character class that Python and PostgreSQL both understand."""
    return "".join(rf"\u{first:04x}-\u{last:04x}" for first, last in ranges)


validate_no_controls = RegexValidator(
    rf"[\x00{_regex_character_ranges(_CONTROL_RANGES)}]",
    "Contains a control character (NUL, or one that turns the reading direction); remove it.",
    code="control_character",
    inverse_match=True,
)
validate_single_line = RegexValidator(
    f"[{_regex_character_ranges(_LINE_END_RANGES)}]", "Must be a single line.", code="line_end", inverse_match=True
)


def strip_control_characters(text: str) -> str:
    """Remove control characters from typed or pasted text: they are invisible, so nobody could remove them by hand."""
    return re.sub(validate_no_controls.regex, "", text.replace("\r\n", "\n")).strip()


def _lacks_characters_sql(column: str, vendor: str, ranges: list[tuple[int, int]]) -> str:
    """Return SQL that is true if the column contains neither NUL nor a character of the ranges."""
    if vendor == "postgresql":
        return f"{column} !~ '[{_regex_character_ranges(ranges)}]'"
    # Built with char(), so that the schema contains no invisible characters.
    codes = ", ".join(f"{first}, 45, {last}" for first, last in ranges)
    return f"{column} NOT GLOB char(42, 91, {codes}, 93, 42) AND {_lacks_nul_sql(column)}"


def _lacks_nul_sql(column: str) -> str:
    """Return SQL for SQLite, whose text functions stop at a NUL; PostgreSQL cannot store one."""
    return f"instr(CAST({column} AS BLOB), x'00') = 0"


class _CheckedField(models.Field):
    """Field with `check_sql(quoted column, vendor)` as the column's CHECK; unless `blank`, empty text is refused too."""

    # Both are part of the CHECK, so changing them alters the column.
    non_db_attrs = tuple(name for name in models.Field.non_db_attrs if name not in ("choices", "blank"))

    def check_sql(self, column: str, vendor: str) -> str:
        raise NotImplementedError

    def db_check(self, connection):
        column = connection.ops.quote_name(self.column)
        check = self.check_sql(column, connection.vendor)
        return check if self.blank else f"({check}) AND {column} <> ''"


class LineField(_CheckedField, models.CharField):
    """Line of text without control characters, at most `max_length` characters."""

    default_validators = [validate_no_controls, validate_single_line]

    def check_sql(self, column, vendor):
        clean = _lacks_characters_sql(column, vendor, _CONTROL_RANGES + _LINE_END_RANGES)
        return f"length({column}) <= {self.max_length} AND {clean}"


class ProseField(_CheckedField, models.TextField):
    """Text of any length without control characters; line ends are allowed."""

    default_validators = [validate_no_controls]

    def check_sql(self, column, vendor):
        return _lacks_characters_sql(column, vendor, _CONTROL_RANGES)


class ChoiceField(_CheckedField, models.CharField):
    """Value of a closed vocabulary; `blank=True` allows the empty string."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 24)
        super().__init__(*args, **kwargs)

    def check_sql(self, column, vendor):
        values = [value for value, _ in self.flatchoices] + ([""] if self.blank else [])
        return f"{column} IN ({', '.join(repr(value) for value in values)})"

    def validate(self, value, model_instance):
        super().validate(value, model_instance)
        # Django skips the choices of non-editable fields, but a fixture may still set them.
        values = [choice for choice, _ in self.flatchoices]
        if value and value not in values:
            raise ValidationError(f"“{value}” is none of {', '.join(values)}.", code="invalid_choice")


class NumberFormField(forms.DecimalField):
    """Form field for a decimal number in the format of `parse_decimal`."""

    def to_python(self, value):
        _check_number(value)
        return super().to_python(value)


class NumberField(models.DecimalField):
    """Decimal number in the format of `parse_decimal`, from forms and fixtures alike."""

    def deconstruct(self):
        # Migrations see an ordinary decimal column.
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.DecimalField", args, kwargs

    def to_python(self, value):
        _check_number(value)
        return super().to_python(value)

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": NumberFormField} | kwargs)


def _check_number(value) -> None:
    if isinstance(value, str) and value.strip():
        try:
            parse_decimal(value.strip())
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from None


class CountryField(_CheckedField, models.CharField):
    """ISO 3166-1 alpha-2 code in capitals, such as UA; empty where the source does not say."""

    def __init__(self, *args, **kwargs):
        kwargs["max_length"] = 2
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def check_sql(self, column, vendor):
        if vendor == "postgresql":
            return f"{column} ~ '^([A-Z][A-Z])?$'"
        return f"({column} = '' OR {column} GLOB '[A-Z][A-Z]') AND {_lacks_nul_sql(column)}"

    def validate(self, value, model_instance):
        super().validate(value, model_instance)
        if value and value not in COUNTRIES:
            raise ValidationError(f"“{value}” is no ISO 3166-1 alpha-2 code, such as UA.", code="country")


class WebAddressField(_CheckedField, models.CharField):
    """An http or https address; no other scheme is taken."""

    default_validators = [URLValidator(schemes=["http", "https"]), validate_no_controls, validate_single_line]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 2000)
        super().__init__(*args, **kwargs)

    def check_sql(self, column, vendor):
        web = f"lower(substr({column}, 1, 7)) = 'http://' OR lower(substr({column}, 1, 8)) = 'https://'"
        clean = _lacks_characters_sql(column, vendor, _CONTROL_RANGES + _LINE_END_RANGES)
        return f"length({column}) <= {self.max_length} AND ({column} = '' OR {web}) AND {clean}"


# The whole calendar in one expression: PostgreSQL's date functions would raise errors of another class.
_LEAP_YEAR_PATTERN = "([0-9][0-9](0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)"
_DATE_POINT_PATTERN = (
    "((?!0000)([0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-8]))?)?"
    "|[0-9]{4}-(0[13-9]|1[0-2])-(29|30)"
    "|[0-9]{4}-(0[13578]|1[02])-31"
    f"|{_LEAP_YEAR_PATTERN}-02-29)[~?]?)"
)
_PARTIAL_DATE_PATTERN = f"^({_DATE_POINT_PATTERN}(/({_DATE_POINT_PATTERN}|[.][.]))?|[.][.]/{_DATE_POINT_PATTERN})?$"


def _is_date_point_sql(text: str) -> str:
    """Return SQL for SQLite that is true if the expression `text` is a point such as 2024-07~."""
    core = f"rtrim({text}, '~?')"
    year = "[0-9][0-9][0-9][0-9]"
    # The modifier makes SQLite's date() normalise February 30 to a day in March.
    return (
        f"(length({text}) - length({core}) <= 1 AND {core} >= '0001'"
        f" AND ({core} GLOB '{year}'"
        f" OR ({core} GLOB '{year}-[01][0-9]' AND substr({core}, 6, 2) BETWEEN '01' AND '12')"
        f" OR ({core} GLOB '{year}-[01][0-9]-[0-3][0-9]' AND date({core}, '+0 days') IS {core})))"
    )


def _is_partial_date_sql(column: str) -> str:
    """Return SQL for SQLite that is true if the column is a point, or an interval that is open at one end at most."""
    begin, end = f"substr({column}, 1, instr({column}, '/') - 1)", f"substr({column}, instr({column}, '/') + 1)"
    return (
        f"CASE WHEN instr({column}, '/') = 0 THEN {_is_date_point_sql(column)}"
        f" WHEN {begin} = '..' THEN {_is_date_point_sql(end)}"
        f" ELSE {_is_date_point_sql(begin)} AND ({end} = '..' OR {_is_date_point_sql(end)}) END"
    )


class PartialDateFormField(forms.CharField):
    """Form field for a partial date, typed as 2024-06-14 or in words: 14 June 2024, by the end of 2024."""

    def to_python(self, value):
        text = super().to_python(value)
        try:
            return read_typed_date(text) if text else text
        except ValueError as error:
            raise ValidationError(f"{error}.", code="partial_date") from None


class PartialDateField(_CheckedField, models.CharField):
    """A date as precise as its source: 2024-07~, 2024-06-15/2024-07-08, ../2024; empty where unknown (see entities.dates)."""

    def __init__(self, *args, **kwargs):
        kwargs["max_length"] = 23
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs):
        # Words are longer than what they are read into, whose length the model checks.
        options: dict[str, Any] = {"form_class": PartialDateFormField, "max_length": 60} | kwargs
        return super().formfield(**options)

    def check_sql(self, column, vendor):
        # The bounds of an open interval are NULL.
        in_order = f"coalesce({Earliest.sql(column)} <= {Latest.sql(column)}, TRUE)"
        if vendor == "postgresql":
            return f"{column} ~ '{_PARTIAL_DATE_PATTERN}' AND {in_order}"
        return f"{column} = '' OR ({_lacks_nul_sql(column)} AND {_is_partial_date_sql(column)} AND {in_order})"

    def validate(self, value, model_instance):
        super().validate(value, model_instance)
        if value:
            try:
                PartialDate.parse(value)
            except ValueError as error:
                raise ValidationError(str(error), code="partial_date") from None


class DateBound(Func):
    """SQL function of one partial date that its template uses several times."""

    output_field = models.CharField(max_length=10)

    @classmethod
    def sql(cls, text: str) -> str:
        """Return the bound of the SQL expression `text`."""
        return cls.template % {"expressions": text}

    def as_sql(self, compiler, connection, function=None, template=None, arg_joiner=None, **extra_context):
        sql, params = compiler.compile(self.source_expressions[0])
        return self.sql(sql), tuple(params) * self.template.count("%(expressions)s")


class Earliest(DateBound):
    """First day that a partial date can mean, as `YYYY-MM-DD` text; NULL if it is empty or open to the past."""

    # The fifth and eighth characters tell how precise the beginning is, whatever follows it.
    template = (
        "CASE WHEN length(%(expressions)s) < 4 OR substr(%(expressions)s, 1, 2) = '..' THEN NULL"
        " WHEN substr(%(expressions)s, 5, 1) <> '-' THEN substr(%(expressions)s, 1, 4) || '-01-01'"
        " WHEN substr(%(expressions)s, 8, 1) <> '-' THEN substr(%(expressions)s, 1, 7) || '-01'"
        " ELSE substr(%(expressions)s, 1, 10) END"
    )


class Latest(DateBound):
    """Last day that a partial date can mean, as `YYYY-MM-DD` text; NULL if it is empty or open to the future."""

    # Counted from the end, the third and sixth characters tell how precise the end is, whatever stands before it.
    _core = "rtrim(%(expressions)s, '~?')"
    _length = f"length({_core})"
    _year = f"CAST(substr({_core}, {_length} - 6, 4) AS integer)"
    _month = f"substr({_core}, {_length} - 1, 2)"
    # y/4*4 = y instead of y % 4 = 0: database drivers read the percent sign as a placeholder.
    template = (
        f"CASE WHEN length(%(expressions)s) < 4 OR {_month} = '..' THEN NULL"
        f" WHEN substr({_core}, {_length} - 2, 1) <> '-' THEN substr({_core}, {_length} - 3, 4) || '-12-31'"
        f" WHEN substr({_core}, {_length} - 5, 1) = '-' THEN substr({_core}, {_length} - 9, 10)"
        f" ELSE substr({_core}, {_length} - 6, 7) || CASE"
        f" WHEN {_month} IN ('04', '06', '09', '11') THEN '-30'"
        f" WHEN {_month} <> '02' THEN '-31'"
        f" WHEN {_year} / 4 * 4 = {_year} AND ({_year} / 100 * 100 <> {_year} OR {_year} / 400 * 400 = {_year})"
        " THEN '-29' ELSE '-28' END END"
    )


def date_bound_column(bound: type[Func], field: str) -> models.GeneratedField:
    """Declare a stored, indexed column with a bound (Earliest or Latest) of the partial date `field`."""
    return models.GeneratedField(
        expression=bound(models.F(field)),
        output_field=models.CharField(max_length=10, null=True),
        db_persist=True,
        db_index=True,
    )


validate_slug = RegexValidator(
    r"\A[a-z0-9]+(-[a-z0-9]+)*\Z", "Use lower-case letters, digits and single hyphens, such as nato-summit-2024.", code="slug"
)


class SlugField(LineField):
    """Public id and natural key of a record (`unique=True`): lower-case words joined by hyphens."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 120)
        super().__init__(*args, **kwargs)

    default_validators = [*LineField.default_validators, validate_slug]

    def check_sql(self, column, vendor):
        if vendor == "postgresql":
            shape = f"{column} ~ '^[a-z0-9]+(-[a-z0-9]+)*$'"
        else:
            shape = (
                f"{column} NOT GLOB '*[^a-z0-9-]*' AND {column} NOT GLOB '-*'"
                f" AND {column} NOT GLOB '*-' AND {column} NOT GLOB '*--*' AND {column} <> ''"
            )
        if self.blank and not self.unique:
            shape = f"({column} = '' OR {shape})"
        return f"{super().check_sql(column, vendor)} AND {shape}"


class KeyField(SlugField):
    """Address of a child row within its record, such as `staff` in `measures.staff`."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 40)
        super().__init__(*args, **kwargs)
