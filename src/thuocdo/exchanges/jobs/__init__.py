"""What the machine does later in exchanges, one module per matter."""
