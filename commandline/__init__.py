"""The command line: what may be said, in which language, and the process's surroundings."""
