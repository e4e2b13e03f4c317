"""The page that searches what was said, on the server or in what is loaded."""
