"""What test suites import: a throwaway PKI, sample documents and packets, a pytest plugin."""
