"""Images that stand in for official ones where no registry can be reached, made from Debian's packages."""
