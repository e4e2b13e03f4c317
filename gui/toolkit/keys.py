"""Keys that work in every keyboard layout.

In a Russian layout the C key sends `Cyrillic_es`, so that Tk's own `<Control-c>` never matches. A shortcut is
found here by the letter that is written on the key: where the layout's letters are Latin, that is the letter
itself (the Q of a French keyboard stands where others have the A); in any other script it is the one that an
American keyboard has in this place, whatever the script's letter there (phonetic layouts put ц on the C).
"""

import sys
import tkinter as tk
import unicodedata
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

_X11_ROWS: Final = {19: "0-=", 24: "qwertyuiop", 38: "asdfghjkl", 52: "zxcvbnm,"}
_X11_PLACES: Final = {first + i: letter for first, row in _X11_ROWS.items() for i, letter in enumerate(row)}
"""The key codes of Linux (evdev plus 8)."""
_MAC_ROWS: Final = {0: "asdfhgzxcv", 11: "bqweryt", 31: "ou", 34: "ip", 37: "lj", 40: "k", 43: ",", 45: "nm"}
_MAC_PLACES: Final = {first + i: letter for first, row in _MAC_ROWS.items() for i, letter in enumerate(row)}
"""The virtual key codes of macOS (kVK_ANSI_…), the uppermost of the four bytes of Tk's key code."""
_WINDOWS_COMMA: Final = 0xBC
"""VK_OEM_COMMA."""
_OTHER_SCRIPTS: Final = frozenset((0x4, 0x5, 0x6, 0x7, 0xC, 0xD, 0xE))
"""Upper bytes of X11's keysyms: kana, Arabic, Cyrillic, Greek, Hebrew, Thai, Korean. Others are Unicode's."""
_UNICODE: Final = 0x01000000
"""What X11 adds to a code point to make a keysym of it."""

SHIFT: Final = 0x0001
CONTROL: Final = 0x0004
ALT: Final = 0x20000 if sys.platform == "win32" else 0x0008
COMMAND: Final = 0x0008 if sys.platform == "darwin" else CONTROL
"""The modifier of shortcuts: Ctrl, on macOS ⌘ (as Tk numbers them in `event.state`)."""
EDITS: Final = {"c": "<<Copy>>", "x": "<<Cut>>", "v": "<<Paste>>", "z": "<<Undo>>", "y": "<<Redo>>"}
WALKS: Final = ("<<NextTab>>", "<<PreviousTab>>")
"""Virtual events of Ctrl+Tab and Ctrl+Shift+Tab, which fields would take for their own <Tab>."""
MENU_KEYS: Final = ("<Menu>", "<Shift-F10>", *(("<App>",) if sys.platform == "win32" else ()))
"""What opens the menu of what has the keyboard; Windows has a name of its own for the Menu key."""
LONGEST_LINE: Final = 20_000
"""Characters that a field of one line takes at once."""
TOO_LONG: Final = "<<TooLong>>"
"""Virtual event of such a field: what should have been pasted is longer, and nothing was changed."""
_TAG: Final = "LabKeys"
_PASTE_TAG: Final = "LabPaste"
_EVENTS: Final = {
    "Ctrl+Tab": (WALKS[0],),
    "Ctrl+Shift+Tab": (WALKS[1],),
    "Ctrl++": ("<Control-plus>", "<Control-equal>", "<Control-KP_Add>", "<<Ctrl+=>>", "<<Ctrl+Shift+=>>"),
    "Ctrl+−": ("<Control-minus>", "<Control-KP_Subtract>", "<<Ctrl+->>"),
    "Ctrl+0": ("<Control-Key-0>", "<Control-KP_0>", "<<Ctrl+0>>"),
}
"""Tk's events of keys that are neither a letter nor a function key."""
DIGITS: Final = "1…9"
"""In the name of a key: any digit from 1 to 9."""


class _Typed:
    """What the last letter tells of the keyboard's layout."""

    is_latin = True


def letter(event: "tk.Event[tk.Misc]") -> str:
    """Return the Latin letter (lower case) that is written on the key that was pressed; "" if there is none.

    Also `,`, and in layouts of other scripts `0`, `-` and `=`, where those keys have signs of the script.
    """
    _note_script(event)
    keysym = event.keysym
    if len(keysym) == 1 and keysym.isascii() and keysym.isalpha():
        return keysym.lower()
    code = event.keycode if isinstance(event.keycode, int) else 0
    if sys.platform == "win32":
        # Windows gives virtual-key codes: the letters' are their ASCII codes in any layout.
        return "," if code == _WINDOWS_COMMA else chr(code).lower() if ord("A") <= code <= ord("Z") else ""
    # Some layouts have a sign on the key of a letter: the Greek Q is `;`.
    if _is_of_another_script(event) or (not _Typed.is_latin and 0x20 < _number(event) < 0x7F):
        return _MAC_PLACES.get(code >> 24, "") if sys.platform == "darwin" else _X11_PLACES.get(code, "")
    return "," if keysym == "comma" else ""


def _note_script(event: "tk.Event[tk.Misc]") -> None:
    if event.keysym.isalpha() and event.keysym.isascii() and len(event.keysym) == 1:
        _Typed.is_latin = True
    elif _is_of_another_script(event):
        _Typed.is_latin = False


def _number(event: "tk.Event[tk.Misc]") -> int:
    return event.keysym_num if isinstance(event.keysym_num, int) else 0


def _is_of_another_script(event: "tk.Event[tk.Misc]") -> bool:
    """Tell whether the key has a letter, a mark or a digit of a script that is not Latin."""
    number = _number(event)
    if number < _UNICODE:
        return number >> 8 in _OTHER_SCRIPTS
    char = chr(min(number - _UNICODE, sys.maxunicode))
    return unicodedata.category(char)[0] in "LMN" and not unicodedata.name(char, "LATIN").startswith("LATIN")


def is_shortcut(event: "tk.Event[tk.Misc]") -> bool:
    """Tell whether the shortcut modifier is held (and Alt is not: AltGr is Ctrl+Alt on Windows)."""
    state = event.state if isinstance(event.state, int) else 0
    return bool(state & COMMAND) and not (COMMAND == CONTROL and state & ALT)


def typed(event: "tk.Event[tk.Misc]") -> str:
    """Return what a key writes; "" for a shortcut and for keys that write nothing."""
    state = event.state if isinstance(event.state, int) else 0
    return event.char if event.char.isprintable() and not state & (CONTROL | ALT) else ""


def _is_shifted(event: "tk.Event[tk.Misc]") -> bool:
    return isinstance(event.state, int) and bool(event.state & SHIFT)


def add_editing(widget: tk.Text | tk.Entry) -> None:
    """Give a field copy, cut, paste, undo, redo and select-all in every keyboard layout.

    Tk's Emacs keys (on X11 Ctrl+A is "start of line") make way for what people expect.
    """
    widget.bind_class(_TAG, "<Control-KeyPress>", _edit)
    widget.bind_class(_TAG, "<Control-BackSpace>", _delete_word)
    for event in WALKS:
        widget.bind_class(_TAG, event, partial(_pass_on, event))
    if sys.platform == "darwin":
        widget.bind_class(_TAG, "<Command-KeyPress>", _edit)
    # Before the widget's own bindings: its <Tab> would take Ctrl+Tab as well.
    # And this between its own bindings, which may refuse what is pasted, and Tk's.
    widget.bind_class(_PASTE_TAG, "<<Paste>>", _paste)
    widget.bind_class(_PASTE_TAG, "<<PasteSelection>>", lambda event: _check_line(event, "PRIMARY"))
    first, *others = widget.bindtags()
    widget.bindtags((_TAG, first, _PASTE_TAG, *others))


def _pass_on(name: str, event: "tk.Event[tk.Misc]") -> str:
    event.widget.winfo_toplevel().event_generate(name)
    return "break"


def _edit(event: "tk.Event[tk.Misc]") -> str | None:
    key = letter(event)
    if not is_shortcut(event) or not key:
        return None
    widget = event.widget
    if _is_shifted(event) and _pressed(widget.winfo_toplevel(), event):
        return "break"
    if key == "a":
        select_all(widget)
    elif key in EDITS:
        widget.event_generate(EDITS[key])
    else:
        return _pressed(widget.winfo_toplevel(), event)
    return "break"


def select_all(widget: tk.Misc) -> None:
    """Select all that stands in a field."""
    if isinstance(widget, tk.Text):
        widget.tag_add("sel", "1.0", "end-1c")
    elif isinstance(widget, tk.Entry):
        widget.select_range(0, "end")
        widget.icursor("end")


def _check_line(event: "tk.Event[tk.Misc]", selection: str) -> str | None:
    """Refuse what is no line for a field of one line: with a book in it each key would take a second."""
    widget = event.widget
    if isinstance(widget, tk.Entry) and len(_pasted(widget, selection)) > LONGEST_LINE:
        widget.event_generate(TOO_LONG)
        return "break"
    return None


def _pasted(widget: tk.Misc, selection: str) -> str:
    try:
        return str(widget.tk.call("::tk::GetSelection", widget, selection))  # as Tk itself does
    except tk.TclError:
        return ""


def _paste(event: "tk.Event[tk.Misc]") -> str | None:
    """Delete the selection if something is about to replace it: Tk itself does so everywhere but on X11."""
    widget = event.widget
    if refused := _check_line(event, "CLIPBOARD"):
        return refused
    if not _pasted(widget, "CLIPBOARD"):
        return None
    if isinstance(widget, tk.Text):
        if widget.tag_ranges("sel") and widget.cget("state") == "normal":
            widget.delete("sel.first", "sel.last")
    elif isinstance(widget, tk.Entry) and widget.selection_present():
        widget.delete("sel.first", "sel.last")
    return None


def _delete_word(event: "tk.Event[tk.Misc]") -> str:
    widget = event.widget
    if isinstance(widget, tk.Text):
        before = widget.get("insert linestart", "insert")
        word = before.rstrip()
        keep = len(word) - len(word.split(" ")[-1])
        widget.delete(f"insert-{max(1, len(before) - keep)}c", "insert")
    elif isinstance(widget, tk.Entry):
        before = widget.get()[: widget.index("insert")]
        word = before.rstrip()
        widget.delete(len(word) - len(word.split(" ")[-1]), "insert")
    return "break"


def bind_keys(window: tk.Tk | tk.Toplevel, functions: Mapping[str, Callable[..., object]]) -> None:
    """Let keys call functions, anywhere in a window.

    Args:
        window: call this once for each window.
        functions: by the key as users read it: `F12`, `Shift+F12`; Ctrl (⌘) or Ctrl+Shift with a letter or a
            comma, in every keyboard layout, or Alt with a letter; those of `_EVENTS`; `Alt+1…9`, whose
            function gets the digit.
    """
    window.event_add(WALKS[0], "<Control-Tab>", "<Control-Next>", "<Alt-Down>")
    window.event_add(WALKS[1], "<Control-Shift-Tab>", "<Control-Prior>", "<Alt-Up>")
    if window.tk.call("tk", "windowingsystem") == "x11":
        window.event_add(WALKS[1], "<Control-ISO_Left_Tab>")
    window.bind("<KeyPress>", _note_script, add="+")
    window.bind("<Control-KeyPress>", lambda event: _pressed(window, event))
    window.bind("<Alt-KeyPress>", lambda event: _pressed_with_alt(window, event))
    if sys.platform == "darwin":
        window.bind("<Command-KeyPress>", lambda event: _pressed(window, event))
    for key, function in functions.items():
        if key.endswith(DIGITS):
            for digit in range(1, 10):
                event = _event(key.removesuffix(DIGITS) + f"Key-{digit}")
                window.bind(event, partial(_call, partial(function, digit)))
        else:
            for event in _EVENTS.get(key, (_event(key),)):
                window.bind(event, partial(_call, function))


def _event(key: str) -> str:
    """Return Tk's event of a function key, or the virtual event of Ctrl or Alt with a letter."""
    return f"<<{key}>>" if key[:-1] in ("Ctrl+", "Ctrl+Shift+", "Alt+") else f"<{key.replace('+', '-')}>"


def _call(function: Callable[[], object], _event: "tk.Event[tk.Misc]") -> str:
    function()
    return "break"


def _pressed(window: tk.Misc, event: "tk.Event[tk.Misc]") -> str | None:
    """Make the virtual event of Ctrl with this letter, if the window has bound it; return "break" then."""
    key, held = letter(event), "Ctrl+Shift+" if _is_shifted(event) else "Ctrl+"
    return _make_event(window, held, key) if is_shortcut(event) else None


def _pressed_with_alt(window: tk.Misc, event: "tk.Event[tk.Misc]") -> str | None:
    """The same of Alt with a letter, without Ctrl: that is AltGr on Windows, which writes signs."""
    key, state = letter(event), event.state if isinstance(event.state, int) else 0
    return None if state & CONTROL else _make_event(window, "Alt+", key)


def _make_event(window: tk.Misc, held: str, key: str) -> str | None:
    virtual = _event(held + key.upper())
    if not key or not window.bind(virtual):
        return None
    window.event_generate(virtual)
    return "break"
