"""The attack of 2017 played against the portal of today: `make attack` (docs/attack.md)."""
