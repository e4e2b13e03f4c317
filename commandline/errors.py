"""What the user is told when something cannot be done."""


class Refusal(Exception):
    """What was asked for cannot be done; the text is a sentence for the user, and the exit code is 2."""


class NoWindowError(Refusal):
    """No window can be opened: there is no screen, or no tkinter."""
