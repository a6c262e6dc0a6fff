from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Static files under the hash of their content, and so in what modules import."""

    support_js_module_import_aggregation = True
