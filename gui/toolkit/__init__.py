"""Widgets, looks and keys that know nothing of a chat."""
