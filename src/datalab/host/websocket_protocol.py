"""uvicorn's WebSockets, told the truth when the server stops: it goes away, and does not restart."""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import State

GOING_AWAY = 1001


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """Closes with 1001 when the server drains, so that clients come again elsewhere."""

    def shutdown(self) -> None:
        """Say goodbye and close the connection."""
        if not self.handshake_complete or self.close_sent or self.conn.state is not State.OPEN:
            super().shutdown()
            return
        self.stop_keepalive()
        self.queue.put_nowait({"type": "websocket.disconnect", "code": GOING_AWAY, "reason": "the server stops"})
        self.conn.send_close(GOING_AWAY, "the server stops")
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.transport.close()
