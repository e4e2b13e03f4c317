"""What the user is told when something cannot be done."""


class UserFacingError(Exception):
    """Something cannot be done; the text is a sentence in the user's language that says what to do about it.

    The launcher prints the text and ends with exit code 2.
    """
