package dev.weft.http.conformance;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What is different over HTTP/2: which rows are not played over it, with the reason; what is said in other words. All other rows give the same, to the
 * letter. Pure.
 */
final class OverHttp2 {
    private static final Pattern NAMES = Pattern.compile("(?<=[\\[, ])([^\\[\\]=, ]+)=(?=[^\\[]*\\])");

    private record Left(String why, List<String> rows) {}

    /** Rows by the start of their names. */
    private static final List<Left> LEFT = List.of(
            new Left("bytes behind an answer: a frame belongs to a stream", List.of("H020", "H021", "H022")),
            new Left("chunks", List.of("H034", "H035", "H036", "H037", "H038", "H040", "H041")),
            new Left("transfer codings: RFC 9113 section 8.2.2", List.of("H042", "H043", "H044")),
            new Left("other versions of HTTP", List.of("H025", "H128", "H156")),
            new Left(
                    "lines: folds, colons, line ends",
                    List.of(
                            "H039 + no colon",
                            "H039 + a space before the first",
                            "H129",
                            "H130",
                            "H131 no colon",
                            "H131 + CR alone",
                            "H132")),
            new Left(
                    "half a line of a head: there is nothing yet to be sent",
                    List.of(
                            "H087 the start",
                            "H087 + a single byte",
                            "H087 + a blank line",
                            "H087 + what is no answer")),
            new Left("`Keep-Alive`: RFC 9113 section 8.2.2", List.of("H099 + the server says")),
            new Left(
                    "the status line",
                    List.of(
                            "H126",
                            "H127 + no status",
                            "H127 + 200OK",
                            "H131 + CR in the reason",
                            "H131 + NUL in the reason",
                            "H137")));

    private OverHttp2() {}

    /** The rows that are not played, by the starts of their names, and why: as README.md says it. */
    static List<String> left() {
        return LEFT.stream()
                .map(left -> "| " + left.why + " | " + String.join("; ", left.rows) + " |")
                .toList();
    }

    /** The start of the name of each row that is not played. */
    static List<String> starts() {
        return LEFT.stream().flatMap(left -> left.rows.stream()).toList();
    }

    /** Why a row is not played over HTTP/2; null if it is. */
    static String whyNot(Case played) {
        for (Left left : LEFT) {
            for (String start : left.rows) {
                if (played.toString().startsWith(start)) {
                    return left.why;
                }
            }
        }
        return null;
    }

    /** What comes out over HTTP/2: there are no reasons, names are in lower case, and what is malformed is not for being no HTTP/1.1. */
    static String expected(Case played) {
        if (played.expectedOverHttp2() != null) {
            return played.expectedOverHttp2();
        }
        String same = played.expected()
                .replace("the answer is not HTTP/1.1: ", "the answer is malformed: ")
                .replace("the body is malformed: ", "the answer is malformed: ")
                .replaceFirst("^(\\d{3}) '[^\\[]*' \\[", "$1 '' [");
        return NAMES.matcher(same)
                .replaceAll(name ->
                        java.util.regex.Matcher.quoteReplacement(name.group(1).toLowerCase(Locale.ROOT) + "="));
    }
}
