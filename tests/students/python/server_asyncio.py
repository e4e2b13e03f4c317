# Chat server with asyncio: one coroutine for each client.
import asyncio
import sys

MAX_LINE = 1024 * 1024
MAX_WAITING = 1024 * 1024

writers = {}  # writer -> name


def say(text, author=None):
    for writer in list(writers):
        if writer is not author:
            writer.write((text + "\n").encode())
            if writer.transport.get_write_buffer_size() > MAX_WAITING:
                del writers[writer]
                writer.transport.abort()


async def talk(reader, writer):
    try:
        writer.write("Как вас зовут? ".encode())
        name = (await reader.readline()).decode(errors="replace").strip()
        writers[writer] = name
        say(f"* {name} пришёл", writer)
        while line := await reader.readline():
            say(f"[{name}] {line.decode(errors='replace').rstrip()}", writer)
    except (OSError, ValueError):  # a broken connection; a line that is too long
        pass
    name = writers.pop(writer, "?")
    say(f"* {name} ушёл")
    writer.close()


async def main():
    server = await asyncio.start_server(talk, "127.0.0.1", int(sys.argv[1]), limit=MAX_LINE)
    await server.serve_forever()


asyncio.run(main())
