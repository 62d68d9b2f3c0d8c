"""What nginx itself says of a configuration, on a machine that has neither its certificate nor its folders."""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from datalab.deploy.apply.certificate import ensure_certificate
from datalab.deploy.apply.reading.containers import READ_WITHIN_S, NotReadable
from datalab.deploy.apply.reading.program import find_program

_KINDS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
_VERSION = re.compile(r"nginx/(\d+)\.(\d+)\.(\d+)")
_FINDS_NAMES_AGAIN = (1, 27, 3)
"""The first version that knows ``resolve``."""
_KEEPS_CLIENTS = (1, 27, 4)
"""The first that knows ``keepalive_min_timeout``."""
_HTTP2_BY_DIRECTIVE = (1, 25, 1)


def refuse_what_nginx_refuses(texts: Mapping[str, str]) -> None:
    """Have nginx judge a configuration: its own text by the name ``""``, what it includes by the paths it names.

    What only the host knows is another one in what it is shown: folders, certificate, account, addresses to listen on.
    An nginx too old for it is shown names without ``resolve``, and HTTP/2 and how long clients are kept not at all.

    Raises:
        NotReadable: nginx refuses it.
        Unavailable: There is no nginx here.
    """
    nginx = find_program("nginx")
    version = _version(nginx)
    with TemporaryDirectory(prefix="datalab-nginx-") as made:
        folder = Path(made)
        ensure_certificate(folder / "tls", "localhost")
        paths = {path: folder / f"included-{number}.conf" for number, path in enumerate(texts)}
        for path, text in texts.items():
            paths[path].write_text(_shown(text, folder, paths, version))
        done = _run(nginx, "-t", "-q", "-p", made, "-e", f"{folder}/error.log", "-c", str(paths[""]))
    if done.returncode:
        raise NotReadable(f"nginx -t: {done.stderr.strip()}")


def _shown(text: str, folder: Path, paths: Mapping[str, Path], version: tuple[int, ...]) -> str:
    for pattern, replacement in (
        (r"(?m)^\s*user \S+;$", ""),
        (r"(\b(?:error|access)_log) /\S+", rf"\1 {folder}/log"),
        (r"\bpid /\S+;", f"pid {folder}/pid;"),
        (r"(?m)^\s*\w+_temp_path \S+;$", ""),
        (r"ssl_certificate /\S+/", f"ssl_certificate {folder}/tls/"),
        (r"ssl_certificate_key /\S+/", f"ssl_certificate_key {folder}/tls/"),
        (r"\blisten ([\w.:]+)", rf"listen unix:{folder}/\1.socket"),
    ):
        text = re.sub(pattern, replacement, text)
    for path, copy in paths.items():
        text = text.replace(f"include {path};", f"include {copy};") if path else text
    temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in _KINDS)
    text = text.replace("http {", f"http {{ {temporary}", 1)
    if version < _FINDS_NAMES_AGAIN:
        text = re.sub(r"server [\w-]+(:\d+) resolve\b", r"server 127.0.0.1\1", text)
    if version < _KEEPS_CLIENTS:
        text = re.sub(r"(?m)^\s*keepalive_min_timeout \S+;$", "", text)
    return text if version >= _HTTP2_BY_DIRECTIVE else text.replace("http2 on;", "")


def _version(nginx: str) -> tuple[int, ...]:
    match = _VERSION.search(_run(nginx, "-v").stderr)
    return tuple(map(int, match.groups())) if match else ()


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - the command is ours, its arguments are no shell's
        arguments, capture_output=True, text=True, timeout=READ_WITHIN_S, check=False
    )
