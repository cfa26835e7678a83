"""Moderators: invitations, passwords, one-time passwords, sessions on the server."""
