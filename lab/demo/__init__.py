"""The conversation that shows the program: as text and in windows."""
