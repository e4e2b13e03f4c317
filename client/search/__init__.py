"""Looking for what was said: in the server's history (soju.im/search), and in what is loaded here."""
