"""A bucket as the settings name it, and its failures in words."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from datalab.contracts.errors import InvalidInput, PlatformError
from datalab.kernel.config.storage import StorageSettings
from datalab.kernel.full_disk import is_full, storage_full
from datalab.kernel.storage.port import ObjectNotFound, StorageUnavailable

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig, S3Config

CACHE: Final = "the disk of the object store's cache"
AGAIN_S: Final = 5.0
_CONNECT: Final = timedelta(seconds=2)
_SILENCE: Final = timedelta(seconds=20)
"""How long the server may send nothing."""
_WHOLE: Final = timedelta(hours=2)
"""How long one answer may take from its beginning to its end."""
_RETRY: "Final[RetryConfig]" = {"max_retries": 2, "retry_timeout": timedelta(seconds=20)}


class Bucket:
    """The place that ``DATALAB_STORAGE_URL`` names. ``objects`` are those below its prefix; nothing is connected yet.

    Raises:
        InvalidInput: A setting can't be; it names the variable.
    """

    def __init__(self, settings: StorageSettings) -> None:
        url = urlsplit(settings.url or "")
        if url.scheme != "s3" or not url.hostname or url.query or url.fragment or url.username:
            raise InvalidInput("DATALAB_STORAGE_URL: it must be s3://bucket or s3://bucket/prefix")
        self.name: Final = f"{url.geturl()} at {_shown(settings)}"
        client: ClientConfig = {
            "allow_http": _may_be_plain(settings),
            "connect_timeout": _CONNECT,
            "read_timeout": _SILENCE,
            "timeout": _WHOLE,
        }
        self.objects: Final = S3Store(
            url.netloc,
            prefix=url.path.strip("/") or None,
            config=_config(settings),
            client_options=client,
            retry_config=_RETRY,
        )

    @contextmanager
    def asked_for(self, key: str) -> Generator[None]:
        """Raise ObjectNotFound and StorageUnavailable for what the client raises."""
        try:
            yield
        except (PermissionDeniedError, UnauthenticatedError) as error:
            raise self.unavailable("refuses the credentials that it was given") from error
        except (BaseError, OSError) as error:
            raise self._told(error, key) from error

    def _told(self, error: Exception, key: str) -> PlatformError:
        """The client's own errors have no number, those of files on this machine have one."""
        if isinstance(error, OSError) and error.errno is not None:
            return storage_full(CACHE) if is_full(error) else self.unavailable(f"can't be used here: {error.strerror}")
        if "NoSuchBucket" in str(error):
            return self.unavailable("has no such bucket")
        if isinstance(error, FileNotFoundError):
            return ObjectNotFound(f"there is no object {key!r}")
        return self.unavailable("can't be reached")

    def unavailable(self, why: str) -> StorageUnavailable:
        """The error that names the store."""
        return StorageUnavailable(f"the object store {self.name} {why}", retry_after_s=AGAIN_S)


def _config(settings: StorageSettings) -> "S3Config":
    config: S3Config = {"region": settings.region}
    if settings.endpoint_url is not None:
        config["endpoint"] = settings.endpoint_url.rstrip("/")
    if settings.access_key_id is not None:
        if settings.secret_access_key is None:
            raise InvalidInput("AWS_SECRET_ACCESS_KEY: AWS_ACCESS_KEY_ID is given, so it is needed too")
        config["access_key_id"] = settings.access_key_id
        config["secret_access_key"] = settings.secret_access_key.get_secret_value()
        if settings.session_token is not None:
            config["session_token"] = settings.session_token.get_secret_value()
    return config


def _may_be_plain(settings: StorageSettings) -> bool:
    if settings.endpoint_url is None or not settings.endpoint_url.startswith("http:"):
        return False
    if not (settings.allow_http or _is_loopback(urlsplit(settings.endpoint_url).hostname or "")):
        raise InvalidInput(
            "AWS_ENDPOINT_URL: http:// is for a server on this machine; use https://, "
            "or allow it with DATALAB_STORAGE_ALLOW_HTTP=true"
        )
    return True


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _shown(settings: StorageSettings) -> str:
    if settings.endpoint_url is None:
        return f"AWS in {settings.region}"
    address = urlsplit(settings.endpoint_url)
    return f"{address.scheme}://{address.netloc.rpartition('@')[2]}"
