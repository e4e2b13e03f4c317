"""What the student learns with: the wire tap, the demo."""
