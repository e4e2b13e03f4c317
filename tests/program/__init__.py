"""Tests of the program itself: its folders, its files, its end."""
