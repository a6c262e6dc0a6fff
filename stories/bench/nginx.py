"""nginx, which serves the bytes that our server answered from files: the speed to compare with."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import indent

from stories.bench.keep_alive import Answer
from stories.bench.processes import free_port, running, wait_for

WORKERS = 2
# Where Debian and others keep it, which is often not on the PATH of a user.
OTHER_PLACES = "/usr/sbin:/usr/local/sbin:/opt/homebrew/bin"
CONFIGURATION = """
daemon off;
worker_processes {workers};
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log;
{user}
events {{ worker_connections 4096; }}
http {{
    access_log off;
    sendfile on;
    keepalive_requests 100000000;
    open_file_cache max=20000 inactive=1h;
    open_file_cache_valid 1h;
    {temporary}
    server {{
        listen 127.0.0.1:{port};
        root {folder}/answers;
{locations}
    }}
}}
"""
LOCATION = """
location /{number}/ {{
    types {{ }}
    default_type "{content_type}";
    {encoding}
}}
"""
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def find_nginx() -> str | None:
    """Return the path of nginx, or None if it is not installed."""
    return shutil.which("nginx") or shutil.which("nginx", path=OTHER_PLACES)


class StoredAnswers:
    """The bodies of answers as files, in one folder for each content type and encoding."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kinds: dict[tuple[str, str], int] = {}
        self.paths: dict[str, str] = {}

    def add(self, answer: Answer) -> None:
        """Store the body of an answer; `paths` then has the path under which nginx serves it."""
        kind = (answer.header("content-type"), answer.header("content-encoding"))
        number = self.kinds.setdefault(kind, len(self.kinds))
        path = f"/{number}/{len(self.paths)}"
        file = self.folder / "answers" / path[1:]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(answer.body)
        self.paths[answer.path] = path

    def configuration(self, port: int) -> str:
        """Return the configuration with which nginx serves the stored answers."""
        locations = [
            LOCATION.format(
                number=number,
                content_type=content_type,
                encoding=f"add_header Content-Encoding {encoding};" if encoding else "",
            )
            for (content_type, encoding), number in self.kinds.items()
        ]
        return CONFIGURATION.format(
            workers=WORKERS,
            folder=self.folder,
            port=port,
            # nginx that root starts would otherwise serve as a user who may not read our files.
            user="" if os.geteuid() else "user root root;",
            temporary=" ".join(f"{name}_temp_path {self.folder}/{name};" for name in TEMPORARY),
            locations=indent("".join(locations), " " * 8),
        )


@contextmanager
def serving(program: str, answers: StoredAnswers) -> Iterator[int]:
    """Run nginx with the stored answers, as the present user, and yield its port."""
    port = free_port()
    configuration = answers.folder / "nginx.conf"
    configuration.write_text(answers.configuration(port))
    log = answers.folder / "nginx.log"
    command = [program, "-p", str(answers.folder), "-c", str(configuration)]
    with running(command, log) as process:
        wait_for(process, port, log)
        yield port
