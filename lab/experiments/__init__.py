"""The experiments: each a question, a prediction, and what was seen in real bytes."""
