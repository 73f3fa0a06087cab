"""Where a generated line comes from, found by experiment: compile is pure, so an input is changed, and a line seen."""
