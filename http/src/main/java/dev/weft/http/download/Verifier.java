package dev.weft.http.download;

import dev.weft.http.download.Checksum.Algorithm;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the bytes of a file must have, and what they have. Confined to the loop. */
final class Verifier implements AutoCloseable {
    private final List<Checksum> expected;
    private final Set<Algorithm> asked;
    private @Nullable Checksum promised;
    private Store.@Nullable Sums sums;
    private final Map<String, String> digests = new LinkedHashMap<>();
    private boolean verified;

    /**
     * @param expected what must be so
     * @param asked what is computed besides
     */
    Verifier(List<Checksum> expected, Set<Algorithm> asked) {
        this.expected = expected;
        this.asked = asked;
    }

    /** A file begins, or is gone on with. */
    void of(Store store, @Nullable Checksum promise) {
        close();
        promised = promise;
        Set<Algorithm> all = EnumSet.noneOf(Algorithm.class);
        all.addAll(asked);
        expected.forEach(checksum -> all.add(checksum.algorithm()));
        if (promise != null) {
            all.add(promise.algorithm());
        }
        sums = all.isEmpty() ? null : store.sums(all);
    }

    /** Bytes were written. */
    void follow() {
        if (sums != null) {
            sums.follow();
        }
    }

    /**
     * The file is whole.
     *
     * @throws ChecksumException if it has not what it must have
     */
    void check() {
        if (sums == null) {
            return;
        }
        List<Checksum> all = sums.finish();
        all.forEach(checksum -> digests.put(checksum.algorithm().label(), checksum.hex()));
        expected.forEach(this::compare);
        if (promised != null) {
            compare(promised);
        }
    }

    private void compare(Checksum wanted) {
        String label = wanted.algorithm().label();
        String actual = digests.get(label);
        if (!wanted.hex().equals(actual)) {
            throw new ChecksumException(label, wanted.hex(), String.valueOf(actual));
        }
        verified = true;
    }

    /** Name of the algorithm, and the value. */
    Map<String, String> digests() {
        return Map.copyOf(digests);
    }

    boolean isVerified() {
        return verified;
    }

    @Override
    public void close() {
        if (sums != null) {
            sums.close();
        }
    }
}
