"""Changes to a manifest that leave every other byte as it is."""
