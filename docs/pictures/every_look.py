"""Make pictures of the program's looks: `python3 docs/pictures/every_look.py FOLDER [LOOK …]`.

Without names, of all pages, dialogs and states in `tests/tools/looks`, each in both languages, both themes,
at 100 % on a projector's 1024×768 and at 200 % on a laptop's 1920×1080; `--sheet` puts those that differ in
language, theme and scale beside each other. Needs Xvfb and ImageMagick (`import`, `montage`).
"""

import argparse
import os
import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from gui.toolkit.theme import Root
from program.files import temporary_folder
from program.folders import temporary_files
from tests.tools.looks import LOOKS, SIZES, shown
from tests.tools.screen import virtual_screen
from translations import use_language

SCREEN: Final = "1920x1080x24"
LANGUAGES: Final = ("ru", "en")
THEMES: Final = ("light", "dark")
CHILD: Final = "EVERY_LOOK_SCREEN"
"""A variable that is set where another process of this script has made a screen."""


def make(folder: Path, names: list[str], language: str, theme: str, scale: int, size: str) -> None:
    """Make the pictures of these looks, of windows of this size in pixels (`WIDTHxHEIGHT`)."""
    use_language(language)
    for name in names:
        root = Root()
        root.tk.call("tk", "scaling", 96 / 72 * scale)
        file = folder / f"{name}-{language}-{theme}-{scale}00.png"
        with shown(root, name, theme, size) as window:
            area = f"{window.winfo_width()}x{window.winfo_height()}"
            area += f"+{window.winfo_rootx()}+{window.winfo_rooty()}"
            subprocess.run(["import", "-window", "root", "-crop", area, "+repage", file], check=True)
        print(file, flush=True)
        if root.tk.call("info", "commands", "."):
            root.destroy()


def put_together(folder: Path, names: list[str]) -> None:
    """Make for each look one picture of all that were taken of it."""
    for name in names:
        files = sorted(folder.glob(f"{name}-??-*-?00.png"))
        sheet = folder / f"sheet-{name}.png"
        options = ["-tile", "2x", "-geometry", "960x720>+6+6", "-background", "#808080"]
        subprocess.run(["montage", *files, *options, sheet], check=True)
        print(sheet, flush=True)


def main() -> int:
    """Make the pictures that the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("looks", nargs="*", metavar="LOOK", help=" ".join(LOOKS))
    parser.add_argument("--language", choices=LANGUAGES)
    parser.add_argument("--theme", choices=THEMES)
    parser.add_argument("--scale", type=int, choices=SIZES)
    parser.add_argument("--size", help="WIDTHxHEIGHT instead of the scale's")
    parser.add_argument("--sheet", action="store_true")
    options = parser.parse_args()
    names = options.looks or list(LOOKS)
    if unknown := set(names) - set(LOOKS):
        parser.error(f"no such look: {', '.join(sorted(unknown))}")
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.language and options.theme and options.scale and CHILD in os.environ:
        make(options.folder, names, options.language, options.theme, options.scale, options.size)
        return 0
    with virtual_screen(SCREEN) as display, temporary_folder(temporary_files()) as home:
        # Its own user: no settings, no history.
        user = {name: str(home) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
        environment = {**os.environ, **user, "DISPLAY": display, "CHAT_NO_DISCOVERY": "1", CHILD: "1"}
        for language, theme, scale in product(
            (options.language,) if options.language else LANGUAGES,
            (options.theme,) if options.theme else THEMES,
            (options.scale,) if options.scale else SIZES,
        ):
            # A process for each: Tk reads the scaling only once.
            command = [sys.executable, __file__, str(options.folder), *names]
            command += ["--language", language, "--theme", theme, "--scale", str(scale)]
            command += ["--size", options.size or SIZES[scale]]
            subprocess.run(command, check=True, env=environment)
    if options.sheet:
        put_together(options.folder, names)
    return 0


if __name__ == "__main__":
    sys.exit(main())
