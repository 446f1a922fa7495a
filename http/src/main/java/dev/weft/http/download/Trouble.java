package dev.weft.http.download;

import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientResponseException;
import dev.weft.http.message.PayloadException;
import dev.weft.http.message.RequestTimeoutException;
import dev.weft.http.middleware.RetryAfter;
import dev.weft.http.middleware.RetryCause;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A failure that may pass, and what there is to know of it. Pure; any thread.
 *
 * @param failure as it happened
 * @param words in short, for who watches
 * @param retryAfter how long the server wants to be left alone; null if it has not said
 */
record Trouble(
        ClientException failure, String words, @Nullable Duration retryAfter) {
    private static final Set<Integer> STATUSES =
            Set.of(408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 527);

    /** What a failure is; null if it is final. */
    static @Nullable Trouble of(ClientException failure, Set<Integer> moreStatuses) {
        if (failure instanceof ClientResponseException answer) {
            int status = answer.status();
            return STATUSES.contains(status) || moreStatuses.contains(status)
                    ? new Trouble(failure, String.valueOf(status), RetryAfter.of(answer.headers(), Instant.now()))
                    : null;
        }
        if (failure instanceof PayloadException) {
            return new Trouble(failure, "cut short", null);
        }
        if (failure instanceof AnswerException) {
            return new Trouble(failure, "wrong answer", null);
        }
        RetryCause cause = RetryCause.of(failure);
        return cause == null ? null : new Trouble(failure, words(cause, failure), null);
    }

    private static String words(RetryCause cause, ClientException failure) {
        return switch (cause) {
            case CONNECT -> failure instanceof RequestTimeoutException ? "connect timeout" : "no connection";
            case DNS -> "name not resolved";
            case NOT_SENT -> "not sent";
            case DISCONNECTED -> "disconnected";
            case TIMEOUT -> "timeout";
            case STATUS -> "status";
        };
    }
}
