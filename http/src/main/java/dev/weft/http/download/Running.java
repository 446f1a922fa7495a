package dev.weft.http.download;

import dev.weft.http.download.Checksum.Algorithm;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Checksums of bytes that are handed over one after the other. One thread. */
final class Running {
    private final Map<Algorithm, MessageDigest> digests = new EnumMap<>(Algorithm.class);

    Running(Collection<Algorithm> algorithms) {
        for (Algorithm algorithm : algorithms) {
            try {
                digests.put(algorithm, MessageDigest.getInstance(algorithm.jdkName()));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("this Java runtime has no " + algorithm.jdkName(), e);
            }
        }
    }

    void update(ByteBuffer bytes) {
        for (MessageDigest digest : digests.values()) {
            digest.update(bytes.duplicate());
        }
    }

    List<Checksum> finish() {
        List<Checksum> found = new ArrayList<>(digests.size());
        digests.forEach((algorithm, digest) ->
                found.add(new Checksum(algorithm, HexFormat.of().formatHex(digest.digest()))));
        return found;
    }
}
