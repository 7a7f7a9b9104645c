"""How fast the portal is on this machine: `make bench` (docs/performance.md)."""
