package dev.weft.http.download;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A process for tests that writes an unfinished file, says whether it has it, and waits until it is killed. */
final class OtherWriter {
    private OtherWriter() {}

    public static void main(String[] args) throws IOException {
        Path target = Path.of(args[0]);
        try (PartFile file = PartFile.open(target, true)) {
            file.begin(Pattern.origin(1 << 20));
            file.write(0, ByteBuffer.wrap(Pattern.bytes(0, 300 << 10)));
            IO.println(Pattern.names(target.resolveSibling(".")).stream()
                    .noneMatch(name -> name.matches("\\.f\\.\\w{8}\\.part")));
            while (System.in.read() >= 0) {
                // Until it is killed.
            }
        }
    }
}
