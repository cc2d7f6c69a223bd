"""Write records as workbooks that can be changed and imported again."""
