"""A plugin loaded before the settings are: tests need no environment of their own."""

import os

os.environ.setdefault("DEBUG", "on")
