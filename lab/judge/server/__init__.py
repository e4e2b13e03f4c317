"""The checks of a server, by what they are about."""
