"""The libraries that each service needs beyond the common ones."""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec

from datalab.host.doctor.finding import Finding, broken, ok, warning
from datalab.host.doctor.setup import Setup

_MODULES: Mapping[str, tuple[str, ...]] = {
    "data": ("duckdb", "deltalake", "pyarrow"),
    "ai": ("numpy", "onnxruntime", "pandas", "pyarrow", "sklearn", "skl2onnx", "skops"),
    "viz": ("vl_convert", "pyarrow"),
}


async def check(setup: Setup) -> Sequence[Finding]:
    """What is missing of what is asked to run: all in one process, any of them apart."""
    wanted = dict(_MODULES)
    if setup.variables.get("DATALAB_STORAGE_URL"):
        wanted["s3"] = ("obstore",)
    if setup.variables.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        wanted["traces"] = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")
    found = [one for extra, modules in wanted.items() if (one := _of(extra, modules, apart=setup.apart)) is not None]
    return found or [ok("extras", f"installed: {', '.join(wanted)}")]


def _of(extra: str, modules: Sequence[str], *, apart: bool) -> Finding | None:
    missing = [name for name in modules if not _is_there(name)]
    if not missing:
        return None
    name, remedy = f"extra {extra}", f"pip install 'datalab-stack[{extra}]'"
    detail = f"not installed: {', '.join(missing)}"
    if apart and extra in _MODULES:
        return warning(name, f"{detail}; only the {extra} service and its worker need it", remedy)
    return broken(name, detail, remedy)


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
