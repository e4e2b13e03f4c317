"""Messages on disk: the store, its file and lock, its rows, and what has come before."""
