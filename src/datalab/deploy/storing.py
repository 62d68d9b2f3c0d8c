"""Where tables and model files are kept: in volumes, or in an object store that the operator chose."""

from dataclasses import replace

from datalab.deploy.choices import ObjectStore
from datalab.deploy.topology.component import Component, Need, secret
from datalab.deploy.topology.object_store import ACCOUNT, BUCKET, KEEPING, NAME, PORT, SECRET


def storing(component: Component, chosen: ObjectStore) -> Component:
    """The component with what it needs to keep things there; unchanged when it keeps nothing, or in volumes."""
    if component.name not in KEEPING or not (chosen.own or chosen.url):
        return component
    needs = (*component.needs, Need(NAME)) if chosen.own else component.needs
    keys = (replace(secret(SECRET), made=chosen.own),) if chosen.own or chosen.keys else ()
    environment = {**component.environment, **(_own() if chosen.own else _elsewhere(chosen))}
    return replace(component, needs=needs, environment=environment, secrets=(*component.secrets, *keys))


def _own() -> dict[str, str]:
    return {
        "DATALAB_STORAGE_URL": f"s3://{BUCKET}",
        "DATALAB_STORAGE_ALLOW_HTTP": "true",
        "AWS_ENDPOINT_URL": f"http://{NAME}:{PORT}",
        "AWS_ACCESS_KEY_ID": ACCOUNT,
    }


def _elsewhere(chosen: ObjectStore) -> dict[str, str]:
    address = {"AWS_ENDPOINT_URL": chosen.endpoint} if chosen.endpoint else {}
    account = {"AWS_ACCESS_KEY_ID": "${AWS_ACCESS_KEY_ID:-}"} if chosen.keys else {}
    return {"DATALAB_STORAGE_URL": chosen.url or "", "AWS_REGION": chosen.region, **address, **account}
