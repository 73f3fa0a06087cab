"""The target `compose`: a tree that Docker Compose runs, and that calls nothing of ours."""
