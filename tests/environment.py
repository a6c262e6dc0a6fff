"""A pytest plugin that sets the environment before Django reads its settings."""

import os

os.environ.setdefault("DEBUG", "on")
