"""Every page worth a look, as whom, and the way there from an address that a fresh demo has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page


@dataclass(frozen=True)
class Sight:
    """Open `path` as `who` (an account's role; empty: a stranger), then follow the first link whose address matches each of `links`."""

    name: str
    who: str
    path: str
    links: tuple[str, ...] = ()
    status: int = 200

    def open(self, page: Page, url: str) -> None:
        """Bring the browser there."""
        _go(page, url + self.path.lstrip("/"), self.status if not self.links else 200)
        for pattern in self.links:
            _go(page, url + _link(page, pattern).lstrip("/"), self.status)


def _go(page: Page, address: str, status: int) -> None:
    answer = page.goto(address, wait_until="load")
    assert answer is not None
    assert answer.status == status, f"{address} answered {answer.status}"


def _link(page: Page, pattern: str) -> str:
    found = page.eval_on_selector_all("a[href]", "all => all.map(one => one.getAttribute('href'))")
    matching = [one for one in found if re.search(pattern, one)]
    assert matching, f"no link like {pattern} on {page.url}"
    return str(matching[0])


SIGHTS = (
    Sight("log-in", "", "/accounts/login/"),
    Sight("password-reset", "", "/accounts/password/reset/"),
    Sight("home", "customer", "/"),
    Sight("search", "customer", "/search/?q=seal"),
    Sight("search-machine", "customer", "/machines/", (r"/machines/(?!register)[^/]+/$", r"/search/\?serial=")),
    Sight("search-nothing", "customer", "/search/?q=zzqqxx"),
    Sight("part", "customer", "/search/?q=seal", (r"/parts/\d+/",)),
    Sight("machines", "customer", "/machines/"),
    Sight("machine", "customer", "/machines/", (r"/machines/(?!register)[^/]+/$",)),
    Sight("machine-register", "customer", "/machines/register/"),
    Sight("figure", "customer", "/machines/", (r"/machines/(?!register)[^/]+/$", r"/figures/\d+/$")),
    Sight("quick-order", "customer", "/quick-order/"),
    Sight("cart-line", "customer", "/cart/", (r"/cart/lines/\d+/$",)),
    Sight("list", "customer", "/lists/", (r"/lists/\d+/$",)),
    Sight("tracking", "customer", "/orders/", (r"/orders/\d+/$", r"/t/[^/]+/$")),
    Sight("enquiry", "customer", "/enquiries/", (r"/enquiries/\d+/$",)),
    Sight("card", "customer", "/cards/", (r"/cards/[^/]+/$",)),
    Sight("ask", "customer", "/ask/?q=seal"),
    Sight("enquiries", "customer", "/enquiries/"),
    Sight("desk-enquiries", "service_desk", "/enquiries/"),
    Sight("requests", "customer", "/requests/"),
    Sight("team", "customer", "/team/"),
    Sight("member", "customer", "/team/", (r"/team/\d+/$",)),
    Sight("tokens", "customer", "/tokens/"),
    Sight("lists", "customer", "/lists/"),
    Sight("list-new", "customer", "/lists/new/?of=cart"),
    Sight("cart", "customer", "/cart/"),
    Sight("orders", "customer", "/orders/"),
    Sight("order", "customer", "/orders/", (r"/orders/[^/]+/$",)),
    Sight("invoices", "customer", "/invoices/"),
    Sight("account", "customer", "/account/"),
    Sight("cards", "customer", "/cards/"),
    Sight("notices", "customer", "/notices/"),
    Sight("notice-settings", "customer", "/notices/settings/"),
    Sight("not-there", "customer", "/orders/NONE/", status=404),
    Sight("dealer-home", "dealer", "/"),
    Sight("dealer-account", "dealer", "/account/"),
    Sight("backorders", "dealer", "/backorders/"),
    Sight("restock", "dealer", "/restock/"),
    Sight("dealer-cart", "dealer", "/cart/"),
    Sight("dealer-orders", "dealer", "/orders/"),
    Sight("dealer-invoices", "dealer", "/invoices/"),
    Sight("empty-cart", "other_dealer", "/cart/"),
    Sight("empty-lists", "other_dealer", "/lists/"),
    Sight("request", "other_dealer", "/requests/", (r"/requests/\d+/$",)),
    Sight("house-home", "parts_manager", "/"),
    Sight("import-run", "parts_manager", "/imports/", (r"/imports/\d+/$",)),
    Sight("queue", "parts_manager", "/queue/"),
    Sight("queue-order", "parts_manager", "/queue/", (r"/orders/[^/]+/$",)),
    Sight("picking", "parts_manager", "/picking/?place=ICN&leaving=today"),
    Sight("scan", "parts_manager", "/scan/"),
    Sight("styleguide", "parts_manager", "/styleguide/"),
    Sight("letter", "parts_manager", "/styleguide/letters/order.placed/"),
    Sight("letter-late", "parts_manager", "/styleguide/letters/promise.broken.dated/"),
    Sight("goods-in", "parts_manager", "/goods-in/"),
    Sight("stock", "parts_manager", "/stock/"),
    Sight("stock-part", "parts_manager", "/stock/?only=reorder", (r"/stock/\d+/$",)),
    Sight("reorder", "parts_manager", "/stock/reorder/"),
    Sight("promises", "parts_manager", "/promises/"),
    Sight("holds", "parts_manager", "/holds/"),
    Sight("imports", "parts_manager", "/imports/"),
    Sight("import-new", "parts_manager", "/imports/new/"),
    Sight("refusals", "parts_manager", "/refusals/"),
    Sight("store", "parts_manager", "/store/"),
    Sight("find", "parts_manager", "/find/?q=CHX"),
    Sight("house-part", "parts_manager", "/search/?q=seal", (r"/parts/\d+/",)),
    Sight("desk-home", "service_desk", "/"),
    Sight("desk-enquiry", "service_desk", "/enquiries/?answered=1", (r"/enquiries/\d+/$",)),
    Sight("desk", "service_desk", "/desk/"),
    Sight("desk-caller", "service_desk", "/desk/?q=031-555-0110"),
    Sight("desk-nobody", "service_desk", "/desk/?q=zzqqxx"),
    Sight("desk-cards-open", "service_desk", "/cards/?state=OPEN"),
    Sight("desk-sheet", "service_desk", "/cards/", (r"/cards/[^/]+/$", r"/sheet/$")),
    Sight("desk-cards", "service_desk", "/cards/"),
    Sight("desk-card", "service_desk", "/cards/", (r"/cards/[^/]+/$",)),
    Sight("desk-machine", "service_desk", "/machines/", (r"/machines/(?!register)[^/]+/$",)),
    Sight("reviews", "approver", "/reviews/"),
    Sight("money", "accountant", "/money/"),
    Sight("accounts", "accountant", "/books/"),
    Sight("account-of", "accountant", "/books/", (r"/books/\d+/$",)),
)
