"""The five services. Strangers to each other: none imports another."""
