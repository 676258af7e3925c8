"""Who may come in, and which doors are open to them."""
