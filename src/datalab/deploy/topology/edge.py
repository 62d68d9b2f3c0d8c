"""What stands between the world and the gateway: a reverse proxy with TLS, and the task that sees to its certificate."""

from datalab.deploy.topology.component import (
    MIB,
    Amount,
    CommandProbe,
    Component,
    Condition,
    File,
    Mount,
    Need,
    Network,
    NewFiles,
    OnFailure,
    Port,
    Probe,
    Resources,
    Role,
    Update,
)
from datalab.deploy.topology.images import NGINX, own

NGINX_FOLDER = "infrastructure/nginx"
_FOLDER = "/etc/nginx/datalab"
"""A folder, not files: what replaces a file in it is seen at the next reload."""
HTTP_PORT, HTTPS_PORT = 8080, 8443
"""What the proxy listens on inside its container: an account that isn't root opens nothing below 1024."""
RUN = "/tmp"  # noqa: S108 - inside the container, in memory: all that the proxy writes
TLS = Mount("tls", "/tls")

_START = (
    "sh",
    "-c",
    f"mkdir -p {RUN}/upstreams && cp -n {_FOLDER}/upstreams/*.conf {RUN}/upstreams/ && exec nginx -c {_FOLDER}/nginx.conf -g 'daemon off;'",
)
"""The instances stand in files of their own, so that an update can take one out before it stops it."""


def edge() -> tuple[Component, ...]:
    """The certificate's task and the proxy."""
    return (_certificates(), _nginx())


def _certificates() -> Component:
    return Component(
        name="certificates",
        role=Role.TASK,
        image=own("api-gateway"),
        command=("datalab", "deploy", "certificate", "--folder", TLS.path, "--domain", "${DOMAIN:-localhost}"),
        resources=Resources(Amount(0.5, 256 * MIB)),
        networks=frozenset(),
        mounts=(TLS,),
        scratch=("/tmp",),  # noqa: S108 - inside the container, in memory
    )


def _nginx() -> Component:
    return Component(
        name="nginx",
        role=Role.EDGE,
        image=NGINX,
        command=_START,
        ports=(
            Port(HTTP_PORT, "http", published=80, address=None),
            Port(HTTPS_PORT, "https", published=443, address=None),
        ),
        resources=Resources(Amount(0.5, 256 * MIB)),
        networks=frozenset({Network.EDGE}),
        health=Probe(CommandProbe(("sh", "-c", f"kill -0 $(cat {RUN}/nginx.pid)"))),
        needs=(Need("certificates", Condition.COMPLETED), Need("api-gateway")),
        mounts=(TLS,),
        files=(File(NGINX_FOLDER, _FOLDER),),
        new_files=NewFiles.RELOAD,
        scratch=(RUN,),
        user="10001:10001",
        update=Update(new_first=False, on_failure=OnFailure.ROLL_BACK, drain_s=60),
    )
