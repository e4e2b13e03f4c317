"""The tests: `python3 -m tests` runs them all, `python3 -m tests tests/test_cli.py -k port` some (`__main__`)."""
