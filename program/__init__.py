"""The program itself: its name and version, its folders, its log."""
