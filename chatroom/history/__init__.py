"""Messages on disk: the store, its file, its rows, the journal before it, and the archive for readers."""
