"""What every field has in which text is written or chosen."""
