"""What coordination can be asked: words, standings, lists, one asking with its story, routes, links of the chain."""
