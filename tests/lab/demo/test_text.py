"""The demo as text: every participant gets every line, and nothing is left behind."""

from pathlib import Path

import pytest

from lab.demo.script import script, speakers
from tests.tools.programs import run
from translations import use_language


@pytest.mark.parametrize("clients", [2, 3, 9])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_each_line_is_sent_once_and_received_by_all_others(
    language: str, clients: int, tmp_path: Path
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    environment: dict[str, str | None] = {name: str(temporary) for name in ("TMPDIR", "TEMP", "TMP")}
    result = run("demo", "--text", "--clients", str(clients), "--lang", language, environment=environment)
    assert (result.returncode, result.stderr) == (0, "")
    use_language(language)
    nicks = speakers(clients)
    rows = [row.split(maxsplit=2) for row in result.stdout.splitlines() if row.split(" ")[0] in nicks]
    for step in script(clients, in_windows=False):
        speaker = nicks[step.speaker]
        assert [row[0] for row in rows if row[2] == step.text] == [speaker]
        heard = [row[0] for row in rows if row[2] == f"{speaker}: {step.text}"]
        assert heard == [nick for nick in nicks if nick != speaker]
    assert list(temporary.iterdir()) == []
