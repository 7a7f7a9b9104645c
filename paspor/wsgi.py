"""What granian serves."""

import os
import sys

from django.core.wsgi import get_wsgi_application

from paspor.kernel import metrics

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "paspor.settings")
# Each worker is a child of the server's main process.
metrics.share(os.getppid())
# How long a thread waits before it asks another one for its turn. By default ten times as
# long: what takes half a millisecond, such as a refusal, waited for each of the bookings
# that were being written beside it (docs/performance.md).
sys.setswitchinterval(0.0005)

application = get_wsgi_application()
