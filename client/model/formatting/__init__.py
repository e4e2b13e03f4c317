"""What makes letters bold, slanted, crossed out or coloured: IRC's codes, and the marks that people type."""
