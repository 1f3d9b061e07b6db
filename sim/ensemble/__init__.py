"""Many runs: how they are cut into blocks, spread over workers and gathered in order (`pool`)."""
