"""Whom never to ask for a full text: links come from outside, and must not lead into the user's own network."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.error import DNSLookupError

from crawler.manners.loop import reactor

TRANSLATORS = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))  # NAT64: RFC 6052, RFC 8215
# No web server has these, though Python counts them among the open ones: relays of 6to4 (RFC 7526), documentation (RFC 9637).
NOBODYS = (ipaddress.IPv4Network("192.88.99.0/24"), ipaddress.IPv6Network("3fff::/20"))
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class ForbiddenAddress(IgnoreRequest):
    """A link that leads to this machine, the local network, or no web server."""


def is_allowed(address: Address, *, allow_loopback: bool) -> bool:
    """Whether an address belongs to the open internet; loopback only where the user allows it.

    An IPv6 address that stands for an IPv4 one is as good as that one; those of tunnels and translators (NAT64, 6to4, Teredo),
    which lead to an IPv4 address by somebody else's way, are never allowed.
    """
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return is_allowed(address.ipv4_mapped, allow_loopback=allow_loopback)
        if address.sixtofour or address.teredo or address.is_site_local or any(address in net for net in TRANSLATORS):
            return False
    if address.is_loopback:
        return allow_loopback
    if any(address in net for net in NOBODYS):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


class AddressMiddleware:
    """Checks every hop of a full text: http(s), no user name, and an address of the open internet.

    The name is resolved through Scrapy's own cache of names, so that the connection goes to the address that was checked; the
    address of the answer is checked too.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AddressMiddleware:
        return cls(crawler)

    def _check(self, address: Address) -> None:
        session = self.crawler.spider.session  # type: ignore[union-attr]
        if not is_allowed(address, allow_loopback=session.config.allow_loopback):
            raise ForbiddenAddress("the link leads into a private network")

    async def process_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
            raise ForbiddenAddress("the link is no plain web address")
        try:
            self._check(ipaddress.ip_address(parts.hostname))
        except ValueError:
            if not request.meta.get("proxy"):  # then the proxy finds the address
                await self._check_name(parts.hostname)

    async def _check_name(self, name: str) -> None:
        try:
            found = await maybe_deferred_to_future(reactor().resolve(name))
        except DNSLookupError:
            return  # the download fails in the same way, and says so
        self._check(ipaddress.ip_address(found))

    def process_response(self, request: Request, response: Response) -> Response:
        if response.ip_address is not None and not request.meta.get("proxy"):
            self._check(response.ip_address)
        return response
