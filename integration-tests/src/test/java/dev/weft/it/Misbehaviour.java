package dev.weft.it;

import static dev.weft.it.Ways.OK;
import static dev.weft.it.Ways.PARTIAL;
import static dev.weft.it.Ways.claiming;
import static dev.weft.it.Ways.halfOf;
import static dev.weft.it.Ways.halfThen;
import static dev.weft.it.Ways.length;
import static dev.weft.it.Ways.once;
import static dev.weft.it.Ways.parts;
import static dev.weft.it.Ways.partsOfChanged;
import static dev.weft.it.Ways.status;

import dev.weft.it.Ways.Served;
import dev.weft.it.Ways.Way;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.Set;

/** The ways in which a server gets a file wrong, and what a downloader has to make of each. */
enum Misbehaviour {
    // The twelve of the specification's list g.
    RESET(End.RIGHT, once((file, request, reply) -> {
        halfOf(file.first(), reply);
        reply.reset();
    })),
    TRUNCATED(End.RIGHT, halfThen(Ways::right)),
    /** Every answer is the whole file, and nothing says which version it is. */
    TRUNCATED_WITHOUT_RANGES(End.RIGHT, (file, request, reply) -> {
        Content content = file.first();
        boolean first = request.number() == 1;
        reply.head(OK, length(content.length()));
        reply.body(content.body(), 0, first ? content.length() / 2 : content.length());
        if (first) {
            reply.close();
        }
    }),
    /** Another file of the same length when the rest is asked for. */
    CHANGED(End.CHANGED, halfThen(Ways::changed)),
    /** The part begins elsewhere than was asked for. */
    RANGE_ELSEWHERE(End.RIGHT, halfThen(parts((content, from, reply) -> {
        int length = content.length();
        reply.head(PARTIAL, content.headers(length(length - from + 1), content.contentRange(from - 1, length)));
        reply.body(content.body(), from - 1, length);
    }))),
    CHUNKS_CUT(End.RIGHT, once((file, request, reply) -> {
        reply.head(OK, file.first().headers("Transfer-Encoding: chunked"));
        reply.chunk(file.first().body(), 0, 50);
        reply.chunkHead(file.first().length() - 50);
        reply.body(file.first().body(), 50, 90);
        reply.close();
    })),
    STALLED(End.RIGHT, once((file, request, reply) -> {
        halfOf(file.first(), reply);
        reply.stall();
    })),
    /** The connection ends without an answer. */
    EMPTY(End.RIGHT, once((file, request, reply) -> reply.close())),
    HINTS(End.RIGHT, (file, request, reply) -> {
        reply.head("103 Early Hints", "Link: </style.css>; rel=preload");
        reply.head("103 Early Hints", "Link: </code.js>; rel=preload");
        file.first().answer(request, reply);
    }),
    STATUS_500_TWICE(End.RIGHT, status(2, "500 Internal Server Error", "X-Reason: none")),
    STATUS_429(End.RIGHT, status(1, "429 Too Many Requests", "Retry-After: 1")),
    STATUS_503(End.RIGHT, status(1, "503 Service Unavailable", "Retry-After: 1")),

    // More of the same kinds.
    STATUS_429_UNTIL_DATE(
            End.RIGHT,
            (file, request, reply) -> status(1, "429 Too Many Requests", "Retry-After: " + inTwoSeconds())
                    .answer(file, request, reply)),
    CHANGED_IN_LENGTH(
            End.CHANGED,
            (file, request, reply) -> halfThen(Ways::changed)
                    .answer(new Served(file.name(), Ways.shortened(file.first()), file.then()), request, reply)),
    CHANGED_WITHOUT_TAG(
            End.CHANGED,
            (file, request, reply) -> halfThen(Ways::changed).answer(file.with(Content::withoutTag), request, reply)),
    CHANGED_WITHOUT_VALIDATORS(
            End.CHANGED,
            (file, request, reply) ->
                    halfThen(Ways::changed).answer(file.with(Content::withoutValidators), request, reply)),
    /** A part of the new file, though a part of the old one alone was asked for. */
    CHANGED_IF_RANGE_IGNORED(End.CHANGED, halfThen(partsOfChanged((content, from, reply) -> {
        int length = content.length();
        reply.head(PARTIAL, content.headers(length(length - from), content.contentRange(from, length)));
        reply.body(content.body(), from, length);
    }))),
    /** The same, and the part does not say of which version it is. */
    CHANGED_IF_RANGE_IGNORED_UNSAID(End.CHANGED, halfThen(partsOfChanged((content, from, reply) -> {
        reply.head(PARTIAL, length(content.length() - from), content.contentRange(from, content.length()));
        reply.body(content.body(), from, content.length());
    }))),
    RANGE_OF_ANOTHER_TOTAL(End.RIGHT, halfThen(parts((content, from, reply) -> {
        int length = content.length();
        String range = content.contentRange(from, length).replaceFirst("/.*", "/" + 2 * length);
        reply.head(PARTIAL, content.headers(length(length - from), range));
        reply.body(content.body(), from, length);
    }))),
    /** A part, says the status, but not which; the body is the whole file. */
    RANGE_UNNAMED(End.RIGHT, halfThen(parts((content, from, reply) -> {
        reply.head(PARTIAL, content.headers(length(content.length())));
        reply.body(content.body(), 0, content.length());
    }))),
    /** The head is that of the part, the body is the whole file. */
    RANGE_WITH_ALL(End.RIGHT, halfThen(parts((content, from, reply) -> {
        int length = content.length();
        reply.head(PARTIAL, content.headers(length(length), content.contentRange(from, length)));
        reply.body(content.body(), 0, length);
    }))),
    /** A part that ends before the end that was asked for, in order: who wants the rest has to ask for it. */
    RANGE_SHORT(End.RIGHT, halfThen(parts((content, from, reply) -> {
        int to = Math.min(content.length(), from + 10_000);
        reply.head(PARTIAL, content.headers(length(to - from), content.contentRange(from, to)));
        reply.body(content.body(), from, to);
    }))),
    /** A part, though all was asked for. */
    RANGE_NOT_ASKED_FOR(End.RIGHT_OR_FAILED, (file, request, reply) -> {
        Content content = file.first();
        int from = Math.max(0, Content.start(request));
        int to = (from + content.length() + 1) / 2;
        reply.head(PARTIAL, content.headers(length(to - from), content.contentRange(from, to)));
        reply.body(content.body(), from, to);
    }),
    RANGES_NOT_SATISFIABLE(
            End.RIGHT,
            halfThen(parts((content, from, reply) ->
                    reply.head("416 Range Not Satisfiable", length(0), "Content-Range: bytes */" + content.length())))),
    /** {@code If-Range} with the entity tag gets all of the file, with the date the part. */
    TAG_NOT_TAKEN(
            End.RIGHT,
            halfThen((file, request, reply) -> file.first().withoutTag().answer(request, reply))),
    CHUNKS_END_BETWEEN(End.RIGHT, once((file, request, reply) -> {
        reply.head(OK, file.first().headers("Transfer-Encoding: chunked"));
        reply.chunk(file.first().body(), 0, file.first().length());
        reply.close();
    })),
    BYTES_BEHIND_THE_BODY(End.RIGHT, (file, request, reply) -> {
        Content content = file.first();
        reply.head(OK, content.headers(length(content.length())));
        reply.body(content.body(), 0, content.length());
        reply.body(content.body(), 0, 100);
        reply.close();
    }),
    HEAD_LIES(End.RIGHT, (file, request, reply) -> {
        if (request.method().equals("HEAD")) {
            reply.head(OK, file.first().headers(length(7), "Accept-Ranges: bytes"));
        } else {
            file.first().answer(request, reply);
        }
    }),
    DIGESTS_RIGHT(
            End.RIGHT,
            claiming(content -> "Content-MD5: " + Content.base64("MD5", content.body()) + "\r\nRepr-Digest: sha-256=:"
                    + Content.base64("SHA-256", content.body()) + ":")),

    // What no try gets right.
    NOT_FOUND(End.FAILED, status(Integer.MAX_VALUE, "404 Not Found", "X-Reason: none")),
    FORBIDDEN(End.FAILED, status(Integer.MAX_VALUE, "403 Forbidden", "X-Reason: none")),
    ALWAYS_EMPTY(End.FAILED, (file, request, reply) -> reply.close()),
    ALWAYS_503(End.FAILED, status(Integer.MAX_VALUE, "503 Service Unavailable", "X-Reason: none")),
    RETRY_AFTER_A_DAY(End.FAILED, status(Integer.MAX_VALUE, "429 Too Many Requests", "Retry-After: 86400")),
    NO_HTTP(End.FAILED, (file, request, reply) -> {
        reply.body(file.first().body(), 0, file.first().length());
        reply.close();
    }),
    MD5_WRONG(End.FAILED, claiming(content -> "Content-MD5: " + Content.base64("MD5", new byte[1]))),
    DIGEST_WRONG(
            End.FAILED, claiming(content -> "Repr-Digest: sha-256=:" + Content.base64("SHA-256", new byte[1]) + ":"));

    /** What there must be at the end. */
    enum End {
        /** The first version, and exit code 0. */
        RIGHT,
        /** The second version, and exit code 0. */
        CHANGED,
        /** No file, and exit code 1. */
        FAILED,
        /** One of these. */
        RIGHT_OR_FAILED
    }

    /** Those of the specification's list g. */
    static final Set<Misbehaviour> TWELVE = EnumSet.range(RESET, STATUS_503);

    private final End end;
    private final Way way;

    Misbehaviour(End end, Way way) {
        this.end = end;
        this.way = way;
    }

    End end() {
        return end;
    }

    Way way() {
        return way;
    }

    private static String inTwoSeconds() {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.now().plusSeconds(2).atZone(ZoneOffset.UTC));
    }
}
