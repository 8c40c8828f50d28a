"""Who may read, kept: circles, interned audiences and the seats that say since when."""
