"""Servers that are wrong on purpose: read them, find the mistake, and see the experiment that shows it."""
