"""A pytest plugin that sets the environment before Django reads its settings."""

import os
from pathlib import Path
from tempfile import gettempdir

os.environ.setdefault("DEBUG", "on")
os.environ.setdefault("CACHE_URL", "locmemcache://")
# No test tells a service outside of anything, whatever .env says.
for name in ("CDN_URL", "INDEXNOW_KEY", "WEBSUB_HUB"):
    os.environ[name] = ""
os.environ["WEBHOOKS"] = "off"
# What hypothesis keeps between runs does not belong among our files.
os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(Path(gettempdir(), "hypothesis")))
