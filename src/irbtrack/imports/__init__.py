"""Compare what a sheet says with the register, and plan the changes."""
