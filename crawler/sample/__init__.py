"""The sample of the demo: real works, stand-ins for their PDFs, and the provider that tells of them."""
