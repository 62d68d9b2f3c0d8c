"""DataLab: a self-hosted data platform in one package.

Owns the public Python names: :class:`Client` and :class:`AsyncClient`, loaded when first asked for (PEP 562), so
that starting one service imports no client. Nothing inside the package imports from here.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datalab.client.asynchronous import AsyncClient as AsyncClient
    from datalab.client.synchronous import Client as Client
else:
    _PUBLIC = {"AsyncClient": "datalab.client.asynchronous", "Client": "datalab.client.synchronous"}

    def __getattr__(name: str) -> object:
        if name not in _PUBLIC:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        return getattr(import_module(_PUBLIC[name]), name)


__all__ = ["AsyncClient", "Client"]
