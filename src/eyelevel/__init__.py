"""The science of Twin City Lab: pure numerics on plain arrays, free of any framework, file or clock."""
