"""On what a run measured."""

import os
import platform
import shutil
import subprocess
from pathlib import Path

from django.db import connection

from stories_project.env import BASE_DIR

CPU_INFO = Path("/proc/cpuinfo")


def describe_machine() -> dict[str, str]:
    """Return {"cores", "cpu", "system", "python", "database", "commit"} as texts."""
    version = ".".join(str(part) for part in connection.get_database_version())
    return {
        "cores": str(os.cpu_count()),
        "cpu": _cpu_model(),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "database": f"{connection.display_name} {version}",
        "commit": _commit(),
    }


def _cpu_model() -> str:
    if CPU_INFO.exists():
        for line in CPU_INFO.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _commit() -> str:
    """Return the commit of this checkout, marked if files were changed since; or "unknown"."""
    git = shutil.which("git")
    if not git or not (BASE_DIR / ".git").exists():
        return "unknown"
    command = [git, "describe", "--always", "--dirty", "--exclude=*"]
    result = subprocess.run(  # noqa: S603
        command, cwd=BASE_DIR, capture_output=True, text=True, check=False
    )
    return result.stdout.strip() or "unknown"
