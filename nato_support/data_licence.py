"""Terms on which the register's data may be used, as every export of it names them. LICENSE has them in full."""

LICENCE_NAME = "CC BY 4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
QUOTATION_RIGHTS = (
    "Quotations belong to those who published them: each document names its publisher and, where known, its rights."
)
GAZETTEER_CREDIT = f"Coordinates of towns are from GeoNames (https://www.geonames.org/), {LICENCE_NAME}."
RIGHTS_NOTICE = f"The register's own data may be used under {LICENCE_NAME} ({LICENCE_URL}). {GAZETTEER_CREDIT} {QUOTATION_RIGHTS}"
"""All terms in words, for whoever holds a file of the register without its code."""
