package dev.weft.http.middleware;

import dev.weft.http.message.ClientRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Recorded exchanges, and which of them were used. Invariant: those of one method and URL are used in the order they were recorded in. Confined to
 * one loop.
 */
final class Recordings {
    private final List<Tape> all = new ArrayList<>();
    private final Map<String, List<Tape>> byRequest = new HashMap<>();

    Recordings(List<Recording> recordings) {
        recordings.forEach(this::add);
    }

    private static final class Tape {
        final Recording recording;
        boolean used;

        Tape(Recording recording) {
            this.recording = recording;
        }
    }

    private Tape add(Recording recording) {
        Tape tape = new Tape(recording);
        all.add(tape);
        byRequest
                .computeIfAbsent(recording.toString(), same -> new ArrayList<>())
                .add(tape);
        return tape;
    }

    /** Adds one at the end, which counts as used. */
    void record(Recording recording) {
        add(recording).used = true;
    }

    List<Recording> all() {
        return all.stream().map(tape -> tape.recording).toList();
    }

    /**
     * The next recording of a request, null if there is none left.
     *
     * @param body the digest of its body, null if that is not known or does not matter
     * @param repeat whether the last one may be used again
     */
    @Nullable
    Recording next(String method, String url, @Nullable String body, boolean repeat) {
        Recording last = null;
        for (Tape tape : byRequest.getOrDefault(method + " " + url, List.of())) {
            String recorded = tape.recording.requestBody();
            if (body == null || recorded == null || body.equals(recorded)) {
                if (!tape.used) {
                    tape.used = true;
                    return tape.recording;
                }
                last = tape.recording;
            }
        }
        return repeat ? last : null;
    }

    /** Why there is no recording for a request. */
    String missing(ClientRequest request, String url) {
        String name = request.method() + " " + url;
        List<Tape> same = byRequest.getOrDefault(name, List.of());
        if (!same.isEmpty() && same.stream().allMatch(tape -> tape.used)) {
            return "it was recorded " + times(same.size()) + ", and is asked for once more";
        }
        if (!same.isEmpty()) {
            return "it was recorded with another body";
        }
        return all.isEmpty()
                ? "it was not recorded; nothing was"
                : "it was not recorded; the nearest of " + all.size() + " recordings is "
                        + Objects.requireNonNull(nearest(name));
    }

    private static String times(int count) {
        return count == 1 ? "once" : count + " times";
    }

    private @Nullable Recording nearest(String name) {
        Recording nearest = null;
        int least = Integer.MAX_VALUE;
        for (Tape tape : all) {
            int distance = EditDistance.between(name, tape.recording.toString());
            if (distance < least) {
                least = distance;
                nearest = tape.recording;
            }
        }
        return nearest;
    }
}
