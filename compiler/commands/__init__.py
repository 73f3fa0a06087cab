"""One file a command: read, call, print, exit code."""
