"""What the window itself asks the server for: the rooms that there are, and who somebody is."""
