"""A class: a server that has an operator. What it keeps, who is in it, and what the operator may do."""
