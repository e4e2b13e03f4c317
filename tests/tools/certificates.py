"""Certificates for the tests of TLS, made by `openssl` when they are needed; none is kept."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate and its key."""

    path: Path
    key: Path

    @property
    def fingerprint(self) -> str:
        """Its SHA-256, as `openssl` says it, in lower case without colons."""
        command = ["openssl", "x509", "-in", str(self.path), "-noout", "-fingerprint", "-sha256"]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return said.partition("=")[2].strip().replace(":", "").lower()


def make_certificate(
    folder: Path, name: str = "cert", subject: str = "DNS:localhost,IP:127.0.0.1"
) -> Certificate:
    """Make a certificate for these hosts.

    Args:
        subject: its subjectAltName.
    """
    if not shutil.which("openssl"):
        pytest.skip("no openssl: install it to run the tests of TLS")
    made = Certificate(folder / f"{name}.pem", folder / f"{name}.key")
    options = {"-days": "2", "-subj": "/CN=a test", "-keyout": str(made.key), "-out": str(made.path)}
    command = [
        "openssl",
        "req",
        "-x509",
        "-nodes",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
    ]
    for option in options.items():
        command += option
    for extension in (f"subjectAltName={subject}", "keyUsage=digitalSignature,keyCertSign"):
        command += ["-addext", extension]
    subprocess.run(command, check=True, capture_output=True)
    return made
