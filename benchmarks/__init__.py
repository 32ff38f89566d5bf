"""What the speed claims of the documentation are measured with."""
