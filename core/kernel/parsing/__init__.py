"""Reading of files that strangers made: in a process without network, files or children, within limits of time, memory and inflation."""
