"""Components of the exchange's pages."""
