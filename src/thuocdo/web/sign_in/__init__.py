"""Signing in: allauth's flow with our pages; accounts are opened by administrators only."""
