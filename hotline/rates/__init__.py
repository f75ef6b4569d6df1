"""How are we doing? Facts counted day by day, and the rates made of them."""
