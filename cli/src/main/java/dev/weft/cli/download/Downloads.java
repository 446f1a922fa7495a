package dev.weft.cli.download;

import dev.weft.cli.download.Failure.Kind;
import dev.weft.cli.input.Job;
import dev.weft.cli.input.JobOptions;
import dev.weft.cli.input.Jobs;
import dev.weft.cli.name.Directories;
import dev.weft.cli.name.NamesInUse;
import dev.weft.cli.name.TargetFile;
import dev.weft.http.HostTurns;
import dev.weft.http.download.Checksum;
import dev.weft.http.download.DiskFullException;
import dev.weft.http.download.Download;
import dev.weft.http.download.DownloadRequest;
import dev.weft.http.download.Downloaded;
import dev.weft.http.download.Downloader;
import dev.weft.http.message.ClientResponse;
import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.TaskGroup;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The downloads of one run: a fixed number of workers, each of which takes the next URL whose host has a turn when it has done its last. One
 * URL that fails is told and does not disturb the others, but for a disk that is full, which ends the run. Confined to the loop's thread.
 */
public final class Downloads {
    private static final Logger LOG = LoggerFactory.getLogger(Downloads.class);

    /** So many URLs are read ahead, at most, to find one whose host has a turn. */
    private static final int LOOK_AHEAD = 1000;

    private final Downloader downloader;
    private final Plan plan;
    private final Jobs jobs;
    private final Observer observer;
    private final NamesInUse names = new NamesInUse();
    private final Directories directories = new Directories();
    private final HostTurns<Work> turns;
    private boolean failedListBroken;

    /**
     * Called on the loop.
     *
     * @param downloader does the work; it stays the caller's
     * @param jobs what to fetch; stays the caller's
     * @param observer is told of everything
     */
    public Downloads(Downloader downloader, Plan plan, Jobs jobs, Observer observer) {
        this.downloader = downloader;
        this.plan = plan;
        this.jobs = jobs;
        this.observer = observer;
        WorkQueue queue = new WorkQueue(jobs, plan.naming(), names, observer);
        this.turns = new HostTurns<>(Asyncio.getRunningLoop(), queue, work -> work.host, plan.perHost(), LOOK_AHEAD);
    }

    /**
     * Fetches all, to the last; or to the first failure, if that is to end the run, or is of a full disk: what runs then is cancelled. What
     * is cancelled, by the caller too, leaves what can be gone on with.
     */
    public void run() {
        OptionalLong known = jobs.size();
        known.ifPresent(observer::expects);
        long workers = Math.min(plan.jobs(), known.orElse(plan.jobs()));
        TaskGroup.run(group -> {
            for (int i = 0; i < workers; i++) {
                group.createTask(() -> work(group));
            }
        });
    }

    private void work(TaskGroup group) {
        for (Work work = turns.take(); work != null; work = turns.take()) {
            boolean last = !fetch(work);
            turns.ended(work);
            if (last) {
                group.cancel();
                return;
            }
        }
    }

    /** Tells where each file would go, and fetches nothing. */
    public void dryRun() {
        WorkQueue queue = new WorkQueue(jobs, plan.naming(), names, observer);
        while (queue.hasNext()) {
            Work work = queue.next();
            Job.Fault fault = work.job.fault();
            TargetFile target = work.target == null ? work.wanted : work.target;
            if (fault == null) {
                observer.planned(work.job.url(), target.path());
            } else {
                Transfer transfer = new Transfer(work.job.url(), work.name(), System.nanoTime());
                observer.started(transfer);
                observer.ended(transfer, Outcome.failed(transfer, failure(fault)));
            }
        }
    }

    /**
     * Fetches one file, and writes it to a stream as it comes.
     *
     * @param out stays the caller's; it throws what it cannot write
     * @throws CancelledError if nobody reads the stream any more, who then has what he wanted
     */
    public void toStandardOutput(Job job, OutputStream out) {
        observer.expects(1);
        Work work = new Work(job, 1, plan.naming().target(job, 1));
        work.out = out;
        fetch(work);
    }

    /** Fetches one; says whether the run goes on. */
    private boolean fetch(Work work) {
        Transfer transfer = new Transfer(work.job.url(), work.name(), System.nanoTime());
        observer.started(transfer);
        Outcome outcome;
        boolean full = false;
        try {
            outcome = work.job.fault() == null
                    ? Outcome.done(transfer, download(work, transfer))
                    : Outcome.failed(transfer, failure(work.job.fault()));
        } catch (RuntimeException e) {
            LOG.debug("{}", transfer.url(), e);
            if (work.out != null && isReaderGone(e)) {
                observer.ended(transfer, Outcome.cancelled(transfer));
                throw new CancelledError();
            }
            full = isFull(e);
            outcome = failed(work, transfer, e);
        } catch (CancelledError e) {
            observer.ended(transfer, Outcome.cancelled(transfer));
            throw e;
        }
        if (!outcome.isDone()) {
            noteFailed(work);
        }
        observer.ended(transfer, outcome);
        return outcome.isDone() || !(full || plan.failFast());
    }

    private Downloaded download(Work work, Transfer transfer) {
        DownloadRequest.Builder request = request(work, transfer);
        plan.terms().apply(request, work.job, work.name());
        apply(work.job, request);
        Download download = downloader.download(request.build());
        transfer.follow(download::progress);
        return download.await();
    }

    private DownloadRequest.Builder request(Work work, Transfer transfer) {
        if (work.out != null) {
            return DownloadRequest.of(work.job.url(), work.out);
        }
        TargetFile target = work.target;
        if (target == null) {
            return DownloadRequest.of(work.job.url(), answer -> named(work, transfer, answer));
        }
        if (work.isRenamed()) {
            observer.renamed(transfer, work.wanted.shown());
        }
        return DownloadRequest.of(work.job.url(), prepare(target));
    }

    private static void apply(Job job, DownloadRequest.Builder request) {
        JobOptions options = job.options();
        request.mirrors(job.mirrors());
        for (Checksum checksum : options.checksums()) {
            request.checksum(checksum);
        }
        if (options.headers().size() > 0) {
            request.request(each -> each.headers(options.headers()));
        }
        if (options.segments() > 0) {
            request.segments(options.segments());
        }
    }

    /** The path of a file that the server names. */
    private Path named(Work work, Transfer transfer, ClientResponse answer) {
        work.wanted = plan.naming().target(work.job, work.number, answer);
        TargetFile target = work.wanted.take(names);
        work.target = target;
        transfer.named(target.shown());
        if (work.isRenamed()) {
            observer.renamed(transfer, work.wanted.shown());
        }
        return prepare(target);
    }

    /** The path, whose directory is there. */
    private Path prepare(TargetFile target) {
        try {
            directories.makeFor(target);
            return target.path();
        } catch (IOException e) {
            throw new DiskException("cannot make the directory of " + target.shown(), e);
        } catch (InvalidPathException e) {
            // A locale whose charset has no such letters.
            throw new DiskException("cannot create " + target.shown(), new IOException("no such name there", e));
        }
    }

    private static Outcome failed(Work work, Transfer transfer, RuntimeException e) {
        Outcome outcome = Outcome.failed(transfer, e);
        Failure failure = outcome.failure();
        Job.Place place = work.job.place();
        if (place == null || failure == null || failure.kind() != Kind.URL) {
            return outcome;
        }
        // It is the list that is to be mended.
        return Outcome.failed(transfer, new Failure(Kind.URL, failure.what(), place + ": " + failure.detail()));
    }

    private static Failure failure(Job.Fault fault) {
        return new Failure(Kind.URL, "not understood", fault.message());
    }

    private static boolean isReaderGone(RuntimeException e) {
        return e.getCause() instanceof IOException cause && DiskFailures.isClosedPipe(cause);
    }

    private static boolean isFull(RuntimeException e) {
        IOException cause = switch (e) {
            case UncheckedIOException io -> io.getCause();
            case DiskException disk when disk.getCause() instanceof IOException io -> io;
            default -> null;
        };
        return cause instanceof DiskFullException || (cause != null && DiskFailures.isFull(cause));
    }

    private void noteFailed(Work work) {
        if (plan.failed() == null || failedListBroken) {
            return;
        }
        try {
            plan.failed().add(again(work));
        } catch (UncheckedIOException e) {
            failedListBroken = true;
            observer.listFailed(DiskException.of(e));
        }
    }

    /** The job such that another run gives its file the same name. */
    private Job again(Work work) {
        TargetFile target = work.target;
        return target == null ? work.job : plan.naming().again(work.job, target, work.isRenamed());
    }
}
