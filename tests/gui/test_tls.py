"""The window and TLS: a certificate that nobody vouches for is shown, trusted by hand, and remembered."""

import tkinter as tk
from pathlib import Path

import pytest

from client.settings import Settings, load, save
from gui.chat.connect_page import Form
from tests.tools.certificates import make_certificate
from tests.tools.irc import Irc
from tests.tools.windows import chat_window, shows, until


def test_an_unknown_certificate_is_asked_about_once(root: tk.Tk, irc: Irc, tmp_path: Path) -> None:
    made = make_certificate(tmp_path)
    started = irc.server(tls_cert=made.path, tls_key=made.key, tls_port=0)
    form = Form(f"127.0.0.1:{started.tls_port}", "Анна", "#lab", tls=True)
    with chat_window(root) as window:
        window.connect(form)
        page = window.connect_page
        until(root, page._trust.winfo_ismapped)
        colons = ":".join(made.fingerprint.upper()[i : i + 2] for i in range(0, 64, 2))
        assert colons in page.fields["server"].error
        page._trust.invoke()
        until(root, lambda: shows(window, "#lab"))
        settings = window.main_window.settings
    assert settings.fingerprints == {form.address: made.fingerprint}
    assert settings.tls


@pytest.mark.parametrize("believed", [True, False])
def test_a_remembered_certificate_is_not_asked_about_but_another_one_is(
    root: tk.Tk, irc: Irc, tmp_path: Path, believed: bool
) -> None:
    made = make_certificate(tmp_path)
    started = irc.server(tls_cert=made.path, tls_key=made.key, tls_port=0)
    address = f"127.0.0.1:{started.tls_port}"
    known = made.fingerprint if believed else "0" * 64
    assert save(lambda _kept: Settings("Анна", address, tls=True, fingerprints={address: known}))
    with chat_window(root, load()) as window:
        window.connect_page.submit()
        trust = window.connect_page._trust
        until(root, lambda: shows(window, "#lab") or trust.winfo_ismapped())
        assert shows(window, "#lab") is believed


def test_the_tls_port_is_meant_where_none_is_named() -> None:
    assert Form("localhost", tls=True).place == ("localhost", 6697)
    assert Form("localhost").place == ("localhost", 6667)
    assert Form("localhost:7000", tls=True).place == ("localhost", 7000)
