"""The log in which every act is written: entries, proofs, receipts and the audit."""
