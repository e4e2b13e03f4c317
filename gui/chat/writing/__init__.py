"""What helps with writing: emoji, who else writes, and what is too long."""
