"""The tests: `python3 -m tests` runs them all; arguments go to pytest (see `__main__`)."""
