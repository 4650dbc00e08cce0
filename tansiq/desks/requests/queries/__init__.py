"""What the requests desk reads: requests, standings, precedents, tokens, links of the chain."""
