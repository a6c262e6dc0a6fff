from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Static files named by the hash of their content, in the imports of ES modules too."""

    support_js_module_import_aggregation = True
