"""What happens behind the pages of a browser test, in a process of the server's own kind."""

import asyncio

from tests.browser import rows
from tests.servers import Server


async def run(site: Server, work: str, deeds: str = rows.__name__) -> str:
    """Let one of the deeds of a module be done there; answer what it wrote."""
    code = f"from {deeds} import {work.split('(')[0]}; {work}"
    return await asyncio.to_thread(site.manage, "shell", "--no-imports", "-c", code)
