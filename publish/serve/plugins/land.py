"""Datasette's plug-in of ``whereused serve``: map tiles drawn from the land outline of the pages, and a policy under which
no page asks another host for anything (https://docs.datasette.io/en/0.65.1/plugin_hooks.html#register-routes-datasette).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from datasette import NotFound, Response, hookimpl

from publish.serve.tiles import SEA, draw_tile

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
App = Callable[[Scope, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; form-action 'self'"
)
_HEADERS = [(b"content-security-policy", _POLICY.encode()), (b"referrer-policy", b"no-referrer"), (b"x-content-type-options", b"nosniff")]


async def tile(request: Any) -> Response:
    """One tile, for a day."""
    z, x, y = (int(request.url_vars[name]) for name in "zxy")
    svg = draw_tile(z, x % 2**z, y) if 0 <= y < 2**z else SEA  # Leaflet asks for tiles beyond the poles and past the date line too
    if svg is None:
        return Response.text("no such tile", status=404)
    return Response(svg, content_type="image/svg+xml", headers={"cache-control": "max-age=86400"})


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> list[tuple[str, Any]]:
    """The address of the tiles."""
    return [(r"^/-/land/(?P<z>\d{1,2})/(?P<x>-?\d{1,4})/(?P<y>-?\d{1,4})\.svg$", tile)]


@hookimpl(tryfirst=True)  # type: ignore[untyped-decorator]
def handle_exception(exception: Exception) -> Response | None:
    """A page that isn't there is told in one line; Datasette's own way prints a traceback and fails where rich is installed."""
    return Response.text("There is no such page here.\n", status=404) if isinstance(exception, NotFound) else None


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper() -> Callable[[App], App]:
    """Every answer says what its page may ask for."""

    def wrap(app: App) -> App:
        async def guarded(scope: Scope, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]) -> None:
            async def send_with_policy(message: Message) -> None:
                if message["type"] == "http.response.start":
                    message["headers"] = [*message.get("headers", []), *_HEADERS]
                await send(message)

            await app(scope, receive, send_with_policy)

        return guarded

    return wrap
