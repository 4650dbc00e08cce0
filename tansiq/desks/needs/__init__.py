"""The needs desk: caseloads, coverage, days of stock, exposed sites, storms, and who did what where for whom."""
