"""`python -m app` is `gongheng`."""

from app.cli import main

main()
