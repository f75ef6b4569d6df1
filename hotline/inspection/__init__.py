"""Quality inspection: what operators did, drawn by a stored seed and scored by somebody else."""
