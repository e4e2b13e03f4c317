"""A document of headings, tables and figures, drawn as a page for the browser or for a word processor."""
