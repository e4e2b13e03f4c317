"""The teacher's desk: everybody in the class, and what can be done with them."""
