"""What is published: the numbers of a closed period, signed, and what changed in them since."""
