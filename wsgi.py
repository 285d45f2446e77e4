"""The web process for a WSGI server of your own: `gunicorn -w 1 -k gevent wsgi:app`."""

from gevent import monkey

monkey.patch_all()

from app.factory import create_app  # noqa: E402  (the patches must come first)

app = create_app()
