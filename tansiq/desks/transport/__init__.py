"""Transport: manifests of trucks, the codes on what they carry, seals, labels, and scans on the way."""
