"""The distribution desk: warehouses and stock, releases to partners, plans, reports, monitoring and complaints."""
