"""Readers, editors and a schedule, while everything breaks: no wrong page, no lost edit, no late story.

    python -m tests.chaos --minutes 10

Needs PostgreSQL and redis-server; as root it also fills a disk. The exit status is 1 if a page was
wrong, an edit lost, a story late or early, or an answer refused without a fault that explains it.
"""

import argparse
import http.client
import random
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager

from tests.chaos.faults import Faults
from tests.chaos.judge import Answer, Edits, faults_of, faults_of_schedule, lost
from tests.chaos.world import EDITORS, PASSWORD, STORIES, World
from tests.editor_at_work import EditorAtWork

PATHS = ("/", "/stories/", "/feed/", "/founders/ada/", "/tags/looms/", "/search/?q=story")
READERS = 3
# Seconds in which a fault may still be noticed after it is mended.
AFTERMATH = 4.0
# An answer that took longer is told with the time line.
SLOW = 10.0
FIRST_FAULT, PAUSE = 6.0, (2.0, 5.0)
DUE_IN, SCHEDULE_EVERY = 8, 6.0


def say(line):
    sys.stdout.write(f"{line}\n")


class Chaos:
    def __init__(self, world, seed):
        self.world, self.rng = world, random.Random(seed)  # noqa: S311
        self.is_over = threading.Event()
        self.stories = {number: Edits() for number in range(STORIES)}
        self.due, self.faults, self.lock = {}, [], threading.Lock()
        self.answers, self.refused, self.wrong, self.saves = Counter(), [], [], Counter()

    def run(self, seconds):
        targets = [*[self.read] * READERS, self.read_what_is_due, self.schedule]
        workers = [threading.Thread(target=self._until_it_is_over, args=[t]) for t in targets]
        for number in range(EDITORS):
            workers.append(threading.Thread(target=self.edit, args=[number]))
        workers.append(threading.Thread(target=self.break_things))
        for worker in workers:
            worker.daemon = True
            worker.start()
        self.is_over.wait(seconds)
        self.is_over.set()
        for worker in workers:
            worker.join(60)

    def _until_it_is_over(self, target):
        while not self.is_over.is_set():
            target()

    # Readers

    def read(self):
        """Ask for some pages on one connection, as a browser does."""
        connection = self._connection()
        paths = [*PATHS, *(f"/stories/story-{number}/" for number in range(STORIES))]
        # Of all others, a page is kept.
        paths.append(f"/search/?q=story+{self.rng.random()}")
        for path in self.rng.sample(paths, 4):
            answer = self._ask(connection, path)
            self._judge(answer, faults_of(answer, self.stories, self.world.outages))
            if not isinstance(answer.status, int):
                break
        connection.close()
        time.sleep(0.02)

    def read_what_is_due(self):
        """Look at the pages of the stories that are due now."""
        connection = self._connection()
        now = time.time()
        for path, due_at in list(self.due.items()):
            if due_at - 3 < now < due_at + 30:
                answer = self._ask(connection, path)
                self._judge(answer, faults_of_schedule(answer, due_at, self.world.outages))
                if not isinstance(answer.status, int):
                    break
        connection.close()
        time.sleep(0.05)

    def _connection(self):
        return http.client.HTTPConnection("127.0.0.1", int(self.world.site.port), timeout=20)

    def _ask(self, connection, path):
        asked_at = time.time()
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            status, page = response.status, response.read().decode()
        except (OSError, http.client.HTTPException) as error:
            status, page = type(error).__name__, ""
        return Answer(path, asked_at, time.time(), status, page)

    def _judge(self, answer, found):
        with self.lock:
            self.answers[answer.status] += 1
            self.wrong += [f"{answer.asked_at:.2f}: {sentence}" for sentence in found]
            if answer.status not in (200, 404):
                self.refused.append(answer)

    # Editors

    def edit(self, number):
        """Publish edit after edit of one's own stories; what is not confirmed is sent again."""
        editor = EditorAtWork(self.world.site.address, f"editor-{number}", PASSWORD)
        mine = [key for key in self.stories if key % EDITORS == number]
        find = "from stories.models import Story; print(*[Story.objects.get(slug=f'story-{n}').pk for n in range(%d)])"
        pks = self.world.site.manage("shell", "--no-imports", "-c", find % STORIES).split()
        while not self.is_over.is_set():
            key = self.rng.choice(mine)
            edits = self.stories[key]
            edits.sent.append(time.time())
            self._publish(editor, f"/admin/stories/story/{pks[key]}/change/", key, len(edits.sent))
            time.sleep(0.2)

    def _publish(self, editor, path, key, edit):
        """Try until it is confirmed, or everything is over."""
        while not self.is_over.is_set():
            try:
                values = editor.open(path)
                if values:
                    title = f"Story {key} edit {edit}"
                    is_confirmed, status, page = editor.send(path, values, "_publish", title=title)
                    self.saves[status] += 1
                    if is_confirmed:
                        self.stories[key].confirmed[edit] = time.time()
                        return
                    if status == 503 and title not in page:
                        self.wrong.append(f"The answer 503 does not show the text of {title}")
            except (OSError, http.client.HTTPException) as error:
                self.saves[type(error).__name__] += 1
            time.sleep(0.5)

    # The schedule

    def schedule(self):
        """Write a story at the desk that is due in some seconds."""
        editor = EditorAtWork(self.world.site.address, "editor-0", PASSWORD)
        number = len(self.due)
        while not self.is_over.is_set():
            due_at = int(time.time()) + DUE_IN
            slug = f"due-{number}-{due_at}"
            try:
                if self._schedule(editor, slug, due_at):
                    self.due[f"/stories/{slug}/"] = due_at
                    break
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.5)
        self.is_over.wait(SCHEDULE_EVERY)

    def _schedule(self, editor, slug, due_at):
        path = "/admin/stories/story/add/"
        values = editor.open(path)
        if not values:
            return False
        sent = {
            **{"title": f"A story that is due {slug}", "slug": slug, "excerpt": "It is due."},
            **{"body": "Words of a story.", "takeaways": "One.", "founders": "1"},
            "publish_at": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(due_at)),
        }
        is_confirmed, status, page = editor.send(path, values, "_save", **sent)
        if status == 200 and "errorlist" in page:
            raise RuntimeError(f"The form of a scheduled story was refused: {page[:3000]}")
        return is_confirmed and time.time() < due_at - 2

    # What breaks

    def break_things(self):
        """Let each fault happen in a random order, again and again."""
        faults = Faults(self.world, self.rng)
        names = [n for n in Faults.NAMES if n != "fill_the_disk" or self.world.has_disk]
        self.is_over.wait(FIRST_FAULT)
        while not self.is_over.is_set():
            for name in self.rng.sample(names, len(names)):
                with self._noted(name):
                    getattr(faults, name)()
                if self.is_over.wait(self.rng.uniform(*PAUSE)):
                    return

    @contextmanager
    def _noted(self, name):
        fault = [name, time.time(), float("inf")]
        self.faults.append(fault)
        yield
        fault[2] = time.time()

    def explanation(self, answer):
        """Return the name of the last fault during or just after which an answer was refused."""
        for name, begin, end in reversed(self.faults):
            if answer.asked_at < end + AFTERMATH and answer.answered_at > begin:
                return name
        return None

    def _tell_slow(self):
        """Print the answers that took very long; return whether there are any."""
        slow = [a for a in self.refused if a.answered_at > a.asked_at + SLOW]
        for answer in slow[:20]:
            say(f"SLOW {answer.asked_at:.2f} to {answer.answered_at:.2f}: {answer.path}")
        return bool(slow)

    def report(self, seed):
        """Print what was seen, and return the exit status."""
        explained = Counter(self.explanation(answer) for answer in self.refused)
        unexplained = [a for a in self.refused if self.explanation(a) is None]
        gone = lost(self.stories, self.world.stored_edits())
        confirmed = sum(len(edits.confirmed) for edits in self.stories.values())
        say(f"Seed {seed}. Pages: {dict(self.answers)}")
        say(f"Edits confirmed: {confirmed}, answers to saves: {dict(self.saves)}")
        say(f"Stories scheduled: {len(self.due)}. E-mails taken: {len(self.world.mail.taken)}.")
        say(f"Faults: {dict(Counter(name for name, *_ in self.faults))}")
        for name, count in explained.items():
            doc = getattr(Faults, name).__doc__ if name else "unexplained"
            say(f"  not answered with a page: {count} at {name}: {doc}")
        if not self.world.has_disk:
            say("The disk was not filled: that needs root.")
        for answer in unexplained[:20]:
            say(f"UNEXPLAINED {answer.asked_at:.2f}: {answer.path} {answer.status}")
        for sentence in self.wrong[:20]:
            say(f"WRONG {sentence}")
        for key, number in gone[:20]:
            say(f"LOST edit {number} of story {key}")
        if self._tell_slow() or unexplained or self.wrong or gone:
            for name, begin, end in self.faults:
                say(f"  {begin:.2f} to {end:.2f}: {name}")
        say(f"Wrong pages: {len(self.wrong)}. Lost edits: {len(gone)}.")
        idle = not confirmed or not self.due or not self.faults
        return 1 if unexplained or self.wrong or gone or idle else 0


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    world = World()
    try:
        world.start()
        chaos = Chaos(world, options.seed)
        chaos.run(options.minutes * 60)
        return chaos.report(options.seed)
    finally:
        world.stop()


if __name__ == "__main__":
    sys.exit(main())
