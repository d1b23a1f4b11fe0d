"""How static files are kept for a server: compressed, under names with their hash, scripts' imports of one another included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    # Without it a module that changed would be fetched under a name that browsers keep.
    support_js_module_import_aggregation = True
