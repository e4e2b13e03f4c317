"""The verbs of a class: a file for each family. `table.run_verb` is for the command CLASS and the console."""

from chatroom.commands.verbs import asking, deciding, keeping, moving, speaking  # noqa: F401
