"""Records as workbooks that can come back."""
