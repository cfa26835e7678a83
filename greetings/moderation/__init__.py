"""The desk: the queue, decisions, reports from the public, covers."""
