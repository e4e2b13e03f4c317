"""What clients can ask for: a file for each family of commands. `chatroom.dispatch` finds them by itself."""
