"""Two machines and a load balancer, as network namespaces: one may die, and no reader notices."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.editor_at_work import EditorAtWork
from tests.own_postgres import PROGRAMS, Postgres
from tests.own_redis import Redis
from tests.running_site import Site

NETWORK = "10.77.0"
HERE = f"{NETWORK}.1"
PORT, BALANCED = 8000, 8080
PASSWORD = "demo-Passw0rd"
LATEST = 1.0
NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  upstream site {{ {servers} }}
  server {{
    listen {here}:{port};
    location / {{
      proxy_pass http://site;
      proxy_set_header Host $host:$server_port;
      proxy_next_upstream error timeout;
      proxy_connect_timeout 1s;
      proxy_read_timeout 10s;
    }}
  }}
}}
"""


def run(*command):
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603


def may_make_networks():
    """Whether this machine lets a test make namespaces and connect them."""
    with suppress(OSError, subprocess.CalledProcessError):
        run("ip", "netns", "add", "probe")
        run("ip", "netns", "delete", "probe")
        return True
    return False


pytestmark = [
    pytest.mark.skipif(not PROGRAMS, reason="PostgreSQL is not installed"),
    pytest.mark.skipif(not shutil.which("redis-server"), reason="redis-server is not installed"),
    pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed"),
    pytest.mark.skipif(not may_make_networks(), reason="network namespaces need root and ip"),
]


class Node(Site):
    """A machine of its own in the network: a namespace with one address."""

    def __init__(self, folder, number, **environment):
        super().__init__(folder, **environment)
        self.name, self.host = f"node{number}", f"{NETWORK}.{10 + number}"
        self.address = f"http://{self.host}:{PORT}"
        self.log = folder / f"{self.name}.log"
        self.link = f"to-{self.name}"

    def connect(self):
        run("ip", "netns", "add", self.name)
        run(
            "ip",
            "link",
            "add",
            self.link,
            "type",
            "veth",
            "peer",
            "name",
            "eth0",
            "netns",
            self.name,
        )
        run("ip", "link", "set", self.link, "master", "machines", "up")
        for command in (["link", "set", "lo", "up"], ["link", "set", "eth0", "up"]):
            run("ip", "-n", self.name, *command)
        run("ip", "-n", self.name, "address", "add", f"{self.host}/24", "dev", "eth0")

    def start_apart(self):
        manage = [sys.executable, "manage.py", "serve", "--prepare", "--host", "0.0.0.0"]  # noqa: S104
        self._serve(["ip", "netns", "exec", self.name, *manage, "--port", str(PORT)])
        while "==> Ready." not in self.log.read_text():
            time.sleep(0.05)

    def lose_power(self):
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def lose_network(self):
        run("ip", "link", "set", self.link, "down")

    def find_network(self):
        run("ip", "link", "set", self.link, "up")


class Machines:
    """Two nodes, and here the database, Redis and the balancer."""

    def __init__(self, folder):
        self.folder = folder
        self.nodes, self.servers = [], []

    def start(self):
        run("ip", "link", "add", "machines", "type", "bridge")
        run("ip", "address", "add", f"{HERE}/24", "dev", "machines")
        run("ip", "link", "set", "machines", "up")
        self.postgres, self.redis = Postgres(HERE, f"{NETWORK}.0/24"), Redis(HERE)
        self.address = f"http://{HERE}:{BALANCED}"
        shared = {
            **{"DATABASE_URL": self.postgres.url, "CACHE_URL": self.redis.url, "DEBUG": "off"},
            **{"SITE_URL": self.address, "SECRET_KEY": "s" * 60, "ALLOWED_HOSTS": "*"},
            **{"DEMO_PASSWORD": PASSWORD, "SECOND_FACTOR": "off"},
        }
        for number in (1, 2):
            own = self.folder / f"node{number}"
            own.mkdir()
            self.nodes.append(Node(own, number, **shared))
            self.nodes[-1].connect()
        # The demo is only for a site that nobody else can reach.
        local = "http://127.0.0.1"
        filling = Site(
            self.folder / "node1", **shared | {"SITE_URL": local, "TRIAL_ADDRESS": local}
        )
        filling.manage("prepare")
        filling.manage("demo", "--with-demo")
        for node in self.nodes:
            node.start_apart()
        servers = " ".join(f"server {node.host}:{PORT};" for node in self.nodes)
        text = NGINX.format(folder=self.folder, servers=servers, here=HERE, port=BALANCED)
        (self.folder / "nginx.conf").write_text(text)
        command = ["nginx", "-c", self.folder / "nginx.conf", "-e", self.folder / "error.log"]
        self.servers.append(subprocess.Popen(command, stderr=subprocess.DEVNULL))  # noqa: S603
        self._wait_for_balancer()

    def _wait_for_balancer(self):
        for _ in range(100):
            with suppress(OSError):
                return urlopen(f"{self.address}/healthz").close()  # noqa: S310
            time.sleep(0.05)
        raise TimeoutError("nginx does not answer")

    def stop(self):
        for node in self.nodes:
            if hasattr(node, "process"):
                node.lose_power()
        for server in self.servers:
            server.terminate()
            server.wait()
        for name in ("postgres", "redis"):
            if hasattr(self, name):
                getattr(self, name).remove()
        for node in self.nodes:
            subprocess.run(["ip", "netns", "delete", node.name], check=False, capture_output=True)  # noqa: S603, S607
        subprocess.run(["ip", "link", "delete", "machines"], check=False, capture_output=True)  # noqa: S607


@pytest.fixture
def machines(tmp_path):
    machines = Machines(tmp_path)
    try:
        machines.start()
        yield machines
    finally:
        machines.stop()


class Readers:
    """Ask the balancer for pages, some threads at once, and note every answer."""

    PATHS = ("/", "/stories/", "/founders/", "/about/", "/feed/")

    def __init__(self, address):
        self.address, self.answers, self.is_over = address, [], threading.Event()
        self.threads = [threading.Thread(target=self.read, daemon=True) for _ in range(4)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        for thread in self.threads:
            thread.join()

    def read(self):
        while not self.is_over.is_set():
            for path in self.PATHS:
                self.answers.append(status_of(self.address + path))


def status_of(url):
    try:
        with urlopen(url, timeout=15) as answer:  # noqa: S310
            answer.read()
            return answer.status
    except HTTPError as error:
        return error.code
    except OSError as error:
        return str(error)


def page_of(url):
    with urlopen(url, timeout=15) as answer:  # noqa: S310
        return answer.read().decode()


def publish(editor, path, title):
    """Publish a changed title at the desk; return when the desk has confirmed it."""
    is_confirmed, status, page = editor.send(path, editor.open(path), "_publish", title=title)
    assert is_confirmed, (status, page[:500])
    return time.time()


class AStory:
    """One test: to start the machines takes longer than all that it looks at."""

    def test_outlives_the_machine_on_which_it_was_published(self, machines):
        first, second = machines.nodes
        find = "from stories.models import Story; s = Story.objects.published().first(); print(s.pk, s.slug)"
        pk, slug = first.manage("shell", "--no-imports", "-c", find).split()
        form, page = f"/admin/stories/story/{pk}/change/", f"/stories/{slug}/"
        editor = EditorAtWork(first.address, "editor", PASSWORD)
        assert page_of(second.address + page)  # is kept there now

        confirmed_at = publish(editor, form, "Written on the first machine")
        while "Written on the first machine" not in page_of(second.address + page):
            assert time.time() < confirmed_at + LATEST
        assert time.time() < confirmed_at + LATEST

        with Readers(machines.address) as readers:
            time.sleep(1)
            publish(editor, form, "Written last")
            first.lose_power()
            time.sleep(3)
        assert set(readers.answers) == {200}
        assert len(readers.answers) > 100
        assert "Written last" in page_of(machines.address + page)

        first.start_apart()
        editor = EditorAtWork(second.address, "editor", PASSWORD)
        with Readers(machines.address) as readers:
            time.sleep(1)
            first.lose_network()
            publish(editor, form, "Written without the first machine")
            time.sleep(3)
        assert set(readers.answers) == {200}
        first.find_network()
        back_at = time.time()
        while "Written without the first machine" not in page_of(first.address + page):
            assert time.time() < back_at + 5 * LATEST
