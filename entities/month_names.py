"""Names of the months in the language of the request, alone and within a date."""

from django.utils.translation import pgettext_lazy

MONTHS_ALONE = (
    pgettext_lazy("month alone", "January"),
    pgettext_lazy("month alone", "February"),
    pgettext_lazy("month alone", "March"),
    pgettext_lazy("month alone", "April"),
    pgettext_lazy("month alone", "May"),
    pgettext_lazy("month alone", "June"),
    pgettext_lazy("month alone", "July"),
    pgettext_lazy("month alone", "August"),
    pgettext_lazy("month alone", "September"),
    pgettext_lazy("month alone", "October"),
    pgettext_lazy("month alone", "November"),
    pgettext_lazy("month alone", "December"),
)
"""Names of the months, the first of the year first."""
MONTHS_WITHIN = (
    pgettext_lazy("month within a date", "January"),
    pgettext_lazy("month within a date", "February"),
    pgettext_lazy("month within a date", "March"),
    pgettext_lazy("month within a date", "April"),
    pgettext_lazy("month within a date", "May"),
    pgettext_lazy("month within a date", "June"),
    pgettext_lazy("month within a date", "July"),
    pgettext_lazy("month within a date", "August"),
    pgettext_lazy("month within a date", "September"),
    pgettext_lazy("month within a date", "October"),
    pgettext_lazy("month within a date", "November"),
    pgettext_lazy("month within a date", "December"),
)
"""The same where the name follows a day or a preposition: in Ukrainian the genitive."""
