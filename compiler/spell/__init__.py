"""One encoder and writer for each output language: the only doors by which a value enters an output."""
