"""The "6 rõ" list: which tasks leave what open, by body, and where each is mended."""
