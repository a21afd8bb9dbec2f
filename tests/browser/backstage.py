"""What happens behind the pages of a browser test, in a process of the server's own kind."""

import asyncio

from tests.servers import Server


async def run(site: Server, work: str) -> str:
    """Let one of the deeds of `rows` be done there; answer what it wrote."""
    code = f"from tests.browser import rows; rows.{work}"
    return await asyncio.to_thread(site.manage, "shell", "--no-imports", "-c", code)
