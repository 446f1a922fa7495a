package dev.weft.http.encoding;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Which codings there are, what a {@code Content-Encoding} asks for, and what undoes or applies it. Any thread. */
public final class Codings {
    /** More, one upon the other, make no sense but as an attack. */
    private static final int MOST = 5;

    /** What {@link #accepted} gives, by which of the libraries are offered: each request asks. */
    private static final AtomicReferenceArray<@Nullable String> ACCEPTED =
            new AtomicReferenceArray<>(1 << Library.ALL.size());

    private Codings() {}

    /**
     * What {@code Accept-Encoding} may say: all that can be undone here and nothing else, {@code gzip, deflate, br, zstd} if all
     * libraries are there. Loads none; one that turns out not to load is left out from then on.
     */
    public static String accepted() {
        int offered = 0;
        for (int i = 0; i < Library.ALL.size(); i++) {
            offered |= Library.ALL.get(i).isOffered() ? 1 << i : 0;
        }
        String known = ACCEPTED.get(offered);
        if (known == null) {
            known = accepted(offered);
            ACCEPTED.set(offered, known);
        }
        return known;
    }

    private static String accepted(int offered) {
        StringBuilder names = new StringBuilder("gzip, deflate");
        for (int i = 0; i < Library.ALL.size(); i++) {
            if ((offered & 1 << i) != 0) {
                names.append(", ").append(Library.ALL.get(i).coding());
            }
        }
        return names.toString();
    }

    /**
     * Whether {@link #decoder} would have to load a native library for these codings first. That takes 15 to 150 ms, once; to keep
     * a loop running meanwhile, call {@link #load} in another thread before.
     *
     * @param contentEncoding the values of the header
     */
    public static boolean needsLoading(List<String> contentEncoding) {
        List<String> names = names(contentEncoding);
        for (Library library : Library.ALL) {
            if (!library.isLoaded() && library.isOffered() && names.contains(library.coding())) {
                return true;
            }
        }
        return false;
    }

    /**
     * Loads what {@link #decoder} would load. What cannot be loaded is passed over: {@code decoder} says so.
     *
     * @param contentEncoding the values of the header
     */
    public static void load(List<String> contentEncoding) {
        List<String> names = names(contentEncoding);
        for (Library library : Library.ALL) {
            if (names.contains(library.coding())) {
                try {
                    library.load();
                } catch (CodingException e) {
                    // It is remembered, and thrown again where a reader waits for it.
                }
            }
        }
    }

    /**
     * What undoes these codings, however much that gives; null if there is nothing to undo.
     *
     * @param contentEncoding the values of the header, in the order the codings were applied
     * @throws CodingException if one of them is not known here, its library is missing, or there are too many
     */
    public static @Nullable ContentDecoder decoder(List<String> contentEncoding) throws CodingException {
        return decoder(contentEncoding, DecodeLimits.NONE);
    }

    /**
     * What undoes these codings, within limits that hold after each of them; null if there is nothing to undo.
     *
     * @param contentEncoding the values of the header, in the order the codings were applied
     * @throws CodingException if one of them is not known here, its library is missing, or there are too many
     */
    public static @Nullable ContentDecoder decoder(List<String> contentEncoding, DecodeLimits limits)
            throws CodingException {
        List<String> names = names(contentEncoding);
        if (names.size() > MOST) {
            throw new CodingException(names.size() + " content codings one upon the other, the limit is " + MOST);
        }
        ContentDecoder chain = null;
        GuardedDecoder outermost = null;
        try {
            for (String name : names.reversed()) {
                GuardedDecoder next = new GuardedDecoder(single(name), limits, outermost);
                outermost = outermost == null ? next : outermost;
                chain = chain == null ? next : new ChainedDecoder(chain, next);
            }
        } catch (CodingException e) {
            if (chain != null) {
                chain.close();
            }
            throw e;
        }
        return chain;
    }

    private static List<String> names(List<String> contentEncoding) {
        List<String> names = new ArrayList<>(2);
        for (String value : contentEncoding) {
            for (String item : value.split(",", -1)) {
                String name = item.strip().toLowerCase(Locale.ROOT);
                if (!name.isEmpty() && !name.equals("identity")) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    private static ContentDecoder single(String name) throws CodingException {
        return switch (name) {
            case "gzip", "x-gzip" -> new GzipDecoder();
            case "deflate" -> new DeflateDecoder();
            case "br" -> {
                Library.BROTLI.load();
                yield new BrotliDecoder();
            }
            case "zstd" -> {
                Library.ZSTD.load();
                yield new ZstdDecoder();
            }
            default -> throw new CodingException("the content coding " + name + " is not known here");
        };
    }

    /**
     * Checks that {@link #encoder} has a coding, as far as that can be known without loading anything.
     *
     * @throws IllegalArgumentException if it does not; the message lists those there are
     */
    public static void check(String name) {
        String known = accepted();
        String lower = name.strip().toLowerCase(Locale.ROOT);
        if (!lower.equals("x-gzip") && !List.of(known.split(", ")).contains(lower)) {
            throw new IllegalArgumentException(
                    "the content coding " + name + " is not known here; there are: " + known);
        }
    }

    /**
     * What applies a coding: {@code gzip} (or {@code x-gzip}), {@code deflate} (zlib, as RFC 9110 section 8.4.1.2 has it), and
     * {@code br} and {@code zstd} if their libraries are there; any case. The first one of {@code br} or {@code zstd} loads it.
     *
     * @throws IllegalArgumentException if it is none of these; the message lists those there are
     */
    public static ContentEncoder encoder(String name) {
        try {
            ContentEncoder codec = switch (name.strip().toLowerCase(Locale.ROOT)) {
                case "gzip", "x-gzip" -> new GzipEncoder();
                case "deflate" -> DeflateEncoder.zlib();
                case "br" -> {
                    Library.BROTLI.load();
                    yield new BrotliEncoder();
                }
                case "zstd" -> {
                    Library.ZSTD.load();
                    yield new ZstdEncoder();
                }
                default -> throw new CodingException("the content coding " + name + " is not known here");
            };
            return new GuardedEncoder(codec);
        } catch (CodingException e) {
            throw new IllegalArgumentException(e.getMessage() + "; there are: " + accepted(), e);
        }
    }
}
