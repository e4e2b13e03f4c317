"""The page on which the user says how the program is to look and behave; all of it holds at once."""
