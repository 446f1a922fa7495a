package dev.weft.http.message;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a request or a session, and what programs attach to a request for their middleware and listeners; by
 * {@link Key}. Immutable. The client's own keys are in {@link Options}.
 */
public final class Attributes {
    private static final Attributes EMPTY = new Attributes(new Object[0], new Key<?>[0]);

    private final @Nullable Object[] values;
    private final @Nullable Key<?>[] keys;

    private Attributes(@Nullable Object[] values, @Nullable Key<?>[] keys) {
        this.values = values;
        this.keys = keys;
    }

    /** None. */
    public static Attributes empty() {
        return EMPTY;
    }

    /** Collects attributes. */
    public static Builder builder() {
        return new Builder(EMPTY);
    }

    /** The value of a key, its fallback if it is not set. */
    @SuppressWarnings({"unchecked", "NullAway"})
    public <T extends @Nullable Object> T get(Key<T> key) {
        return has(key) ? (T) values[key.index] : key.fallback();
    }

    /** Whether a key is set. */
    public boolean has(Key<?> key) {
        return key.index < keys.length && keys[key.index] != null;
    }

    /** These attributes with one set. */
    public <T extends @Nullable Object> Attributes with(Key<T> key, T value) {
        return new Builder(this).set(key, value).build();
    }

    /** These attributes, and where they set nothing the other's; a key that merges merges. */
    public Attributes over(Attributes session) {
        if (keys.length == 0) {
            return session;
        }
        Builder merged = new Builder(session);
        for (Key<?> key : keys) {
            if (key != null) {
                merge(merged, key, session);
            }
        }
        return merged.build();
    }

    private <T extends @Nullable Object> void merge(Builder merged, Key<T> key, Attributes session) {
        merged.set(key, session.has(key) ? key.over(get(key), session.get(key)) : get(key));
    }

    /** Collects attributes. */
    public static final class Builder {
        private @Nullable Object[] values;
        private @Nullable Key<?>[] keys;

        private Builder(Attributes start) {
            values = start.values.clone();
            keys = start.keys.clone();
        }

        /** Sets an attribute; once more replaces it. */
        @CanIgnoreReturnValue
        public <T extends @Nullable Object> Builder set(Key<T> key, T value) {
            if (key.index >= keys.length) {
                values = Arrays.copyOf(values, key.index + 1);
                keys = Arrays.copyOf(keys, key.index + 1);
            }
            values[key.index] = value;
            keys[key.index] = key;
            return this;
        }

        /** Sets an attribute, over what it is already: a key that merges merges. */
        @CanIgnoreReturnValue
        public <T extends @Nullable Object> Builder add(Key<T> key, T value) {
            Attributes now = new Attributes(values, keys);
            return set(key, now.has(key) ? key.over(value, now.get(key)) : value);
        }

        /** The attributes; the builder may go on. */
        public Attributes build() {
            return new Attributes(values.clone(), keys.clone());
        }
    }

    /** Whether the same keys are set, to equal values. */
    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Attributes that)) {
            return false;
        }
        for (int i = 0; i < Math.max(keys.length, that.keys.length); i++) {
            Key<?> mine = i < keys.length ? keys[i] : null;
            Key<?> theirs = i < that.keys.length ? that.keys[i] : null;
            if (mine != theirs || (mine != null && !Objects.equals(values[i], that.values[i]))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 0;
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != null) {
                hash += 31 * i + Objects.hashCode(values[i]);
            }
        }
        return hash;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        for (Key<?> key : keys) {
            if (key != null) {
                text.append(text.length() == 1 ? "" : ", ")
                        .append(key)
                        .append('=')
                        .append(values[key.index]);
            }
        }
        return text.append('}').toString();
    }
}
