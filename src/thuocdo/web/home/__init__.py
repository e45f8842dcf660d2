"""What everybody may see without signing in: progress, the responsible body, the result; no names of persons."""
