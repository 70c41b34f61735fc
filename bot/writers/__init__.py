"""Writers: from a brief to a draft."""
