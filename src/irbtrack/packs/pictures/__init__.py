"""Pictures that a council gives: what can be shown, and what is refused."""
