package dev.weft.http.encoding;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which codings there are, and what a {@code Content-Encoding} asks for. Pure. */
public final class Codings {
    /** What {@code Accept-Encoding} may say: all that can be undone, and nothing else. */
    public static final String ACCEPTED = "gzip, deflate";

    /** More, one upon the other, make no sense but as an attack. */
    private static final int MOST = 5;

    private Codings() {}

    /**
     * What undoes these codings; null if there is nothing to undo.
     *
     * @param contentEncoding the values of the header, in the order the codings were applied
     * @throws CodingException if one of them is not known here, or there are too many
     */
    public static @Nullable ContentDecoder decoder(List<String> contentEncoding) throws CodingException {
        List<String> names = names(contentEncoding);
        if (names.size() > MOST) {
            throw new CodingException(names.size() + " content codings one upon the other, the limit is " + MOST);
        }
        ContentDecoder chain = null;
        for (String name : names.reversed()) {
            ContentDecoder next = single(name);
            chain = chain == null ? next : new ChainedDecoder(chain, next);
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
            default -> throw new CodingException("the content coding " + name + " is not known here");
        };
    }
}
