"""Storage of static files for a server: compressed, under hashed names, with imports between scripts rewritten."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    # Without it a module that changed would be fetched under a name that browsers keep.
    support_js_module_import_aggregation = True
