"""Reading a conversation: where one stopped, what is answered, what is copied, one person alone."""
