package dev.weft.http.message;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Header fields: immutable, in their order, a name as often as it came; names compare without regard to case.
 *
 * <p>Any thread. Source: RFC 9110 section 5; aiohttp's {@code CIMultiDictProxy}.
 */
public final class Headers implements Iterable<Map.Entry<String, String>> {
    private static final Headers EMPTY = new Headers(List.of());

    private final List<Map.Entry<String, String>> fields;

    private Headers(List<Map.Entry<String, String>> fields) {
        this.fields = fields;
    }

    /** No fields. */
    public static Headers empty() {
        return EMPTY;
    }

    /** Collects fields. */
    public static Builder builder() {
        return new Builder();
    }

    /** The first value of a name, null if it is not there. */
    public @Nullable String first(String name) {
        for (Map.Entry<String, String> field : fields) {
            if (field.getKey().equalsIgnoreCase(name)) {
                return field.getValue();
            }
        }
        return null;
    }

    /** All values of a name, in their order. */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(2);
        for (Map.Entry<String, String> field : fields) {
            if (field.getKey().equalsIgnoreCase(name)) {
                values.add(field.getValue());
            }
        }
        return values;
    }

    /** Whether a name is there. */
    public boolean contains(String name) {
        return first(name) != null;
    }

    /** Whether one of the values of a name, read as a comma-separated list, is this token, in any case. */
    public boolean hasToken(String name, String token) {
        for (Map.Entry<String, String> field : fields) {
            if (field.getKey().equalsIgnoreCase(name)) {
                for (String item : field.getValue().split(",", -1)) {
                    if (item.strip().equalsIgnoreCase(token)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** How many fields there are, repeated names counted each time. */
    public int size() {
        return fields.size();
    }

    /** Name and value of each field, in their order, names as they were written. */
    @Override
    public Iterator<Map.Entry<String, String>> iterator() {
        return fields.iterator();
    }

    /** A builder that starts with these fields. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.fields.addAll(fields);
        return builder;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Headers that && fields.equals(that.fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }

    @Override
    public String toString() {
        return fields.toString();
    }

    /** Collects fields for {@link Headers}. Names and values are checked as they are added. */
    public static final class Builder {
        private final List<Map.Entry<String, String>> fields = new ArrayList<>();

        private Builder() {}

        /**
         * Adds a field, behind those of the same name.
         *
         * @throws IllegalArgumentException if the name is no token of RFC 9110, or the value holds CR, LF, NUL or another
         *     control character but tab
         */
        @CanIgnoreReturnValue
        public Builder add(String name, String value) {
            fields.add(Map.entry(Fields.name(name), Fields.value(name, value)));
            return this;
        }

        /** Replaces the fields of a name by one, which takes the place of the first. */
        @CanIgnoreReturnValue
        public Builder set(String name, String value) {
            Map.Entry<String, String> field = Map.entry(Fields.name(name), Fields.value(name, value));
            int place = indexOf(name);
            remove(name);
            fields.add(place < 0 ? fields.size() : place, field);
            return this;
        }

        /** Removes the fields of a name. */
        @CanIgnoreReturnValue
        public Builder remove(String name) {
            fields.removeIf(field -> field.getKey().equalsIgnoreCase(name));
            return this;
        }

        private int indexOf(String name) {
            for (int i = 0; i < fields.size(); i++) {
                if (fields.get(i).getKey().equalsIgnoreCase(name)) {
                    return i;
                }
            }
            return -1;
        }

        /** The headers; the builder may go on. */
        public Headers build() {
            return fields.isEmpty() ? EMPTY : new Headers(List.copyOf(fields));
        }
    }
}
