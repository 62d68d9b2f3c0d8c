"""Callers who send their request and go away, in tests of what is stopped for them."""

from starlette.types import ASGIApp, Message

from datalab.contracts.identity import Caller


async def hang_up(app: ASGIApp, method: str, path: str, caller: Caller, body: bytes = b"") -> None:
    """Send the request whole, be gone at once, and return when the app has done with it."""
    sent: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return sent.pop() if sent else {"type": "http.disconnect"}

    async def send(_: Message) -> None:
        pass

    bearer = f"Bearer {caller.token.get_secret_value()}"
    headers = {"authorization": bearer, "content-type": "application/json", "content-length": str(len(body))}
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    await app(scope, receive, send)
