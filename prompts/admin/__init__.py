"""The admin of the words: businesses, their prompts and settings, and who changed them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from . import accounts, audit, business, index, platform, results, tokens

__all__ = ["accounts", "audit", "business", "index", "platform", "results", "tokens"]

admin.site.site_header = admin.site.site_title = _("Voice agent")
admin.site.index_title = _("What would you like to do?")
admin.site.site_url = None
index.put_work_first(admin.site)
results.show_everywhere(admin.site)
