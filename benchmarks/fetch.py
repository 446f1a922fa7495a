#!/usr/bin/env python3
"""fetch beside curl, aria2c and wget2: time, CPU and memory of the same downloads, in rounds that take turns, every file checked.

    benchmarks/fetch.py [--quick] [--job a,b,c,d0,d1,e,g] [--tool fetch,curl,...] [--rounds N] [--pin] [--fetch PROGRAM]

Needs cli/target/fetch (mvn package), nginx, and those of the others that are to be compared. The table goes to standard output, and, if all jobs
were run, to benchmarks/results/fetch.txt. Ends with 1 if fetch got a file wrong, or an exit code.
"""

import argparse
import datetime
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile

import fetch_jobs

HERE = pathlib.Path(__file__).resolve().parent
JOBS = ["a", "b", "c", "d0", "d1", "e", "g"]
LONGEST_SECONDS = 120

# A process that is small itself starts the program: what the starting process held counts as the memory of the started one.
MEASURE = """
import os, sys, time
os.set_inheritable(3, False)
start = time.perf_counter()
pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, used = os.wait4(pid, 0)
wall = time.perf_counter() - start
os.write(3, f"[{wall}, {used.ru_utime + used.ru_stime}, {used.ru_maxrss / 1024}, {os.waitstatus_to_exitcode(status)}]".encode())
"""


class Run:
    """What one run of one program came to."""

    def __init__(self, wall, cpu, rss, code, right, wrong, requests, complaint):
        self.wall, self.cpu, self.rss, self.code = wall, cpu, rss, code
        self.right, self.wrong, self.requests, self.complaint = right, wrong, requests, complaint


def execute(command, directory, core):
    """Runs a command to its end: (wall s, CPU s, MiB, exit code), and the last it said."""
    reading, writing = os.pipe()

    def prepare():
        os.dup2(writing, 3)
        if core is not None:
            os.sched_setaffinity(0, {core})

    with open(directory / "err", "w+", errors="replace") as err:
        process = subprocess.Popen([sys.executable, "-I", "-S", "-c", MEASURE, *command], cwd=directory, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=err, close_fds=False, preexec_fn=prepare, start_new_session=True)
        os.close(writing)
        try:
            process.wait(LONGEST_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        with os.fdopen(reading) as pipe:
            figures = pipe.read()
        err.seek(0)
        lines = err.read().splitlines()
    return json.loads(figures) if figures else [float(LONGEST_SECONDS), 0.0, 0.0, -9], lines[0] if lines else ""


def measure(job, command, work, number, core):
    """One run in an empty directory, everything it left checked."""
    directory = work / "run"
    out = directory / "out"
    out.mkdir(parents=True)
    run = f"run{number}"
    urls = [url.replace("/RUN/", f"/{run}/") for url in job.urls.values()]
    (directory / "urls").write_text("".join(url + "\n" for url in urls))
    (directory / "config").write_text("".join(f'url = "{url}"\n' for url in urls))
    (wall, cpu, rss, code), complaint = execute(command(str(directory / "urls"), str(directory / "config"), str(out)), directory, core)
    right = wrong = 0
    for name, expected in job.sums.items():
        got = fetch_jobs.sha256(out / name) if (out / name).is_file() else None
        right += got == expected
        wrong += got is not None and got != expected
    requests = fetch_jobs.requests_of(job, run) if job.counted else None
    shutil.rmtree(directory)
    return Run(wall, cpu, rss, code, right, wrong, requests, complaint)


def run_job(job, options, work, clients):
    contenders = fetch_jobs.contenders(job, options.fetch)
    if options.tool:
        contenders = {name: command for name, command in contenders.items() if name.split()[0] in options.tool}
    rounds = options.rounds or (job.quick_rounds if options.quick else job.rounds)
    runs = {name: [] for name in contenders}
    number = 0
    for round_number in range(rounds):
        print(f"{job.name}: round {round_number + 1} of {rounds}", file=sys.stderr)
        order = list(contenders)
        shift = round_number % len(order)
        for name in order[shift:] + order[:shift]:
            number += 1
            runs[name].append(measure(job, contenders[name], work, f"{job.name}{number}", clients))
    return runs


def expected_code(job, runs):
    """A file that is missing is a failure that has to be told."""
    ok = all(expected is not None for expected in job.sums.values())
    return all((run.code == 0) == ok for run in runs)


def table(job, runs):
    """The lines of one job."""
    median = {name: [statistics.median(getattr(run, figure) for run in of) for figure in ("wall", "cpu", "rss")] for name, of in runs.items()}
    lines = [f"{job.name}: {job.title}; target {job.target}; rounds: {len(next(iter(runs.values())))}",
             f"   {'':15}{'wall s':>9}{'min':>8}{'max':>8}{'CPU s':>9}{'MiB':>7}{'wall':>8}{'CPU':>7}   files right"]
    ours = median.get("fetch")
    for name, of in runs.items():
        wall, cpu, rss = median[name]
        walls = [run.wall for run in of]
        line = f"   {name:15}{wall:9.3f}{min(walls):8.3f}{max(walls):8.3f}{cpu:9.3f}{rss:7.0f}"
        line += f"{ours[0] / wall:7.2f}x{ours[1] / cpu:6.1f}x" if ours and cpu else f"{'':15}"
        least = min(of, key=lambda run: run.right)
        line += f"   {least.right} of {len(job.sums)}"
        if least.wrong:
            line += f", {least.wrong} wrong"
        codes = sorted({run.code for run in of})
        line += f", exit {'/'.join(map(str, codes))}"
        if not expected_code(job, of):
            line += " (!)"
        if job.counted:
            line += f", {max(run.requests for run in of)} requests"
        lines.append(line)
    return lines


def versions(fetch):
    found = [subprocess.run([fetch, "--version"], capture_output=True, text=True).stdout.strip() or "fetch (?)"]
    for tool in ("curl", "aria2c", "wget2", "nginx"):
        program = shutil.which(tool, path=os.environ["PATH"] + ":/usr/sbin")
        if program:
            said = subprocess.run([program, "-v" if tool == "nginx" else "--version"], capture_output=True, text=True)
            found.append(" ".join((said.stdout or said.stderr).split("\n")[0].split()[:3]))
    return ", ".join(found)


def introduction(options):
    described = subprocess.run(["git", "-C", str(HERE), "describe", "--always", "--dirty"], capture_output=True, text=True).stdout.strip()
    where = "server on core 0, programs on core 1" if options.pin else "servers and programs share them"
    return [f"{datetime.date.today()} {described}; {os.cpu_count()} cores, {where}; load average at the start {os.getloadavg()[0]:.1f}",
            versions(options.fetch),
            "Medians; the columns with an x: how many times as much fetch takes. CPU is user and system of the program alone. MiB is the most it",
            "held, 9 at least (what starts it). All files in memory. (!): the exit code does not say what became of the files.", ""]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, under two minutes: to see that it runs, not to quote")
    parser.add_argument("--job", default=",".join(JOBS), help="some of " + ",".join(JOBS))
    parser.add_argument("--tool", help="some of fetch,curl,aria2c,wget2")
    parser.add_argument("--rounds", type=int, help="of every job")
    parser.add_argument("--pin", action="store_true", help="the servers to one core, the programs to another")
    parser.add_argument("--fetch", default=str(HERE.parent / "cli/target/fetch/bin/fetch"), help="the program to measure")
    options = parser.parse_args()
    options.tool = options.tool and options.tool.split(",")
    options.job = options.job.split(",")
    if set(options.job) - set(JOBS):
        parser.error("--job takes some of " + ",".join(JOBS))
    if not os.access(options.fetch, os.X_OK):
        parser.error(f"{options.fetch} is missing: mvn -DskipTests package makes it")
    return options


def main():
    options = arguments()
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
    fetch_is_right = True
    lines = introduction(options)
    print("\n".join(lines))
    with tempfile.TemporaryDirectory(prefix="weft-fetch-", dir=memory) as name:
        work = pathlib.Path(name)
        work.chmod(0o755)
        servers = fetch_jobs.Servers(work, 0 if options.pin else None)
        try:
            for job_name in options.job:
                job = fetch_jobs.make(job_name, work, servers)
                runs = run_job(job, options, work, 1 if options.pin else None)
                for run in runs.get("fetch", []):
                    if run.right < len(job.sums):
                        fetch_is_right = False
                        print(f"fetch left {run.right} of {len(job.sums)} right, exit {run.code}: {run.complaint}", file=sys.stderr)
                fetch_is_right &= expected_code(job, runs.get("fetch", []))
                lines += table(job, runs) + [""]
                print("\n".join(table(job, runs)) + "\n", flush=True)
                shutil.rmtree(work / "site", ignore_errors=True)
        finally:
            servers.stop()
    if options.job == JOBS and not options.tool and not options.quick:
        (HERE / "results").mkdir(exist_ok=True)
        (HERE / "results/fetch.txt").write_text("\n".join(lines))
    return 0 if fetch_is_right else 1


if __name__ == "__main__":
    sys.exit(main())
