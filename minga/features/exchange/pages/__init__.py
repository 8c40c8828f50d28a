"""What a person sees of the exchange."""
