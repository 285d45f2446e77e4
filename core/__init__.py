"""The ground: identity, web and kernel, which every other package stands on."""
