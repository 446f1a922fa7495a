package dev.weft.cli.input;

import dev.weft.cli.input.Job.Fault;
import dev.weft.cli.input.Job.Place;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes jobs of the lines of a list. A line is a URL, with mirrors and a name behind tabs; a JSON object; an option of the URL above it, which
 * is indented and has an equals sign; a comment, which begins with {@code #}; or blank. What is wrong is a job with a fault, and the
 * next URL goes on. A URL is complete when the next one comes, or the end. Any one thread.
 */
final class UrlList {
    private final String name;
    private final Sink jobs;
    /** The URL to which options may still come; null if there is none. */
    private @Nullable Entry entry;
    /** Whether that URL was given out already. */
    private boolean late;

    /** Takes jobs. */
    @FunctionalInterface
    interface Sink {
        /** Takes one; may wait until there is room. */
        void accept(Job job) throws InterruptedException;
    }

    /** A URL and the lines below it. */
    private static final class Entry {
        final Place place;
        final JobDraft draft;
        final List<String> lines = new ArrayList<>(1);

        @Nullable
        String fault;
        /** Whether the line could not be kept as it is. */
        boolean lost;

        Entry(Place place, JobDraft draft, String line) {
            this.place = place;
            this.draft = draft;
            lines.add(line);
        }

        Job job() {
            if (fault == null) {
                return draft.build(place);
            }
            return draft.build(place, new Fault(fault, lost ? "" : String.join("\n", lines) + "\n"));
        }
    }

    /**
     * @param name of the list, for messages
     * @param jobs gets each when it is complete
     */
    UrlList(String name, Sink jobs) {
        this.name = name;
        this.jobs = jobs;
    }

    /** Takes the next line. */
    void line(UrlLines.Line line) throws InterruptedException {
        String text = line.text().strip();
        if (line.fault() != null) {
            end();
            Entry begun = begin(line, text);
            begun.fault = begun.place + ": " + line.fault();
            begun.lost = true;
        } else if (text.isEmpty() || text.charAt(0) == '#') {
            return;
        } else if (isOption(line.text(), text)) {
            option(line, text);
        } else if (text.charAt(0) == '{') {
            end();
            json(line, text);
        } else {
            end();
            url(line, text);
        }
    }

    /** The list has no more lines. */
    void end() throws InterruptedException {
        Entry complete = entry;
        entry = null;
        if (complete != null && !late) {
            jobs.accept(complete.job());
        }
        late = false;
    }

    /** What is known of the URL that is not complete yet; null if there is none. */
    @Nullable
    Job incomplete() {
        Entry known = entry;
        return known == null || late ? null : known.job();
    }

    /** What {@link #incomplete} gave is being fetched: it is too late for options. */
    void taken() {
        late = true;
    }

    /** Indented, and begins with a key: no URL has an equals sign before its colon. */
    private static boolean isOption(String line, String text) {
        if (line.charAt(0) != ' ' && line.charAt(0) != '\t') {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '=') {
                return i > 0;
            }
            if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '-') {
                return false;
            }
        }
        return false;
    }

    private void option(UrlLines.Line line, String text) throws InterruptedException {
        Entry above = entry;
        if (above == null) {
            // Written again as it is, it would belong to another URL.
            fault(line, "an option without a URL above it", "");
            return;
        }
        if (late) {
            fault(line, "this option came more than a second after its URL, which has begun without it", "");
            return;
        }
        above.lines.add(line.text());
        int equals = text.indexOf('=');
        try {
            above.draft.set(
                    text.substring(0, equals), text.substring(equals + 1).strip());
        } catch (IllegalArgumentException e) {
            if (above.fault == null) {
                above.fault = place(line) + ": " + e.getMessage();
            }
        }
    }

    private void json(UrlLines.Line line, String text) throws InterruptedException {
        try {
            JobDraft draft = JsonLine.read(text);
            if (draft != null) {
                jobs.accept(draft.build(place(line)));
            }
        } catch (IllegalArgumentException e) {
            fault(line, e.getMessage(), line.text() + "\n");
        }
    }

    private void url(UrlLines.Line line, String text) {
        int tab = text.indexOf('\t');
        Entry begun = begin(line, tab < 0 ? text : text.substring(0, tab).strip());
        try {
            begun.draft.takeFragment();
            if (tab >= 0) {
                fields(begun.draft, text, tab + 1);
            }
        } catch (IllegalArgumentException e) {
            begun.fault = begun.place + ": " + e.getMessage();
        }
    }

    private Entry begin(UrlLines.Line line, String url) {
        Entry begun = new Entry(place(line), new JobDraft(url), line.text());
        entry = begun;
        return begun;
    }

    /** What stands behind a URL: other URLs of the same file, and its name. */
    private static void fields(JobDraft draft, String text, int start) {
        int from = start;
        while (from <= text.length()) {
            int tab = text.indexOf('\t', from);
            int end = tab < 0 ? text.length() : tab;
            String field = text.substring(from, end).strip();
            if (field.contains("://")) {
                draft.mirror(field);
            } else if (!field.isEmpty()) {
                draft.name(field);
            }
            from = end + 1;
        }
    }

    private void fault(UrlLines.Line line, @Nullable String message, String kept) throws InterruptedException {
        Fault fault = new Fault(place(line) + ": " + message, kept);
        jobs.accept(new Job(line.text().strip(), List.of(), List.of(), JobOptions.NONE, place(line), fault));
    }

    private Place place(UrlLines.Line line) {
        return new Place(name, line.number());
    }
}
