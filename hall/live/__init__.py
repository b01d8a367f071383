"""The running halls: one path for every command, and what everybody sees of it."""
