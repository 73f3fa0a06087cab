"""The kinds of infrastructure: folders of data, shipped and the project's own."""
