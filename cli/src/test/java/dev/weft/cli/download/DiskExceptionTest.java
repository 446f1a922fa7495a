package dev.weft.cli.download;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DiskExceptionTest {
    @Test
    void reasonsAreWords() {
        Map<IOException, String> table = Map.of(
                new AccessDeniedException("/x"), "permission denied",
                new NoSuchFileException("/x"), "no such file or directory",
                new FileAlreadyExistsException("/x"), "it exists and is no directory",
                new FileSystemException("/x", null, "Read-only file system"), "read-only file system",
                new FileSystemException("/x"), "/x",
                new IOException("No space left on device"), "no space left on device",
                new IOException(), "IOException");
        table.forEach((e, reason) -> assertEquals(reason, DiskException.reason(e)));
        assertEquals(
                "cannot write x: no space left on device",
                new DiskException("cannot write x", new IOException("No space left on device")).getMessage());
        assertEquals(7, List.copyOf(table.keySet()).size());
    }
}
