"""An editor who works at the desk through HTTP, as a browser without JavaScript does."""

from html.parser import HTMLParser
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, build_opener

LONGEST_WAIT = 20


class Fields(HTMLParser):
    """The names and values that the forms of a page would send, without their buttons."""

    def __init__(self, page):
        super().__init__()
        self.values, self._text, self._select = [], None, None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        name = given.get("name")
        if tag == "textarea" and name:
            self._text = (name, [])
        elif tag == "select" and name:
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.values.append((self._select, given.get("value", "")))
        elif tag == "input" and name and self._is_sent(given):
            self.values.append((name, given.get("value") or ""))

    def _is_sent(self, given):
        kind = given.get("type")
        is_chosen = kind not in {"checkbox", "radio"} or "checked" in given
        return is_chosen and kind not in {"submit", "file", "button"}

    def handle_data(self, data):
        if self._text:
            self._text[1].append(data)

    def handle_endtag(self, tag):
        if tag == "textarea" and self._text:
            name, parts = self._text
            self.values.append((name, "".join(parts).removeprefix("\r\n").removeprefix("\n")))
            self._text = None
        elif tag == "select":
            self._select = None


class NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class EditorAtWork:
    """Signs in when it is needed. An answer is (status, page, where a redirect leads to)."""

    def __init__(self, address, name, password):
        self.address, self.name, self.password = address, name, password
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()), NoRedirects)

    def ask(self, path, data=None):
        """Raises OSError if there is no answer."""
        body = urlencode(data).encode() if data is not None else None
        try:
            with self.opener.open(self.address + path, body, timeout=LONGEST_WAIT) as answer:
                return answer.status, answer.read().decode(), ""
        except HTTPError as error:
            return error.code, error.read().decode(), error.headers.get("Location", "")

    def sign_in(self):
        """Return whether that was possible."""
        status, page, _ = self.ask("/account/login/")
        if status == 302:
            return True
        values = dict(Fields(page).values) | {"login": self.name, "password": self.password}
        status, _, to = self.ask("/account/login/", values)
        return status == 302 and "login" not in to

    def open(self, path):
        """Return the values of a form at the desk as (name, value) pairs; None if it cannot be."""
        status, page, to = self.ask(path)
        if status == 302 and "login" in to and self.sign_in():
            status, page, _ = self.ask(path)
        return Fields(page).values if status == 200 else None

    def send(self, path, values, button, **changes):
        """Press a button of a form; return (whether it was confirmed, status, page)."""
        kept = [(name, value) for name, value in values if name not in changes]
        status, page, to = self.ask(path, [*kept, *changes.items(), (button, "1")])
        is_confirmed = status == 302 and "login" not in urljoin(self.address, to)
        return is_confirmed, status, page
