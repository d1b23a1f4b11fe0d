"""Autocomplete widgets that ignore values that cannot be keys of rows."""

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple

from entities.numbers import row_keys


class _DropInvalidKeysMixin:
    """Drops submitted values that cannot be keys."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [str(key) for key in row_keys(value)], attr)


class RowAutocomplete(_DropInvalidKeysMixin, AutocompleteSelect):
    """Choice of one record."""


class RowAutocompleteMultiple(_DropInvalidKeysMixin, AutocompleteSelectMultiple):
    """Choice of several records."""
