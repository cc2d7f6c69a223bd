"""Charts and plans as drawings, in colours that everyone can tell apart."""
