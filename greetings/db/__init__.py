"""The database: one metadata, one session a request or command, one commit."""
