"""Signing in: allauth's flow with our pages; accounts are opened by administrators only.

The folders here carry allauth's template names: `allauth/elements` gives all of its pages our look, the
others replace single pages. Its sentences are translated in locale/vi.
"""
