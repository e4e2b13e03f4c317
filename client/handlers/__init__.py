"""What the server says, by family: each file enters its handlers into the table."""
