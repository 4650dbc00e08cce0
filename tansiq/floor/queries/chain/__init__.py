"""The aid chain over all live consignments: facts of every desk put together, and what is derived of them."""
