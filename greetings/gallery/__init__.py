"""The wall: what is public, shown as pictures with a proportion; filters, search, permalinks, media."""
