package dev.weft.http;

import org.jspecify.annotations.Nullable;

/**
 * What became of one URL of {@link ClientSession#fetchAll}.
 *
 * @param url as it was given
 * @param value what was made of the answer; null if it failed
 * @param failure why there is none: a {@link dev.weft.http.message.ClientException} mostly, or what the reading function threw; null if it
 *     was fetched
 */
public record FetchResult<T extends @Nullable Object>(
        String url, @Nullable T value, @Nullable Throwable failure) {
    /** Whether it was fetched. */
    public boolean isSuccess() {
        return failure == null;
    }

    /**
     * The value.
     *
     * @throws RuntimeException the failure, if it failed; a checked one as the cause of an {@link IllegalStateException}
     */
    public @Nullable T get() {
        return switch (failure) {
            case null -> value;
            case RuntimeException unchecked -> throw unchecked;
            case Error error -> throw error;
            case Throwable checked -> throw new IllegalStateException(url + ": " + checked.getMessage(), checked);
        };
    }
}
