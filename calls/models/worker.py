"""A process that carries calls."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Worker(models.Model):
    """One process with calls; a row that is no longer renewed names a process that is gone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    host = models.CharField(_("host"), max_length=255)
    pid = models.CharField(_("process"), max_length=20)
    started_at = models.DateTimeField(_("started"))
    seen_at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")
        ordering = ("-seen_at",)

    def __str__(self) -> str:
        return f"{self.host}:{self.pid}"
