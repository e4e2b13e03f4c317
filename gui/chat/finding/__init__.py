"""What finds rooms, people and commands: the list of rooms, the palette, cards and menus of people."""
