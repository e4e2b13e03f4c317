"""What the desktop around the windows is asked for, on each system."""
