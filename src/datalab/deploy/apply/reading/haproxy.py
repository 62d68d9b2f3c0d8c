"""What HAProxy itself says of a configuration, on a machine that has neither its certificate nor its account."""

import re
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from datalab.deploy.apply.certificate import ensure_certificate
from datalab.deploy.apply.reading.containers import READ_WITHIN_S, NotReadable
from datalab.deploy.apply.reading.program import find_program

_CERTIFICATE = re.compile(r"\bcrt /\S+/fullchain\.pem")
_ACCOUNT = re.compile(r"(?m)^\s*(?:user|group) \S+$")


def refuse_what_haproxy_refuses(text: str) -> None:
    """Have HAProxy judge a configuration; a warning counts.

    What only the host knows is another one in what it is shown: the certificate, and the account that it becomes.

    Raises:
        NotReadable: HAProxy refuses it.
        Unavailable: There is no HAProxy here.
    """
    haproxy = find_program("haproxy")
    with TemporaryDirectory(prefix="datalab-haproxy-") as made:
        folder = Path(made)
        ensure_certificate(folder, "localhost")
        (folder / "fullchain.pem.key").symlink_to("privkey.pem")
        shown = folder / "haproxy.cfg"
        shown.write_text(_ACCOUNT.sub("", _CERTIFICATE.sub(f"crt {folder}/fullchain.pem", text)))
        done = subprocess.run(  # noqa: S603 - the command is ours, its arguments are no shell's
            (haproxy, "-c", "-dW", "-f", str(shown)),
            capture_output=True,
            text=True,
            timeout=READ_WITHIN_S,
            check=False,
        )
    if done.returncode:
        raise NotReadable(f"haproxy -c: {(done.stderr or done.stdout).strip()[-1000:]}")
