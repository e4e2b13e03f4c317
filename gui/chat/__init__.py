"""The page of a chat and its parts."""
