"""What waits for a decision about tasks: disputes, requests for more time, successions, judgements."""
