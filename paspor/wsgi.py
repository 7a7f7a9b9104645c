"""What granian serves."""

import os

from django.core.wsgi import get_wsgi_application

from paspor.kernel import metrics

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "paspor.settings")
# Each worker is a child of the server's main process.
metrics.share(os.getppid())

application = get_wsgi_application()
