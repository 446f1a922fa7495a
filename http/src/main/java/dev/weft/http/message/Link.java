package dev.weft.http.message;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A link of a {@code Link} header, as {@code <https://example.com/?page=2>; rel="next"}. Immutable. Source: RFC 8288; aiohttp's
 * {@code ClientResponse.links}.
 *
 * @param url where it points to, resolved against the URL of the answer
 * @param rels its relations in lower case, as {@code next}; empty if it names none
 * @param parameters all of them, {@code rel} too, by name in lower case, quotes and encodings undone
 */
public record Link(HttpUrl url, Set<String> rels, Map<String, String> parameters) {
    /** Copies the collections. */
    public Link {
        rels = Collections.unmodifiableSet(new java.util.LinkedHashSet<>(rels));
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /** Whether it has this relation, and is a link of the answer itself, not of what an {@code anchor} names. */
    public boolean isRel(String rel) {
        return rels.contains(rel.toLowerCase(Locale.ROOT)) && !parameters.containsKey("anchor");
    }

    /** What it is called, for people; null if it has no title. */
    public @Nullable String title() {
        return parameters.get("title");
    }

    /**
     * The links of the values of {@code Link} headers, in their order. What is malformed is left out, and what points to something
     * other than {@code http} and {@code https}.
     *
     * @param base what they are relative to
     */
    public static List<Link> parse(HttpUrl base, List<String> values) {
        List<Link> links = new ArrayList<>();
        for (String value : values) {
            FieldScanner scanner = new FieldScanner(value);
            while (!scanner.atEnd()) {
                scanner.skipSpace();
                if (scanner.take('<')) {
                    add(links, base, scanner);
                } else {
                    scanner.until(",");
                }
                scanner.take(',');
            }
        }
        return List.copyOf(links);
    }

    private static void add(List<Link> links, HttpUrl base, FieldScanner scanner) {
        String target = scanner.until(">");
        if (!scanner.take('>')) {
            return;
        }
        Map<String, String> parameters = ExtendedValue.resolve(scanner.parameters(","));
        Set<String> rels = new java.util.LinkedHashSet<>();
        for (String rel :
                parameters.getOrDefault("rel", "").toLowerCase(Locale.ROOT).split("\\s+", -1)) {
            if (!rel.isEmpty()) {
                rels.add(rel);
            }
        }
        try {
            links.add(new Link(base.resolve(target), rels, parameters));
        } catch (InvalidUrlException e) {
            // A mailto: for example; nothing this client could follow.
        }
    }
}
