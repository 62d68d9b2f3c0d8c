"""A store of our own that speaks S3's protocol: SeaweedFS in one process."""

from datalab.deploy.topology.component import (
    GIB,
    Amount,
    CommandProbe,
    Component,
    Mount,
    Network,
    OnFailure,
    Port,
    Probe,
    Resources,
    Role,
    Update,
    secret,
)
from datalab.deploy.topology.images import OBJECT_STORE

NAME = "object-store"
PORT = 8333
BUCKET = "datalab"
ACCOUNT = "datalab"
KEEPING = ("data-service", "data-worker", "ai-service", "ai-worker")
"""The components that keep tables and model files, and so hold the store's keys."""
SECRET = "AWS_SECRET_ACCESS_KEY"  # noqa: S105 - its name
# Its own secret may come from a file, as the others' do; SeaweedFS reads variables only.
_FROM_FILE = f'export {SECRET}="$(cat "${SECRET}_FILE" 2>/dev/null || echo "${SECRET}")"'
_START = f"{_FROM_FILE}; exec weed server -dir=/data -ip=127.0.0.1 -ip.bind=0.0.0.0 -volume.max=0 -s3 -s3.port={PORT}"


def object_store() -> tuple[Component, ...]:
    """The store; it makes its bucket when it starts."""
    return (
        Component(
            name=NAME,
            role=Role.STORE,
            image=OBJECT_STORE,
            command=("sh", "-c", _START),
            ports=(Port(PORT, "s3"),),
            resources=Resources(Amount(1, GIB)),
            networks=frozenset({Network.PLATFORM}),
            health=Probe(
                CommandProbe(("sh", "-c", f"wget -q -O /dev/null http://127.0.0.1:{PORT}/healthz")),
                interval_s=10,
                timeout_s=5,
                retries=5,
                start_s=30,
            ),
            mounts=(Mount("object_store_data", "/data"),),
            scratch=("/tmp",),  # noqa: S108 - inside the container, in memory
            environment={"AWS_ACCESS_KEY_ID": ACCOUNT, "S3_BUCKET": BUCKET},
            secrets=(secret(SECRET),),
            user="10001:10001",
            update=Update(new_first=False, on_failure=OnFailure.PAUSE, drain_s=60),
            callers=KEEPING,
        ),
    )
