"""The one place that holds the program's name and version."""

NAME = "LabChat"
VERSION = "0.1.0"
