package dev.weft.cli.options;

import java.util.Set;
import java.util.TreeSet;

/** Lists of statuses: {@code 403,404,5xx,520-530}. Pure. */
final class Statuses {
    private static final int LEAST = 400;
    private static final int MOST = 599;

    private Statuses() {}

    /**
     * The statuses of a list.
     *
     * @throws IllegalArgumentException if an entry is none
     */
    static Set<Integer> of(String text) {
        Set<Integer> all = new TreeSet<>();
        for (String entry : text.split(",", -1)) {
            String range = entry.strip();
            boolean hundred = range.length() == 3 && range.endsWith("xx");
            int dash = range.indexOf('-');
            int from = status(hundred ? range.charAt(0) + "00" : dash < 0 ? range : range.substring(0, dash));
            int to = hundred ? from + 99 : dash < 0 ? from : status(range.substring(dash + 1));
            if (from < LEAST || to > MOST || from > to) {
                throw new IllegalArgumentException("'" + range + "' is no status from " + LEAST + " to " + MOST
                        + ", nor a range of them, as 403, 5xx or 520-530");
            }
            for (int status = from; status <= to; status++) {
                all.add(status);
            }
        }
        return all;
    }

    private static int status(String text) {
        return text.matches("[0-9]{3}") ? Integer.parseInt(text) : -1;
    }
}
