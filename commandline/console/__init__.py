"""The console of a server: a prompt at which its operator types, below what it prints."""
