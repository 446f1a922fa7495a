"""Python's aiohttp behind the commands of dev.weft.benchmarks.http.Worker: http_aiohttp.py CONNECTIONS FIRST_URL CERTIFICATE"""

import asyncio
import json
import resource
import ssl
import sys
import time

import aiohttp


async def fetch(session, url, took):
    begin = time.perf_counter()
    async with session.get(url) as response:
        async for _ in response.content.iter_any():
            pass
        response.raise_for_status()
    took.append((time.perf_counter() - begin) * 1e6)


async def get(session, url, in_flight, requests):
    took, left = [], iter(range(requests))

    async def client():
        for _ in left:
            await fetch(session, url, took)

    wall, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(client() for _ in range(in_flight)))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    took.sort()
    figures = {"requests": requests, "seconds": wall, "cpuMicros": cpu * 1e6 / requests,
               "rssMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
    for name, share in (("p50", 0.5), ("p99", 0.99), ("p999", 0.999)):
        figures[name] = took[min(requests - 1, int(requests * share))]
    return figures


async def main():
    trust = ssl.create_default_context(cafile=sys.argv[3])
    connector = aiohttp.TCPConnector(limit=int(sys.argv[1]), ssl=trust, keepalive_timeout=600)
    async with aiohttp.ClientSession(connector=connector) as session:
        await fetch(session, sys.argv[2], [])
        print("ready", flush=True)
        for line in sys.stdin:
            _, url, in_flight, requests, _ = line.split()
            print(json.dumps(await get(session, url, int(in_flight), int(requests))), flush=True)


asyncio.run(main())
