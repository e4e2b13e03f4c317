"""The command line: options, what each command does, the process and its console."""
