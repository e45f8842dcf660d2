"""Version 1 of the interface, under /api/v1/; its description is served as /api/v1/openapi.json."""
