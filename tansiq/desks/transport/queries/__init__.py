"""What the transport desk can be asked: settings of the operation, manifests, codes, scans and differences."""
