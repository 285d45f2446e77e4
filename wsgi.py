"""The web process for a WSGI server of your own: `gunicorn -w 1 -k gevent wsgi:app`."""

from core.kernel.waiting import patch_process

patch_process()

from app.factory import create_app  # noqa: E402  (the patches must come first)

app = create_app()
