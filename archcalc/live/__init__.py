"""The page that follows a file while it is edited: a server of this machine for this machine."""
