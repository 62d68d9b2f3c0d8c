"""Settings of the store that tables and files are kept in."""

from typing import Annotated

from pydantic import Field, SecretStr

from datalab.kernel.config.environment import Environment


class StorageSettings(Environment):
    """Where tables and files are kept. Folders under the home, unless ``DATALAB_STORAGE_URL`` names an S3 store.

    Keys that aren't given here are looked for where AWS puts them: web identity, container or instance credentials.
    """

    url: Annotated[str | None, Field(validation_alias="DATALAB_STORAGE_URL")] = None
    """`s3://bucket/prefix`: tables and model files are kept there instead of in folders under the home."""
    endpoint_url: Annotated[str | None, Field(validation_alias="AWS_ENDPOINT_URL")] = None
    """The address of an S3-compatible server; AWS's own for the region unless given."""
    region: Annotated[str, Field(validation_alias="AWS_REGION")] = "us-east-1"
    """The bucket's region."""
    access_key_id: Annotated[str | None, Field(validation_alias="AWS_ACCESS_KEY_ID")] = None
    """The account's key."""
    secret_access_key: Annotated[SecretStr | None, Field(validation_alias="AWS_SECRET_ACCESS_KEY")] = None
    """The secret that belongs to the key."""
    session_token: Annotated[SecretStr | None, Field(validation_alias="AWS_SESSION_TOKEN")] = None
    """The token that belongs to a temporary key."""
    allow_http: Annotated[bool, Field(validation_alias="DATALAB_STORAGE_ALLOW_HTTP")] = False
    """Whether a server elsewhere than on this machine may be spoken to without TLS."""
    cache_mib: Annotated[int, Field(validation_alias="DATALAB_STORAGE_CACHE_MIB", ge=1)] = 10_240
    """MiB of files of the store that are kept under `cache/objects` in the home; the longest unused go first."""
