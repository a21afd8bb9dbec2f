"""One call, without sockets, clock or database.

What travels (frames, events, commands, records, configurations) is a frozen structure; a session
makes some for each frame of sound. What a call keeps and changes is a class of its own.
"""
