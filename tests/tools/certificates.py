"""Certificates for the tests of TLS, made by `openssl` when they are needed; none is kept."""

import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
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
    folder: Path,
    name: str = "cert",
    subject: str = "DNS:localhost,IP:127.0.0.1",
    days: tuple[int, int] = (0, 2),
) -> Certificate:
    """Make a certificate for these hosts.

    Args:
        subject: its subjectAltName.
        days: from when to when it is valid, in days from now.
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
    if days != (0, 2):
        _sign_again(folder, made, days)
    return made


def _sign_again(folder: Path, made: Certificate, days: tuple[int, int]) -> None:
    """Give the certificate another time; of all commands of `openssl` 3.0 only `ca` can."""
    (folder / "index").write_text("")
    (folder / "ca.conf").write_text(
        f"[ca]\ndefault_ca=c\n[c]\ndatabase={folder / 'index'}\nnew_certs_dir={folder}\nrand_serial=yes\n"
        "default_md=sha256\npolicy=p\ncopy_extensions=copyall\n[p]\ncommonName=supplied\n"
    )
    request = folder / "request.pem"
    key, old = ["-signkey", str(made.key)], ["-in", str(made.path)]
    from_it = ["openssl", "x509", "-x509toreq", "-copy_extensions", "copyall", *old, *key]
    subprocess.run([*from_it, "-out", str(request)], check=True, capture_output=True)
    begin, end = (datetime.now(UTC) + timedelta(days=number) for number in days)
    command = ["openssl", "ca", "-batch", "-selfsign", "-notext", "-config", str(folder / "ca.conf")]
    command += ["-keyfile", str(made.key), "-in", str(request), "-out", str(made.path)]
    command += ["-startdate", f"{begin:%Y%m%d%H%M%SZ}", "-enddate", f"{end:%Y%m%d%H%M%SZ}"]
    subprocess.run(command, check=True, capture_output=True)
