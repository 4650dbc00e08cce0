"""What the crossings desk can be asked: the day at each crossing, slots, bookings, and what entered against them."""
