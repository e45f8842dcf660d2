"""Report against reality: the list of findings, each as a story, and the samples to verify with their error rate."""
