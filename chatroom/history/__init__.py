"""Messages on disk: the store, its file, its rows, what came before, and the archive for readers."""
