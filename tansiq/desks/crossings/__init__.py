"""The crossings desk: the day at each crossing, its slots, its queue, and what entered against what was booked."""
