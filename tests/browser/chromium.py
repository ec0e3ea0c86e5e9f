"""Debian's Chromium, or Playwright's own; and sessions in it for the people of a demo."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, StorageState

NOT_THERE = "No browser here: install Debian's `chromium`, or run `.venv/bin/playwright install chromium` once."
QUIET = ("--no-sandbox", "--disable-quic", "--disable-background-networking", "--no-first-run")


class NoBrowserError(RuntimeError):
    """No Chromium on this machine."""

    def __init__(self) -> None:
        super().__init__(NOT_THERE)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium; raises NoBrowserError when there is none."""
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as play:
        try:
            browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
        except Error as error:
            raise NoBrowserError from error
        yield browser
        browser.close()


class People:
    """The demo's people in one browser, each logged in once."""

    def __init__(self, browser: Browser, demo: Mapping[str, Any]) -> None:
        self.browser, self.url = browser, str(demo["url"])
        self._accounts = {one["role"]: one for one in reversed(demo["accounts"])}
        self._known: dict[str, StorageState] = {}

    def context(
        self, who: str, *, width: int = 1440, mode: str = "light", language: str = "en-GB", **more: Any
    ) -> BrowserContext:
        """A window of somebody's, `width` pixels wide, light or dark; `who` empty: a stranger's, whose browser asks for `language`."""
        state = self._state(who) if who else None
        height = 800 if width < 600 else 1000
        return self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if mode == "dark" else "light",
            locale=language,
            storage_state=state,
            **more,
        )

    def account(self, who: str) -> Mapping[str, str]:
        """E-mail address and password of somebody."""
        return self._accounts[who]

    @contextmanager
    def reading(self, who: str, language: str) -> Iterator[None]:
        """The account reads this language meanwhile, and English afterwards."""
        self._choose(who, language)
        try:
            yield
        finally:
            self._choose(who, "en")

    def _choose(self, who: str, language: str) -> None:
        if not who:
            return
        with self.context(who) as window:
            page = window.new_page()
            page.goto(self.url + "notices/")
            if page.locator("html").get_attribute("lang") != language:
                with page.expect_navigation():
                    page.eval_on_selector(f"button[name=language][value={language}]", "(one) => one.click()")
            assert page.locator("html").get_attribute("lang") == language

    def _state(self, who: str) -> StorageState:
        if who not in self._known:
            account = self._accounts[who]
            context = self.browser.new_context(locale="en-GB")
            page = context.new_page()
            page.goto(f"{self.url}accounts/login/")
            page.fill("input[name=login]", account["email"])
            page.fill("input[name=password]", account["password"])
            page.click("main button[type=submit], main form .button")
            page.goto(self.url)  # takes away what the first page says of the logging in
            self._known[who] = context.storage_state()
            context.close()
        return self._known[who]
