"""Plain text: lines, columns, what a terminal can show. Knows nothing of manifests."""
