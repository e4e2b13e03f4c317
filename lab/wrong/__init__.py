"""Servers that are wrong on purpose: read them, find the mistake, and run the experiment that shows it."""
