package dev.weft.http.message;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Header fields: immutable, in their order, a name as often as it came; names compare without regard to case.
 *
 * <p>Any thread. Source: RFC 9110 section 5; aiohttp's {@code CIMultiDictProxy}.
 */
public final class Headers implements Iterable<Map.Entry<String, String>> {
    private static final Headers EMPTY = new Headers(new String[0], 0);

    /** Name and value of each field, one behind the other; shared with builders, which write behind {@link #end} only. */
    private final String[] texts;

    private final int end;

    private Headers(String[] texts, int end) {
        this.texts = texts;
        this.end = end;
    }

    /** No fields. */
    public static Headers empty() {
        return EMPTY;
    }

    /** Collects fields. */
    public static Builder builder() {
        return new Builder(EMPTY.texts, 0);
    }

    /** The first value of a name, null if it is not there. */
    public @Nullable String first(String name) {
        int place = indexOf(texts, end, name, 0);
        return place < 0 ? null : texts[place + 1];
    }

    /** All values of a name, in their order. */
    public List<String> all(String name) {
        int place = indexOf(texts, end, name, 0);
        if (place < 0) {
            return List.of();
        }
        List<String> values = new ArrayList<>(2);
        for (; place >= 0; place = indexOf(texts, end, name, place + 2)) {
            values.add(texts[place + 1]);
        }
        return values;
    }

    /** Where a name is, at a place or behind it; -1 if it is not there. */
    private static int indexOf(String[] texts, int end, String name, int from) {
        for (int i = from; i < end; i += 2) {
            if (texts[i].equalsIgnoreCase(name)) {
                return i;
            }
        }
        return -1;
    }

    /** Whether a name is there. */
    public boolean contains(String name) {
        return first(name) != null;
    }

    /** Whether one of the values of a name, read as a comma-separated list, is this token, in any case. */
    public boolean hasToken(String name, String token) {
        for (int i = indexOf(texts, end, name, 0); i >= 0; i = indexOf(texts, end, name, i + 2)) {
            if (Fields.hasItem(texts[i + 1], token)) {
                return true;
            }
        }
        return false;
    }

    /** How many fields there are, repeated names counted each time. */
    public int size() {
        return end / 2;
    }

    /** The name of a field, counted from 0, as it was written. */
    public String name(int index) {
        return texts[2 * Objects.checkIndex(index, size())];
    }

    /** The value of a field, counted from 0. */
    public String value(int index) {
        return texts[2 * Objects.checkIndex(index, size()) + 1];
    }

    /** Name and value of each field, in their order, names as they were written. */
    @Override
    public Iterator<Map.Entry<String, String>> iterator() {
        return entries().iterator();
    }

    private List<Map.Entry<String, String>> entries() {
        List<Map.Entry<String, String>> entries = new ArrayList<>(size());
        for (int i = 0; i < end; i += 2) {
            entries.add(Map.entry(texts[i], texts[i + 1]));
        }
        return Collections.unmodifiableList(entries);
    }

    /** A builder that starts with these fields. */
    public Builder toBuilder() {
        return new Builder(Arrays.copyOf(texts, end + Builder.MORE), end);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Headers that && Arrays.equals(texts, 0, end, that.texts, 0, that.end);
    }

    @Override
    public int hashCode() {
        return entries().hashCode();
    }

    @Override
    public String toString() {
        return entries().toString();
    }

    /** Collects fields for {@link Headers}. Names and values are checked as they are added. */
    public static final class Builder {
        /** For as many texts as most answers have. */
        private static final int ROOM = 20;

        /** For as many texts as most requests get besides. */
        private static final int MORE = 10;

        private String[] texts;
        private int end;
        /** Whether headers share the array: what they see must not change. */
        private boolean shared;

        private Builder(String[] texts, int end) {
            this.texts = texts;
            this.end = end;
        }

        /**
         * Adds a field, behind those of the same name.
         *
         * @throws IllegalArgumentException if the name is no token of RFC 9110, or the value holds CR, LF, NUL or another
         *     control character but tab
         */
        @CanIgnoreReturnValue
        public Builder add(String name, String value) {
            insert(end, Fields.name(name), Fields.value(name, value));
            return this;
        }

        /** Adds a field of other headers, counted from 0, behind those of the same name. */
        @CanIgnoreReturnValue
        public Builder add(Headers other, int index) {
            insert(end, other.name(index), other.value(index));
            return this;
        }

        /** Replaces the fields of a name by one, which takes the place of the first. */
        @CanIgnoreReturnValue
        public Builder set(String name, String value) {
            String checkedName = Fields.name(name);
            String checked = Fields.value(name, value);
            int place = indexOf(texts, end, name, 0);
            remove(name);
            insert(place < 0 ? end : place, checkedName, checked);
            return this;
        }

        private void insert(int place, String name, String value) {
            if (end == texts.length || place < end) {
                own(Math.max(ROOM, end == texts.length ? 2 * end : texts.length));
            }
            System.arraycopy(texts, place, texts, place + 2, end - place);
            texts[place] = name;
            texts[place + 1] = value;
            end += 2;
        }

        /** Removes the fields of a name. */
        @CanIgnoreReturnValue
        public Builder remove(String name) {
            for (int i = indexOf(texts, end, name, 0); i >= 0; i = indexOf(texts, end, name, i)) {
                own(texts.length);
                end -= 2;
                System.arraycopy(texts, i + 2, texts, i, end - i);
            }
            return this;
        }

        private void own(int length) {
            if (shared || length != texts.length) {
                texts = Arrays.copyOf(texts, length);
                shared = false;
            }
        }

        /** The headers; the builder may go on. */
        public Headers build() {
            shared = true;
            return end == 0 ? EMPTY : new Headers(texts, end);
        }
    }
}
