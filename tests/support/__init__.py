"""What several tests share: builders, strategies, reference implementations, known results."""
