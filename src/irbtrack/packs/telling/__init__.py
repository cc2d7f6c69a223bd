"""The sections of a board pack: what they tell, from the register."""
