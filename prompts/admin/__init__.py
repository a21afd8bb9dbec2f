"""The admin of the words: businesses, their prompts and settings, and who changed them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from . import accounts, audit, business, index, platform, tokens
from .lockout import LoginForm
from .outcomes.results import show_everywhere

__all__ = ["accounts", "audit", "business", "index", "platform", "tokens"]

admin.site.site_header = admin.site.site_title = _("Voice agent")
admin.site.index_title = _("What would you like to do?")
admin.site.site_url = None
admin.site.login_form = LoginForm
index.put_work_first(admin.site)
show_everywhere(admin.site)
