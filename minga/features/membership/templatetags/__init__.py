"""What templates of membership say."""
