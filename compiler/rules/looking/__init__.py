"""The rules that look at the manifest and the plan themselves, whatever the passes have left."""
