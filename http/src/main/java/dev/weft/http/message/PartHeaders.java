package dev.weft.http.message;

import dev.weft.http.message.MultipartParser.Malformed;
import java.util.List;

/** Reads the headers of a part: RFC 2046 section 5.1, RFC 5322 section 2.2; lines that begin with a space go on the one before. Pure. */
final class PartHeaders {
    private PartHeaders() {}

    static Headers parse(List<String> lines, int part, HeaderLimits limits) throws Malformed {
        Headers.Builder headers = Headers.builder();
        int count = 0;
        for (int i = 0; i < lines.size(); count++) {
            StringBuilder field = new StringBuilder(lines.get(i++));
            while (i < lines.size() && isFolded(lines.get(i))) {
                field.append(' ').append(lines.get(i++).strip());
            }
            if (field.length() > limits.fieldBytes() || count == limits.fields()) {
                throw new Malformed("the headers of part " + part + " are more than " + limits.fields()
                        + " or one has more than " + limits.fieldBytes() + " bytes");
            }
            add(headers, field.toString(), part);
        }
        return headers.build();
    }

    private static boolean isFolded(String line) {
        return line.startsWith(" ") || line.startsWith("\t");
    }

    private static void add(Headers.Builder headers, String field, int part) throws Malformed {
        int colon = field.indexOf(':');
        if (colon < 0) {
            throw new Malformed("a header of part " + part + " has no colon: " + Fields.quote(field));
        }
        try {
            headers.add(field.substring(0, colon).stripTrailing(), field.substring(colon + 1));
        } catch (IllegalArgumentException e) {
            throw new Malformed("in part " + part + ", " + e.getMessage());
        }
    }
}
