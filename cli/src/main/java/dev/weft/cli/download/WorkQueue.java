package dev.weft.cli.download;

import dev.weft.cli.input.Job;
import dev.weft.cli.input.Jobs;
import dev.weft.cli.name.NamesInUse;
import dev.weft.cli.name.Naming;
import java.io.UncheckedIOException;
import java.util.Iterator;

/**
 * The jobs of a run as they are read, in their order: each gets its number, and its name, so that names go by the order of the URLs, whatever
 * the network does. A list that breaks is told, and is the end. Confined to the loop's thread, one task at a time.
 */
final class WorkQueue implements Iterator<Work> {
    private final Jobs jobs;
    private final Naming naming;
    private final NamesInUse names;
    private final Observer observer;
    private long number;

    WorkQueue(Jobs jobs, Naming naming, NamesInUse names, Observer observer) {
        this.jobs = jobs;
        this.naming = naming;
        this.names = names;
        this.observer = observer;
    }

    @Override
    public boolean hasNext() {
        boolean more = false;
        try {
            more = jobs.hasNext();
        } catch (UncheckedIOException e) {
            observer.listFailed(DiskException.of(e));
        }
        if (!more) {
            jobs.size().ifPresent(observer::expects);
        }
        return more;
    }

    @Override
    public Work next() {
        Job job = jobs.next();
        number++;
        Work work = new Work(job, number, naming.target(job, number));
        // What is no URL becomes no file, and takes no name from another.
        if (!work.host.isEmpty() && !naming.needsAnswer(job)) {
            work.target = work.wanted.take(names);
        }
        return work;
    }
}
