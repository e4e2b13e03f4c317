"""What the Windows executable carries besides the program: its icon and its manifest."""
