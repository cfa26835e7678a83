"""The solidarity action: for whom, until when, in which words, with which address, in which state."""
