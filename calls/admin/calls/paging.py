"""Pages of lists that nobody counts: their numbers, and their addresses."""

from django.http import HttpRequest, QueryDict

LONGEST_NUMBER = 6  # digits of a page's number


def page_number(request: HttpRequest) -> int:
    """The page that was asked for; the first, where the address says nothing that is a number."""
    typed = request.GET.get("p", "")
    return max(int(typed[:LONGEST_NUMBER]), 1) if typed.isdecimal() else 1


def address(typed: QueryDict, number: int) -> str:
    """Another page of the same list."""
    others = typed.copy()
    others["p"] = str(number)
    return f"?{others.urlencode()}"
