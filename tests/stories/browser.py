"""A signed-in visitor: logs in as a person would, follows links, keeps cookies. No JavaScript."""

from __future__ import annotations

import re
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter, deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from typing import Any

from tests.stories.client import JOURNAL, Exchange

MOST_PAGES = 250
MOST_ALIKE = 10  # pages that differ by a number or a choice alone: after so many parts the next tells nothing new
NOT_FOLLOWED = re.compile(r"/(logout|static|media|admin|i18n)(/|$)")


@dataclass
class Visitor:
    """A session in a browser; without an account a stranger."""

    url: str
    email: str = ""
    password: str = ""
    _jar: CookieJar = field(default_factory=CookieJar)

    def __post_init__(self) -> None:
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar), _Stay())

    def log_in(self) -> bool:
        """Log in through the form; was it accepted?"""
        _, page = self.get("/accounts/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        form = {"login": self.email, "password": self.password, "csrfmiddlewaretoken": token[1] if token else ""}
        status, _ = self._send("/accounts/login/", urllib.parse.urlencode(form).encode())
        self.get("/")  # takes away what the first page says of the logging in
        return status in (302, 303)

    def post(self, path: str, form: dict[str, str]) -> tuple[int, str]:
        """Send a form as a page of ours would, with its token."""
        token = next((one.value for one in self._jar if one.name == "csrftoken"), "") or ""
        return self._send(path, urllib.parse.urlencode({**form, "csrfmiddlewaretoken": token}).encode())

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page; redirects are not followed."""
        return self._send(path, None)

    def _send(self, path: str, data: bytes | None) -> tuple[int, str]:
        address = urllib.parse.urljoin(self.url, path)
        request = urllib.request.Request(address, data=data, headers={"Referer": address, "Accept-Language": "en"})
        try:
            with self._open.open(request, timeout=60) as answer:
                status, text = answer.status, answer.read().decode(errors="replace")
        except urllib.error.HTTPError as answer:
            status, text = answer.code, answer.read().decode(errors="replace")
        JOURNAL.last = Exchange(self.email or "stranger", f"{'POST' if data else 'GET'} {path}", status, text[:500])
        return status, text

    def near(self, path: str) -> dict[str, tuple[int, str]]:
        """The pages that one page leads to."""
        found = list(dict.fromkeys(links(self.get(path)[1], path)))
        return {link: self.get(link) for link in found if not NOT_FOLLOWED.search(link)}

    def walk(self, *always: str) -> dict[str, tuple[int, str]]:
        """The pages that links lead to from the first one, path to status and text: some of each kind, and all that name `always`."""
        seen: dict[str, tuple[int, str]] = {}
        queue, known, alike = deque(["/"]), {"/"}, Counter[str]()
        while queue and len(seen) < MOST_PAGES:
            path = queue.popleft()
            seen[path] = self.get(path)
            for link in links(seen[path][1], path):
                kind = re.sub(r"[^/?&=]*\d[^/?&]*|=[^&]*", "#", link)
                wanted = alike[kind] < MOST_ALIKE or any(word in link.split("?")[0] for word in always)
                if link not in known and not NOT_FOLLOWED.search(link) and wanted:
                    known.add(link)
                    alike[kind] += 1
                    queue.append(link)
        return seen


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.forms: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form" and (given.get("method") or "").lower() == "post" and given.get("action"):
            self.forms.append(str(given["action"]))
        for name in ("href", "hx-get"):
            if tag != "link" and given.get(name):
                self.found.append(str(given[name]))


def forms(text: str) -> list[str]:
    """Where the forms of a page send what they change."""
    parser = _Links()
    parser.feed(text)
    return parser.forms


def links(text: str, base: str) -> list[str]:
    """Local paths a page leads to, without fragments; of pages of a list only the first few."""
    parser = _Links()
    parser.feed(text)
    paths = []
    for link in parser.found:
        whole = urllib.parse.urlsplit(urllib.parse.urljoin(f"http://here{base}", link))
        if whole.netloc == "here" and whole.path.startswith("/"):
            paths.append(whole.path + (f"?{whole.query}" if whole.query else ""))
    return paths
