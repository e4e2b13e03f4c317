"""The transcript of one conversation: what is drawn, folded, searched, and how it looks."""
