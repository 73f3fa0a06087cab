"""What a plan is written down as: one room a target."""
