"""Who owns what stands in the output, what is done about it, and the lock that remembers choices."""
