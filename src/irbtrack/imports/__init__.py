"""What a sheet says, held against the register, as a plan of changes."""
