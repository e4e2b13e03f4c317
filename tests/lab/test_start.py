"""What a chat's window does not load when it opens, though its laboratory and its menu offer it."""

import subprocess
import sys

from tests.tools.sources import ROOT

LATER = {
    "gui.chat.finding.card_page",
    "gui.chat.finding.command_palette",
    "gui.chat.finding.rooms_page",
    "gui.desk.page",
    "gui.settings.sections",
    "lab.experiments.view",
    "lab.judge.view",
    "lab.report.draft",
    "lab.report.rendering.model",
    "lab.threads.view",
    "lab.wire.view",
    "server",
    "ssl",
    "webbrowser",
}


def test_a_window_opens_without_what_only_its_pages_and_tls_need() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, client_gui, lab.laboratory; print(*sys.modules)"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert "client_gui" in loaded
    assert LATER.isdisjoint(loaded)
