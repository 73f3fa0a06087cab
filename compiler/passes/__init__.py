"""Pure steps from text to plan. What a step cannot decide it leaves as a defect, without words."""
