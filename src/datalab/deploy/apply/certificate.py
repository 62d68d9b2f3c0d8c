"""A certificate of one's own, until there is one that browsers know."""

import datetime as dt
import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from datalab.deploy.apply.files import PRIVATE, write

CHAIN, KEY = "fullchain.pem", "privkey.pem"
LIFE = dt.timedelta(days=397)
"""The longest that browsers accept."""


def ensure_certificate(folder: Path, domain: str) -> bool:
    """Make a self-signed pair unless one is there; tells whether it did."""
    if (folder / CHAIN).exists() and (folder / KEY).exists():
        return False
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    write(folder / KEY, pem.decode(), PRIVATE)
    write(folder / CHAIN, _self_signed(key, domain).public_bytes(serialization.Encoding.PEM).decode())
    return True


def _self_signed(key: ec.EllipticCurvePrivateKey, domain: str) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, domain)])
    now = dt.datetime.now(dt.UTC)
    names = [x509.DNSName(each) for each in dict.fromkeys((domain, "localhost"))]
    addresses = [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + LIFE)
        .add_extension(x509.SubjectAlternativeName([*names, *addresses]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
