"""Pictures of the program's own windows, which the program takes itself."""
