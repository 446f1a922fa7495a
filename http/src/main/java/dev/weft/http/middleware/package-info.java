/**
 * Middleware that comes with the client; made of the public API alone, as a program's own is. Nothing of it is there unless it is asked for.
 *
 * <p>Around the call: {@link dev.weft.http.middleware.Collapse}, then {@link dev.weft.http.middleware.Retry}. Around each exchange:
 * {@link dev.weft.http.middleware.CircuitBreaker}, {@link dev.weft.http.middleware.Hedge}, then
 * {@link dev.weft.http.middleware.RateLimit}. In this order, the outermost first, what is asked for at once is sent once, every attempt
 * waits its turn, a circuit that is open is known before there is a wait, and a second copy keeps the limits too.
 *
 * <p>{@link dev.weft.http.middleware.Cache} is outermost around the call: what it has needs none of the others. To look on,
 * {@link dev.weft.http.middleware.HarRecorder} and {@link dev.weft.http.middleware.WireLog} are innermost around each exchange. For tests there are
 * {@link dev.weft.http.middleware.Recorder} and {@link dev.weft.http.middleware.Replay}, {@link dev.weft.http.middleware.Answers}, and
 * {@link dev.weft.http.middleware.Faults}.
 */
@NullMarked
package dev.weft.http.middleware;

import org.jspecify.annotations.NullMarked;
