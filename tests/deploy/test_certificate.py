"""A certificate of one's own: made once, for the names that browsers call."""

import stat
from pathlib import Path

from cryptography import x509

from datalab.deploy.apply.certificate import ensure_certificate


def test_it_is_made_once_and_its_key_is_private(tmp_path: Path):
    assert ensure_certificate(tmp_path, "lab.example.org")
    made = (tmp_path / "fullchain.pem").read_bytes()
    names = x509.load_pem_x509_certificate(made).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["lab.example.org", "localhost"]
    assert stat.S_IMODE((tmp_path / "privkey.pem").stat().st_mode) == 0o600
    assert not ensure_certificate(tmp_path, "lab.example.org")
    assert (tmp_path / "fullchain.pem").read_bytes() == made
