package dev.weft.cli.options;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Files that hold a value: secrets, header fields, options. Read whole, a pipe too; of no more than a mebibyte, and UTF-8. */
final class SmallFile {
    private static final int MOST_BYTES = 1 << 20;

    private SmallFile() {}

    /**
     * What is in it.
     *
     * @throws IllegalArgumentException if it cannot be read: says why, and shows nothing of what is in it
     */
    static String text(String name) {
        String why;
        try (InputStream in = Files.newInputStream(Path.of(name))) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length <= MOST_BYTES) {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            }
            why = "it has more than " + MOST_BYTES + " bytes";
        } catch (NoSuchFileException e) {
            why = "no such file or directory";
        } catch (AccessDeniedException e) {
            why = "permission denied";
        } catch (CharacterCodingException e) {
            why = "it is not UTF-8";
        } catch (IOException e) {
            why = String.valueOf(e.getMessage());
        }
        throw new IllegalArgumentException("cannot read " + name + ": " + why);
    }

    /**
     * Its first line.
     *
     * @throws IllegalArgumentException if it cannot be read, or the line is empty
     */
    static String line(String name) {
        String text = text(name);
        int end = text.indexOf('\n');
        String line = (end < 0 ? text : text.substring(0, end)).strip();
        if (line.isEmpty()) {
            throw new IllegalArgumentException("the first line of " + name + " is empty");
        }
        return line;
    }
}
