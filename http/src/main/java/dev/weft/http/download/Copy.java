package dev.weft.http.download;

import dev.weft.http.download.ExistsDecision.Verdict;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.SafeFileName;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What there is of one file so far, and which representation of it that is: decides of each answer whether its bytes belong here, and where.
 * The file is long because each kind of answer has its consequence here, and all of them change the same few fields.
 *
 * <p>Confined to the loop. Invariant: all bytes of the {@link PartFile} are of one {@link Origin}.
 */
final class Copy implements AutoCloseable {
    private static final ByteRanges NOTHING = new ByteRanges();
    private static final int MOST_NAME_BYTES = 255;

    private final DownloadRequest request;
    private final Presence presence;
    private final @Nullable OutputStream out;
    private final Verifier verifier;
    private final boolean compressed;
    private @Nullable Path target;
    private @Nullable Store store;
    private @Nullable Origin origin;
    private long length = -1;
    private long resumedFrom;
    /** Whether the server gives parts: it has said so, or done so. */
    private boolean givesParts;
    /** It has given a wrong part: no more of them. */
    private boolean wrongParts;
    /** It does not take an entity tag for a part, but perhaps a date. */
    private boolean byDate;

    private boolean unchanged;

    Copy(Downloader downloader, DownloadRequest request) {
        this.compressed = downloader.isCompressed();
        this.verifier = new Verifier(request.checksums(), downloader.digests());
        this.request = request;
        this.target = request.file();
        this.out = request.out();
        this.presence = new Presence(request.exists());
    }

    /** Before anything is asked: what an earlier run has left, and whether the file is there already. */
    void begin() {
        Path known = target;
        if (known != null) {
            settle(known);
        }
    }

    /** The file's name is known now. */
    private void settle(Path path) {
        target = path;
        presence.look(path);
        if (!presence.isSkipped() && !presence.isDevice() && PartFile.isThere(path)) {
            PartFile left = opened(path);
            store = left;
            forgetIfOfAnother(left);
            origin = left.origin();
            length = origin == null ? -1 : origin.length();
            resumedFrom = left.have().total();
            verifier.of(left, null);
        }
    }

    /** What an earlier run fetched from another place is of no use: an entity tag says nothing beyond its own. */
    private void forgetIfOfAnother(PartFile left) {
        Origin from = left.origin();
        boolean ours = from == null || Validators.samePlace(from.url(), HttpUrl.parse(request.url()));
        for (String mirror : request.mirrors()) {
            ours |= from != null && Validators.samePlace(from.url(), HttpUrl.parse(mirror));
        }
        try {
            if (!ours) {
                left.forget();
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private PartFile opened(Path path) {
        try {
            // Whoever is cancelled meanwhile leaves it as it was.
            return OffLoop.await(() -> PartFile.open(path, true), PartFile::keep);
        } catch (UncheckedIOException e) {
            throw failed(Objects.requireNonNull(e.getCause()));
        }
    }

    // ---- what there is

    Path target() {
        return Objects.requireNonNull(target, "no answer has said where the file goes");
    }

    Presence presence() {
        return presence;
    }

    /** How many bytes of the file there are. */
    long bytes() {
        return store == null ? 0 : store.have().total();
    }

    ByteRanges have() {
        return store == null ? NOTHING : store.have();
    }

    /** How many there will be; -1 while that is not known. */
    long length() {
        return length;
    }

    long lengthOrOpen() {
        return length < 0 ? Segment.OPEN : length;
    }

    long resumedFrom() {
        return resumedFrom;
    }

    @Nullable
    Origin origin() {
        return origin;
    }

    /** Whether the file that was there is the server's: nothing was fetched. */
    boolean isUnchanged() {
        return unchanged;
    }

    boolean isWhole() {
        return unchanged || (length >= 0 && have().isWhole(length));
    }

    /** Whether several connections may fetch it. */
    boolean mayBeSplit() {
        return givesParts && !wrongParts && length > 0 && validator() != null && takesParts();
    }

    private boolean takesParts() {
        return store != null && store.takesParts();
    }

    /** What a request for a part must say so that it gets no bytes of another representation; null if there is nothing. */
    @Nullable
    String ifRange(Source source) {
        return isCheckedLater(source) ? null : validator();
    }

    private @Nullable String validator() {
        if (origin == null || wrongParts) {
            return null;
        }
        return byDate ? Validators.ifRangeDate(origin) : Validators.ifRange(origin);
    }

    /** What a request for the whole says of the file that is there. */
    Headers conditions() {
        return bytes() > 0 ? Headers.empty() : presence.conditions();
    }

    // ---- what the server says

    /** A request for the whole was answered. Gives where the body ends in the file; 0 if it is not to be read. */
    long answered(ClientResponse response, Source source) {
        if (response.status() == 304) {
            return stays(response);
        }
        response.raiseIf(!response.isSuccess());
        if (response.status() == 206) {
            throw new AnswerException(response.request(), "status 206 to a request for the whole file");
        }
        Origin now = Validators.origin(source.url(), response.head());
        if (target == null && out == null) {
            settle(request.target(response));
            if (presence.isSkipped()) {
                unchanged = true;
                return 0;
            }
            if (origin != null && bytes() > 0 && Validators.sameRepresentation(origin, now)) {
                // An earlier run has left a part under this name: only the rest is needed.
                return 0;
            }
        }
        if (presence.judge(response.head()) == Verdict.KEEP) {
            unchanged = true;
            return 0;
        }
        begin(now, response);
        return lengthOrOpen();
    }

    private long stays(ClientResponse response) {
        unchanged = switch (presence.judge(response.head())) {
            case KEEP -> true;
            case ASK_AGAIN -> throw new AnswerException(response.request(), "status 304 to what was not asked");
            case REPLACE -> throw new IllegalStateException("a 304 has no file");
        };
        return 0;
    }

    private void begin(Origin sent, ClientResponse response) {
        // What is decoded on its way has another length.
        Origin now = compressed && sent.coding() != null ? sent.withLength(-1) : sent;
        length = now.length();
        try {
            Store file = storeFor(length);
            store = file;
            file.begin(now);
            verifier.of(file, compressed ? null : ServerDigests.of(response.head()));
        } catch (IOException e) {
            throw failed(e);
        }
        origin = now;
        resumedFrom = 0;
        givesParts = length > 0 && acceptsRanges(response.headers());
    }

    private static boolean acceptsRanges(Headers headers) {
        for (String value : headers.all("Accept-Ranges")) {
            if (value.strip().equalsIgnoreCase("bytes")) {
                return true;
            }
        }
        return false;
    }

    private Store storeFor(long bytes) throws IOException {
        if (out != null) {
            return store == null ? new StreamStore(out, false) : store;
        }
        Path path = target();
        if (presence.isDevice()) {
            return store == null ? device(path) : store;
        }
        boolean small = bytes >= 0 && bytes <= MemoryStore.MOST_BYTES;
        if (store instanceof PartFile || (small && store != null)) {
            return store;
        }
        if (small) {
            return new MemoryStore(path);
        }
        PartFile created = PartFile.create(path);
        return created == null ? opened(path) : created;
    }

    private static void closeQuietly(OutputStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            // Nothing was written to it.
        }
    }

    /** To open a pipe waits for who reads it. */
    private Store device(Path path) {
        try {
            OutputStream opened =
                    OffLoop.await(() -> Files.newOutputStream(path, StandardOpenOption.WRITE), Copy::closeQuietly);
            return new StreamStore(opened, true);
        } catch (UncheckedIOException e) {
            throw failed(Objects.requireNonNull(e.getCause()));
        }
    }

    /**
     * Who has asked.
     *
     * @param source where
     * @param running how many connections fetch parts, this one among them
     */
    record Asker(Source source, int running) {}

    /**
     * A request for a part was answered. Gives where the body ends in the file; 0 if it is not to be read. Where the server sends the whole
     * instead, the segment begins at its start.
     *
     * @param askedEnd where the part that was asked for ends; {@link Segment#OPEN} for the rest
     */
    long partAnswered(ClientResponse response, Segment segment, long askedEnd, Asker asker) {
        int status = response.status();
        response.raiseIf(status != 200 && status != 206 && status != 416);
        Origin answered = Validators.origin(asker.source.url(), response.head());
        long to = askedEnd == Segment.OPEN ? -1 : askedEnd;
        ClientRequest asked = response.request();
        Origin known = isCheckedLater(asker.source) ? null : origin;
        return switch (RangeAnswer.judge(segment.position(), to, known, answered, response.head())) {
            case RangeAnswer.WriteAt part -> {
                if (length >= 0 && part.total() >= 0 && part.total() != length) {
                    throw new ChangedException(asked, "it had " + length + " bytes and has " + part.total());
                }
                givesParts = true;
                length = Math.max(length, part.total());
                yield part.end();
            }
            case RangeAnswer.StartOver whole -> wholeInstead(response, segment, whole.same(), asker);
            case RangeAnswer.Complete complete -> {
                length = complete.length();
                yield 0L;
            }
            case RangeAnswer.Changed changed -> throw new ChangedException(asked, changed.why());
            case RangeAnswer.Refused refused -> {
                wrongParts = true;
                throw new AnswerException(asked, refused.why());
            }
        };
    }

    private long wholeInstead(ClientResponse response, Segment segment, boolean same, Asker asker) {
        if (asker.running > 1) {
            if (!same) {
                throw new ChangedException(response.request(), "it is another one now");
            }
            wrongParts = true;
            throw new AnswerException(response.request(), "the server gives the whole file instead of a part");
        }
        if (same && !byDate && origin != null && Validators.ifRangeDate(origin) != null) {
            // Some servers take no entity tag here, but a date.
            byDate = true;
            return 0;
        }
        begin(Validators.origin(asker.source.url(), response.head()), response);
        segment.restartAt(0);
        segment.endAt(lengthOrOpen());
        return lengthOrOpen();
    }

    /** A mirror has validators of its own: there the checksum decides, at the end. */
    private boolean isCheckedLater(Source source) {
        return source.isMirror() && !request.checksums().isEmpty();
    }

    /** Nothing of what there is belongs to the file any more. */
    void forget() {
        origin = null;
        length = -1;
        resumedFrom = 0;
        byDate = false;
        try {
            if (store != null) {
                store.forget();
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    // ---- bytes

    void write(long position, ByteBuffer bytes) {
        try {
            Objects.requireNonNull(store, "bytes of nothing").write(position, bytes);
            verifier.follow();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** The body has ended here, and with it the file: nobody had said how long it would be. */
    void endsAt(long position) {
        length = position;
        if (store != null) {
            store.length(position);
        }
    }

    /** Whether there is nothing more to do. */
    boolean isSettled() {
        return unchanged || presence.isSkipped();
    }

    /** Whether bytes of several answers, or of an earlier run, are in it. */
    boolean isPatched() {
        return resumedFrom > 0 || givesParts;
    }

    /** Whether what is there can be gone on with. */
    boolean mayResume(Source source) {
        return isCheckedLater(source) || validator() != null;
    }

    /**
     * Compares the checksums of the whole.
     *
     * @throws ChecksumException if one is wrong
     */
    void check() {
        verifier.check();
    }

    /** Gives the file its name. */
    void commit(boolean fsync) {
        Store file = store;
        if (!isSettled() && file != null) {
            try {
                commit(file, fsync);
            } catch (IOException e) {
                throw failed(e);
            }
        }
    }

    private void commit(Store file, boolean fsync) throws IOException {
        Instant modified = origin != null && origin.dateIsStrong() ? Validators.time(origin.lastModified()) : null;
        Path wanted = target;
        for (int number = 1; ; number++) {
            try {
                file.commit(presence.replaces(), modified, fsync);
                break;
            } catch (FileAlreadyExistsException e) {
                if (!presence.renames() || wanted == null) {
                    throw e;
                }
                target = wanted.resolveSibling(
                        SafeFileName.numbered(String.valueOf(wanted.getFileName()), number, MOST_NAME_BYTES));
                file.target(target);
            }
        }
        if (wanted != null && origin != null && !presence.isDevice()) {
            Kept.keep(target(), origin.etag(), presence.keepsTags());
        }
    }

    /** Tells what has become of it. */
    Downloaded result(Source source, Progress progress) {
        ClientResponse answer = progress.answer();
        Downloaded.State state = presence.isSkipped()
                ? Downloaded.State.SKIPPED
                : unchanged ? Downloaded.State.UNCHANGED : Downloaded.State.DONE;
        return new Downloaded(
                state,
                target,
                answer == null ? source.url() : answer.url(),
                answer == null ? 0 : answer.status(),
                answer == null ? "" : answer.version(),
                state == Downloaded.State.DONE ? bytes() : presence.bytes(),
                progress.received(),
                resumedFrom,
                progress.mostConnections(),
                progress.retries(),
                origin == null ? null : origin.etag(),
                verifier.digests(),
                verifier.isVerified(),
                progress.timings(),
                progress.elapsed());
    }

    UncheckedIOException failed(IOException e) {
        return new UncheckedIOException("cannot write " + target + ": " + e.getMessage(), e);
    }

    /** Leaves what can be gone on with; removes what cannot. Never throws: who closes has an error of his own to tell. */
    @Override
    public void close() {
        verifier.close();
        if (store != null) {
            store.keep();
        }
    }
}
