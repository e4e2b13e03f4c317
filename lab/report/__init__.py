"""The student's report."""
