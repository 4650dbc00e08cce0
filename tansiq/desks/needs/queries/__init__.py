"""What the needs desk can be asked: caseloads, cover, pipeline, days of stock, exposure, storms, 5W."""
