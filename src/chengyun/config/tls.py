"""Certificates for `chengyun serve --tls`: the county's own, or one made here and signed by itself."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from chengyun.core.instants import now

# Browsers refuse certificates that are valid for longer.
VALID = dt.timedelta(days=397)
# The clock of whoever connects may be a little behind.
BACKDATED = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Pair:
    certificate: Path
    key: Path

    @property
    def fingerprint(self) -> str:
        """SHA-256 as browsers show it, to be compared by whoever accepts a self-signed certificate."""
        found = x509.load_pem_x509_certificate(self.certificate.read_bytes()).fingerprint(hashes.SHA256())
        return ":".join(f"{byte:02X}" for byte in found)


def names_of_this_machine(hosts: Iterable[str], listen: str) -> list[str]:
    """What browsers may call it by: the configured hosts, the machine's name, the address that it listens on."""
    configured = [host.strip("[]").lstrip(".") for host in hosts if host != "*"]
    own = [socket.gethostname(), listen if listen not in ("0.0.0.0", "::") else "", *_addresses(listen)]
    return list(dict.fromkeys(name for name in [*configured, *own, "localhost"] if name))


def _addresses(listen: str) -> list[str]:
    if listen not in ("0.0.0.0", "::"):
        return []
    try:
        found = socket.getaddrinfo(socket.gethostname(), None)
    except OSError:  # a machine that does not know its own name
        return []
    return [str(each[4][0]).partition("%")[0] for each in found]


def make(pair: Pair, names: list[str]) -> None:
    """Write a new key, readable by its owner alone, and a certificate for these names. Never replaces a file."""
    key = ec.generate_private_key(ec.SECP256R1())
    pair.certificate.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pair.key.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _write(pair.key, secret)
    _write(pair.certificate, _signed(key, names).public_bytes(serialization.Encoding.PEM))


def _signed(key: ec.EllipticCurvePrivateKey, names: list[str]) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
    moment = now()
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - BACKDATED)
        .not_valid_after(moment - BACKDATED + VALID)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    )
    return builder.sign(key, hashes.SHA256())


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name.encode("idna").decode())


def _write(file: Path, content: bytes) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
