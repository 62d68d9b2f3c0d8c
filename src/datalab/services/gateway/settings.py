"""The gateway's own variables."""

from typing import Annotated

from pydantic import Field

from datalab.kernel.config.environment import Environment


class GatewaySettings(Environment):
    """Limits in requests a second; a burst is how many may come at once after a pause."""

    rate_limit: Annotated[float, Field(validation_alias="DATALAB_RATE_LIMIT", gt=0)] = 100
    """Requests a second that one identity may make."""
    rate_limit_burst: Annotated[int, Field(validation_alias="DATALAB_RATE_LIMIT_BURST", ge=1)] = 300
    """Requests that one identity may make at once after a pause."""
    rate_limit_sign_in: Annotated[float, Field(validation_alias="DATALAB_RATE_LIMIT_SIGN_IN", gt=0)] = 10
    """Attempts to sign in a second from one address."""
    rate_limit_sign_in_burst: Annotated[int, Field(validation_alias="DATALAB_RATE_LIMIT_SIGN_IN_BURST", ge=1)] = 10
    """Attempts to sign in at once from one address after a pause."""
    access_token_s: Annotated[int, Field(validation_alias="DATALAB_ACCESS_TOKEN_S", ge=2, le=86400)] = 900
    """Seconds that an access token is good; people's sessions and running jobs get new ones in time."""
    session_idle_s: Annotated[int, Field(validation_alias="DATALAB_SESSION_IDLE_S", ge=300)] = 7 * 86400
    """Seconds after which a session that isn't used ends."""
    session_s: Annotated[int, Field(validation_alias="DATALAB_SESSION_S", ge=300)] = 30 * 86400
    """Seconds after which a session ends however much it is used."""
    probe_interval_s: Annotated[float, Field(validation_alias="DATALAB_GATEWAY_PROBE_S", gt=0)] = 5
    """Seconds between two looks at every instance in the registry."""
    websockets: Annotated[int, Field(validation_alias="DATALAB_WEBSOCKETS", ge=1)] = 1000
    """WebSockets that one process of the gateway holds open at once."""
    websockets_per_identity: Annotated[int, Field(validation_alias="DATALAB_WEBSOCKETS_PER_IDENTITY", ge=1)] = 50
    """WebSockets that one identity holds open at once in one process of the gateway."""
    websocket_check_s: Annotated[float, Field(validation_alias="DATALAB_WEBSOCKET_CHECK_S", gt=0)] = 15
    """Seconds after which it is looked at again whether the credential that opened a WebSocket is still good."""
    audit_days: Annotated[int, Field(validation_alias="DATALAB_AUDIT_DAYS", ge=1)] = 365
    """Days that the audit trail is kept."""
