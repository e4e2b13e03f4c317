"""The widgets that client_gui.py puts together."""
