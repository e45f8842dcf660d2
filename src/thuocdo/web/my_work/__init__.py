"""My work today: what waits for the person who looks, each with the one action that moves it."""
