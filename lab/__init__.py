"""The laboratory: what a student sees and tries. Each folder is an exhibit."""
