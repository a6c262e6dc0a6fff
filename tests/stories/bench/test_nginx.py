import pytest

from stories.bench import nginx
from stories.bench.keep_alive import Answer, Endpoint, exchange
from stories.bench.nginx import StoredAnswers

PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Encoding: br\r\n\r\n"
FEED = b"HTTP/1.1 200 OK\r\ncontent-type: application/atom+xml\r\n\r\n"


@pytest.fixture
def answers(tmp_path):
    stored = StoredAnswers(tmp_path)
    stored.add(Answer("/", 200, 0.1, PAGE, b"compressed page"))
    stored.add(Answer("/feed/?page=2", 200, 0.1, FEED, b"<feed/>"))
    stored.add(Answer("/stories/", 200, 0.1, PAGE, b"another page"))
    return stored


class TheStoredAnswers:
    def test_are_files_with_the_same_bytes(self, answers, tmp_path):
        path = answers.paths["/feed/?page=2"]
        assert (tmp_path / "answers" / path[1:]).read_bytes() == b"<feed/>"
        assert len(set(answers.paths.values())) == 3

    @pytest.mark.skipif(not nginx.find_nginx(), reason="nginx is not installed")
    def test_are_served_by_nginx_as_they_were_answered(self, answers):
        with nginx.serving(nginx.find_nginx(), answers) as port:
            paths = [answers.paths["/"], answers.paths["/feed/?page=2"]]
            page, feed = exchange(Endpoint(port), paths, 1)
        assert (page.status, page.body) == (200, b"compressed page")
        assert page.header("content-encoding") == "br"
        assert page.header("content-type") == "text/html; charset=utf-8"
        assert (feed.status, feed.body) == (200, b"<feed/>")
        assert feed.header("content-encoding") == ""
        assert feed.header("content-type") == "application/atom+xml"


class AnNginxThatIsNotInstalled:
    def test_is_not_found(self, monkeypatch):
        monkeypatch.setattr(nginx.shutil, "which", lambda name, path=None: None)
        assert nginx.find_nginx() is None

    def test_is_found_beside_the_path(self, monkeypatch):
        monkeypatch.setattr(nginx.shutil, "which", lambda name, path=None: path and "/usr/sbin/n")
        assert nginx.find_nginx() == "/usr/sbin/n"
