package dev.weft.it;

import dev.weft.it.RawServer.Request;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Function;

/** What {@link Misbehaviour} is put together from. Stateless; any thread. */
final class Ways {
    static final String OK = "200 OK";
    static final String PARTIAL = "206 Partial Content";

    /** A file that is served in a certain way: the first version is there at the first request, the second at the later ones. */
    record Served(String name, Content first, Content then) {
        Served {
            if (first.length() < 100) {
                throw new IllegalArgumentException(first.length() + " bytes: too few to go wrong in the middle");
            }
        }

        /** The versions as other ones, without entity tags for example. */
        Served with(Function<Content, Content> change) {
            return new Served(name, change.apply(first), change.apply(then));
        }
    }

    /** How a request for a file is answered. */
    @FunctionalInterface
    interface Way {
        void answer(Served file, Request request, Reply reply) throws IOException;
    }

    /** How the rest of a file is answered, from an offset. */
    @FunctionalInterface
    interface Part {
        void answer(Content content, int from, Reply reply) throws IOException;
    }

    private Ways() {}

    static void right(Served file, Request request, Reply reply) throws IOException {
        file.first().answer(request, reply);
    }

    /** The second version, all right. */
    static void changed(Served file, Request request, Reply reply) throws IOException {
        file.then().answer(request, reply);
    }

    /** The first request goes wrong; all is right then. */
    static Way once(Way wrong) {
        return firstly(wrong, Ways::right);
    }

    /** The first request is given half of the file; the others are answered in another way. */
    static Way halfThen(Way rest) {
        return firstly(Ways::half, rest);
    }

    private static Way firstly(Way first, Way later) {
        return (file, request, reply) -> (request.number() == 1 ? first : later).answer(file, request, reply);
    }

    /** Half of the file, and the connection ends in order. */
    static void half(Served file, Request request, Reply reply) throws IOException {
        halfOf(file.first(), reply);
        reply.close();
    }

    static void halfOf(Content content, Reply reply) throws IOException {
        reply.head(OK, content.headers("Accept-Ranges: bytes", length(content.length())));
        reply.body(content.body(), 0, content.length() / 2);
    }

    /** Who asks for the file from an offset is given this part of it; who asks for all of it, all of it. */
    static Way parts(Part part) {
        return partsOf(Served::first, part);
    }

    /** The same of the second version. */
    static Way partsOfChanged(Part part) {
        return partsOf(Served::then, part);
    }

    private static Way partsOf(Function<Served, Content> version, Part part) {
        return (file, request, reply) -> {
            Content content = version.apply(file);
            int from = Content.start(request);
            if (from <= 0) {
                content.answer(request, reply);
            } else {
                part.answer(content, from, reply);
            }
        };
    }

    /** So many requests get this status, the others what they ask for. */
    static Way status(int times, String status, String header) {
        return (file, request, reply) -> {
            if (request.number() > times) {
                right(file, request, reply);
            } else {
                byte[] page = ("<h1>" + status + "</h1>").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
                reply.head(status, header, length(page.length));
                reply.body(page, 0, page.length);
            }
        };
    }

    /** All of the file, with one more header line. */
    static Way claiming(Function<Content, String> header) {
        return (file, request, reply) -> {
            Content content = file.first();
            reply.head(OK, content.headers(length(content.length()), header.apply(content)));
            reply.body(content.body(), 0, content.length());
        };
    }

    static String length(int bytes) {
        return "Content-Length: " + bytes;
    }

    static Content shortened(Content content) {
        return new Content(Arrays.copyOf(content.body(), content.length() - 7), content.etag(), content.lastModified());
    }
}
