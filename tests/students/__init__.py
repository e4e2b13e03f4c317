"""Programs as students write them, right and wrong, in five languages: README.md says what each one is."""
