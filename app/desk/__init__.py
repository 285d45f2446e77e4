"""Pages made of several packages: the way in, the to-do list of each role, the API's own page, the style guide."""
