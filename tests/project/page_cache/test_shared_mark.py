"""Processes of one machine tell each other of changes without Redis."""

import subprocess
import sys

from stories_project.page_cache.shared_mark import SharedMark

OTHER_PROCESS = """
import sys
from pathlib import Path
from stories_project.page_cache.shared_mark import SharedMark
SharedMark(Path(sys.argv[1])).change()
"""


class AMark:
    def test_is_seen_to_change_by_another_process(self, tmp_path):
        mark = SharedMark(tmp_path / "new" / "mark")
        before = mark.read()
        path = str(tmp_path / "new" / "mark")
        subprocess.run([sys.executable, "-c", OTHER_PROCESS, path], check=True)  # noqa: S603
        assert mark.read() != before
        assert mark.read() == mark.read()

    def test_without_a_file_works_for_this_process_alone(self, tmp_path):
        (tmp_path / "a file").write_text("")
        mark = SharedMark(tmp_path / "a file" / "mark")
        before = mark.read()
        mark.change()
        assert mark.read() != before
