"""A server that is far away: python http_distance.py PORT ROUND_TRIP_MILLIS prints the port by which 127.0.0.1:PORT is so far."""

import asyncio
import sys
import time

PIECE = 1 << 18


async def carry(reader, writer, seconds):
    on_the_way = asyncio.Queue()

    async def arrive():
        while True:
            when, content = await on_the_way.get()
            await asyncio.sleep(max(0, when - time.monotonic()))
            if not content:
                break
            writer.write(content)
            await writer.drain()
        writer.close()

    arriving = asyncio.create_task(arrive())
    content = b"."
    while content:
        try:
            content = await reader.read(PIECE)
        except OSError:
            content = b""
        on_the_way.put_nowait((time.monotonic() + seconds, content))
    try:
        await arriving
    except OSError:
        # Whoever it is for has gone.
        writer.close()


async def main(target, round_trip_millis):
    seconds = round_trip_millis / 2000

    async def connected(reader, writer):
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", target, limit=4 * PIECE)
        await asyncio.gather(carry(reader, server_writer, seconds), carry(server_reader, writer, seconds))

    server = await asyncio.start_server(connected, "127.0.0.1", 0, limit=4 * PIECE)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
