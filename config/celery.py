"""Celery: the one list of periodic work, each with the reason for its rhythm."""

import os

from celery import Celery
from celery.schedules import crontab
from kombu import Exchange, Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("dispatch")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# The nameless exchange puts a message straight onto its queue. Any other keeps its routes in the broker, and a flushed
# broker would then drop every message without a word until somebody reconnects.
app.conf.task_queues = [Queue("celery", Exchange(""), routing_key="celery")]

app.conf.beat_schedule = {
    # A breach must be visible within 15 s of its due instant; the verdict itself never depends on this rhythm.
    # A tick that waited longer than the next one is worthless, so it expires instead of piling up.
    "flag-overdue": {"task": "dispatch.tasks.flag_overdue", "schedule": 10.0, "options": {"expires": 10}},
    # The running month is assessed every night, so that units see proposals while memory is fresh.
    "assess-running-month": {
        "task": "penalties.tasks.assess_running_month",
        "schedule": crontab(hour=2, minute=10),
    },
    # Art. 6: the past month's proposals are due with the monthly assessment, on the 1st.
    "assess-past-month": {
        "task": "penalties.tasks.assess_past_month",
        "schedule": crontab(day_of_month=1, hour=3, minute=10),
    },
}
