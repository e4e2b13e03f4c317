"""What each thread is doing, live."""
