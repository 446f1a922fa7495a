#!/usr/bin/env python3
"""The operations of LoopBenchmark and HeapPerTask with Python's asyncio, one JSON object on stdout.

    loop.py [--loop asyncio|uvloop] [--seconds S] [--only NAME]

Figures are operations per second and per CPU second of the process (the median of the rounds), and bytes of traced
memory per parked task.
"""

import argparse
import asyncio
import gc
import json
import statistics
import sys
import threading
import time
import tracemalloc


def nothing():
    pass


async def no_op():
    pass


async def call_soon(n=10_000):
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    for _ in range(n - 1):
        loop.call_soon(nothing)
    loop.call_soon(done.set_result, None)
    await done
    return n


async def switch(tasks=100, rounds=100):
    async def spin():
        for _ in range(rounds):
            await asyncio.sleep(0)

    await asyncio.gather(*(spin() for _ in range(tasks)))
    return tasks * rounds


async def create_await(n=5_000):
    for _ in range(n):
        await asyncio.create_task(no_op())
    return n


async def gather(n=10_000):
    await asyncio.gather(*(no_op() for _ in range(n)))
    return n


async def future_wake(n=5_000):
    loop = asyncio.get_running_loop()
    for _ in range(n):
        future = loop.create_future()
        loop.call_soon(future.set_result, None)
        await future
    return n


async def post(n=20_000):
    loop = asyncio.get_running_loop()
    done = loop.create_future()

    def produce():
        for _ in range(n - 1):
            loop.call_soon_threadsafe(nothing)
        loop.call_soon_threadsafe(done.set_result, None)

    producer = threading.Thread(target=produce)
    producer.start()
    await done
    producer.join()
    return n


async def timer(n=10_000):
    loop = asyncio.get_running_loop()
    for _ in range(n):
        loop.call_later(30, nothing).cancel()
    await asyncio.sleep(0)
    return n


OPERATIONS = {
    "callSoon": call_soon,
    "switchTasks": switch,
    "createAndAwait": create_await,
    "gather": gather,
    "futureWake": future_wake,
    "post": post,
    "timer": timer,
}


async def measure(operation, seconds):
    """Warms up for a fifth of the time, then measures in five rounds."""
    per_second, per_cpu_second = [], []
    for number in range(6):
        count = 0
        wall, cpu = time.perf_counter(), time.process_time()
        while time.perf_counter() - wall < seconds / 5:
            count += await operation()
        if number:
            per_second.append(count / (time.perf_counter() - wall))
            per_cpu_second.append(count / (time.process_time() - cpu))
    return {"perSecond": statistics.median(per_second), "perCpuSecond": statistics.median(per_cpu_second)}


async def heap_per_task(n=100_000):
    loop = asyncio.get_running_loop()

    async def park():
        await loop.create_future()

    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    tasks = [loop.create_task(park()) for _ in range(n)]
    for _ in range(3):
        await asyncio.sleep(0)
    gc.collect()
    used = tracemalloc.get_traced_memory()[0] - before - sys.getsizeof(tasks)
    tracemalloc.stop()
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    return used / n


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--loop", choices=["asyncio", "uvloop"], default="asyncio")
    arguments.add_argument("--seconds", type=float, default=1.0)
    arguments.add_argument("--only", choices=[*OPERATIONS, "heapPerTask"])
    options = arguments.parse_args()
    if options.loop == "uvloop":
        import uvloop

        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    figures = {}
    for name, operation in OPERATIONS.items():
        if options.only in (None, name):
            figures[name] = asyncio.run(measure(operation, options.seconds))
    if options.only in (None, "heapPerTask"):
        figures["heapPerTask"] = asyncio.run(heap_per_task())
    json.dump({"loop": options.loop, "python": sys.version.split()[0], "figures": figures}, sys.stdout)
    print()


if __name__ == "__main__":
    main()
