package dev.weft.http.download;

import dev.weft.http.ClientSession;
import dev.weft.http.RequestBuilder;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.PayloadException;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Loop;
import dev.weft.loop.TaskGroup;
import dev.weft.loop.TaskGroupException;
import dev.weft.loop.TimerHandle;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Gets the bytes of one file into its {@link Copy}: by one connection, or by several where {@link Ramp} finds that this is faster. Each of them
 * works in a task of its own on one {@link Segment} after the other, until nothing is missing. One that fails while others work leaves its
 * part to them; the last one waits and tries again, as {@link Tries} says. Confined to the loop.
 *
 * <p>Invariant: a byte is written only where the server has said that it belongs, and only if it is of the representation that the copy is of.
 */
final class Fetching {
    private static final Duration WATCH = Duration.ofMillis(500);

    private final Downloader downloader;
    private final DownloadRequest request;
    private final Copy copy;
    private final Progress progress;
    private final Tries tries;
    private final Ramp ramp;
    private final int mostConnections;
    private final Loop loop = Asyncio.getRunningLoop();
    private Segments segments = new Segments();
    private Source source;
    private @Nullable TaskGroup crew;
    private @Nullable TimerHandle watch;
    private int asking;

    Fetching(Downloader downloader, Copy copy, Source source, Progress progress) {
        this.downloader = downloader;
        this.request = source.request();
        this.copy = copy;
        this.progress = progress;
        this.tries = new Tries(downloader.limits(), downloader.random());
        this.mostConnections = request.segments() > 0 ? request.segments() : downloader.segments();
        this.ramp = new Ramp(mostConnections);
        this.source = source;
        progress.of(this, tries);
    }

    /**
     * Fetches what is missing. When it returns, the copy is whole, or {@linkplain Copy#isUnchanged() unchanged}.
     *
     * @throws ChangedException if the file changed meanwhile, and more than one connection was at work
     */
    void run() {
        segments = new Segments();
        tries.startsWith(copy.bytes());
        try {
            TaskGroup.run(group -> {
                crew = group;
                work(null);
            });
        } catch (TaskGroupException e) {
            throw unchecked(e.first());
        } finally {
            crew = null;
            if (watch != null) {
                watch.cancel();
                watch = null;
            }
        }
    }

    private static RuntimeException unchecked(Throwable failure) {
        return switch (failure) {
            case RuntimeException plain -> plain;
            case Error error -> throw error;
            default -> new IllegalStateException(failure);
        };
    }

    /** One connection, from its first part to its last. */
    private void work(@Nullable Segment given) {
        String host = source.origin();
        downloader.connections().enter(host);
        try {
            Segment segment = given == null ? next() : given;
            while (segment != null && receive(segment)) {
                segment = next();
            }
        } finally {
            downloader.connections().leave(host);
        }
    }

    private @Nullable Segment next() {
        if (copy.isWhole()) {
            return null;
        }
        if (!copy.mayResume(source)) {
            if (segments.running() > 0) {
                // The others may end what they have begun, but no more parts can be asked for.
                return null;
            }
            copy.forget();
        }
        long now = loop.nanoTime();
        Segment missing = segments.claim(copy.have(), copy.length(), now);
        return missing != null || !mayAskForParts() ? missing : segments.split(now);
    }

    private boolean mayAskForParts() {
        return mostConnections > 1 && copy.mayBeSplit();
    }

    /** Fetches a part; false if this connection is not wanted any more. */
    private boolean receive(Segment segment) {
        ClientException failure;
        try {
            ask(segment);
            return true;
        } catch (ChangedException e) {
            throw e;
        } catch (ClientException e) {
            failure = e;
        } catch (IllegalStateException e) {
            // The answer was closed under its reader.
            if (segment.isTaken()) {
                return true;
            }
            throw e;
        } finally {
            segments.ended(segment);
        }
        progress.failed(failure);
        if (segments.running() > 0) {
            ramp.refused(loop.nanoTime());
            return false;
        }
        recover(failure);
        return true;
    }

    /** Waits until it may be tried again; throws the failure if it may not. */
    private void recover(ClientException failure) {
        Trouble trouble = Trouble.of(failure, downloader.retryStatuses());
        Duration wait = trouble == null ? null : tries.failed(trouble, copy.bytes(), progress.elapsed());
        if (trouble == null || wait == null) {
            Source other = source.next();
            if (other == null) {
                throw failure;
            }
            source = other;
        } else {
            progress.waits(wait, trouble.words());
            Asyncio.sleep(wait).await();
            progress.asks();
        }
    }

    private void ask(Segment segment) {
        // It may become shorter while the answer is waited for.
        long askedEnd = segment.end();
        boolean part = segment.position() > 0 || askedEnd < copy.lengthOrOpen();
        RequestBuilder asked = request(segment, part);
        long start = loop.nanoTime();
        asking++;
        ClientResponse response;
        try {
            response = asked.await();
        } finally {
            asking--;
        }
        try (response) {
            long took = loop.nanoTime() - start;
            ramp.answeredIn(took);
            segments.answeredIn(took);
            progress.answered(response);
            long end = part
                    ? copy.partAnswered(response, segment, askedEnd, new Copy.Asker(source, segments.running()))
                    : copy.answered(response, source);
            if (end > segment.position()) {
                progress.accepted(response);
                segment.answeredBy(response, end);
                read(response, segment, end);
            }
        }
    }

    private RequestBuilder request(Segment segment, boolean part) {
        ClientSession session = downloader.session();
        RequestBuilder builder = session.request("GET", source.url());
        if (!downloader.isCompressed()) {
            // The file is kept as it is: what is compressed on the server stays compressed, and its length is known.
            builder.header("Accept-Encoding", "identity").autoDecompress(false);
        }
        builder.timeout(downloader.timeout());
        if (part) {
            String last = segment.end() == Segment.OPEN ? "" : String.valueOf(segment.end() - 1);
            builder.header("Range", "bytes=" + segment.position() + "-" + last);
            String validator = copy.ifRange(source);
            if (validator != null) {
                builder.header("If-Range", validator);
            }
        } else {
            builder.headers(copy.conditions());
        }
        return request.change().apply(builder);
    }

    /**
     * @param answerEnd where the body of the answer ends in the file; {@link Segment#OPEN} if that is not known
     */
    private void read(ClientResponse response, Segment segment, long answerEnd) {
        for (ByteBuffer chunk : response.content()) {
            int count = (int) Math.min(chunk.remaining(), segment.left());
            chunk.limit(chunk.position() + count);
            copy.write(segment.position(), chunk);
            long now = loop.nanoTime();
            segment.advance(count, now);
            progress.received(count);
            progress.connections(segments.giving());
            if (segment.left() == 0 && segment.end() < answerEnd) {
                // The rest is another's.
                return;
            }
            consider(now);
            throttle(count, now);
        }
        if (answerEnd == Segment.OPEN) {
            copy.endsAt(segment.position());
            segment.endAt(segment.position());
        } else if (segment.position() < Math.min(answerEnd, segment.end()) && !segment.isTaken()) {
            // An answer may promise less than was asked for; it is no failure if it keeps that: the rest is asked for
            // next.
            throw new PayloadException(
                    response.request(), segment.position(), Math.min(answerEnd, segment.end()), null);
        }
    }

    private void throttle(int bytes, long now) {
        long wait = downloader.throughput().took(bytes, now);
        if (wait > 0) {
            Asyncio.sleep(Duration.ofNanos(wait)).await();
        }
    }

    /** How many connections give bytes now. */
    int giving() {
        return segments.giving();
    }

    /** Adds connections, if that would make it faster. */
    private void consider(long now) {
        int running = segments.running();
        if (asking > 0 || running >= mostConnections || !copy.mayBeSplit() || segments.giving() < running) {
            return;
        }
        int more = ramp.more(now, progress.received(), running, copy.length() - copy.bytes());
        for (int i = 0; i < more && add(now); i++) {
            // As many as there is something to do for.
        }
    }

    private boolean add(long now) {
        if (crew == null || !downloader.connections().mayEnter(source.origin())) {
            return false;
        }
        Segment part = segments.split(now);
        if (part == null) {
            return false;
        }
        crew.createTask(() -> work(part));
        if (watch == null) {
            watch = loop.callLater(WATCH, this::watch);
        }
        return true;
    }

    /** A part that gives nothing any more goes to another connection. */
    private void watch() {
        long now = loop.nanoTime();
        if (segments.running() < mostConnections && copy.mayBeSplit() && segments.hasStalled(now)) {
            add(now);
        }
        watch = loop.callLater(WATCH, this::watch);
    }
}
