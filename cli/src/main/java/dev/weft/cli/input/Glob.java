package dev.weft.cli.input;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * A URL that stands for many: {@code {a,b}}, {@code [001-100]}, {@code [1-100:2]}, {@code [a-z]}, each combined with each other, the last
 * varying fastest. Nothing is expanded before it is asked for. Immutable; any thread. Source: curl's manual, "globbing".
 */
final class Glob implements Iterable<Job> {
    private final List<Part> parts;
    private final long count;

    /** A piece of the URL. */
    sealed interface Part {
        /** For how many texts it stands. */
        long count();

        /** One of them, from 0. */
        String at(long index);

        /** What stands there as it is. */
        record Text(String text) implements Part {
            @Override
            public long count() {
                return 1;
            }

            @Override
            public String at(long index) {
                return text;
            }
        }

        /** One of these. */
        record Choice(List<String> texts) implements Part {
            @Override
            public long count() {
                return texts.size();
            }

            @Override
            public String at(long index) {
                return texts.get((int) index);
            }
        }

        /** A number, with zeros in front to so many digits. */
        record Numbers(long from, long step, long count, int width) implements Part {
            @Override
            public String at(long index) {
                String digits = Long.toString(from + index * step);
                return digits.length() >= width ? digits : "0".repeat(width - digits.length()) + digits;
            }
        }

        /** A letter. */
        record Letters(char from, int step, long count) implements Part {
            @Override
            public String at(long index) {
                return Character.toString((int) (from + index * step));
            }
        }
    }

    private Glob(List<Part> parts, long count) {
        this.parts = parts;
        this.count = count;
    }

    /** The URL as it is, whatever stands in it. */
    static Glob literal(String url) {
        return new Glob(List.of(new Part.Text(url)), 1);
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException if it is malformed, says where
     */
    static Glob parse(String pattern) {
        return hasMarks(pattern) ? of(pattern, new GlobParser(pattern).parts()) : literal(pattern);
    }

    private static boolean hasMarks(String pattern) {
        for (int i = 0; i < pattern.length(); i++) {
            switch (pattern.charAt(i)) {
                case '[', ']', '{', '}' -> {
                    return true;
                }
                default -> {}
            }
        }
        return false;
    }

    private static Glob of(String pattern, List<Part> parts) {
        long count = 1;
        try {
            for (Part part : parts) {
                count = Math.multiplyExact(count, part.count());
            }
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("'" + pattern + "' stands for more URLs than can be counted", e);
        }
        return new Glob(parts, count);
    }

    /** The sum of two counts. */
    static long sum(long count, long other) {
        try {
            return Math.addExact(count, other);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("the patterns stand for more URLs than can be counted", e);
        }
    }

    /** For how many URLs it stands. */
    long count() {
        return count;
    }

    /** One of its jobs, from 0. */
    Job job(long index) {
        String[] texts = new String[parts.size()];
        long rest = index;
        for (int i = texts.length - 1; i >= 0; i--) {
            Part part = parts.get(i);
            texts[i] = part.at(rest % part.count());
            rest /= part.count();
        }
        String url = String.join("", texts);
        List<String> captures = captures(texts);
        try {
            return Job.of(url, captures);
        } catch (IllegalArgumentException e) {
            Job.Fault fault = new Job.Fault(String.valueOf(e.getMessage()), url + "\n");
            return new Job(url, List.of(), captures, JobOptions.NONE, null, fault);
        }
    }

    private List<String> captures(String[] texts) {
        List<String> captures = new ArrayList<>(texts.length);
        for (int i = 0; i < texts.length; i++) {
            if (!(parts.get(i) instanceof Part.Text)) {
                captures.add(texts[i]);
            }
        }
        return captures;
    }

    @Override
    public Iterator<Job> iterator() {
        return new Iterator<>() {
            private long next;

            @Override
            public boolean hasNext() {
                return next < count;
            }

            @Override
            public Job next() {
                if (next >= count) {
                    throw new NoSuchElementException();
                }
                return job(next++);
            }
        };
    }
}
