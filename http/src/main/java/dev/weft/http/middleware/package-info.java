/**
 * Middleware that comes with the client; made of the public API alone, as a program's own is. Nothing of it is there unless it is asked for.
 *
 * <p>For a server that is far away, slow, busy or down, around the call: {@link dev.weft.http.middleware.Collapse},
 * {@link dev.weft.http.middleware.Cache}, then {@link dev.weft.http.middleware.Retry}. Around each exchange:
 * {@link dev.weft.http.middleware.CircuitBreaker}, {@link dev.weft.http.middleware.Hedge}, then
 * {@link dev.weft.http.middleware.RateLimit}. In this order, the outermost first, what is asked for at once is sent once, every attempt
 * waits its turn, a circuit that is open is known before there is a wait, and a second copy keeps the limits too.
 *
 * <p>For tests and for looking on: {@link dev.weft.http.middleware.Answers}, {@link dev.weft.http.middleware.Faults},
 * {@link dev.weft.http.middleware.Recorder} and {@link dev.weft.http.middleware.Replay},
 * {@link dev.weft.http.middleware.HarRecorder}, {@link dev.weft.http.middleware.WireLog}.
 */
@NullMarked
package dev.weft.http.middleware;

import org.jspecify.annotations.NullMarked;
