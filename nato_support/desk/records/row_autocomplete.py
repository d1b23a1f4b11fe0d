"""Fields in which another record is picked by typing."""

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple

from entities.untrusted import row_keys


class _ShowsRows:
    """Shows of what was sent only what can be the key of a row."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [str(key) for key in row_keys(value)], attr)


class RowAutocomplete(_ShowsRows, AutocompleteSelect):
    """One record."""


class RowAutocompleteMultiple(_ShowsRows, AutocompleteSelectMultiple):
    """Several records."""
