"""A pytest plugin that sets the environment before Django reads its settings."""

import os

os.environ.setdefault("DEBUG", "on")
os.environ.setdefault("CACHE_URL", "locmemcache://")
# No test tells a service outside of anything, whatever .env says.
for name in ("CDN_URL", "INDEXNOW_KEY", "WEBSUB_HUB"):
    os.environ[name] = ""
