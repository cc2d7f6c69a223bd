"""What commands are given: options declared once, and values asked for at a terminal."""
