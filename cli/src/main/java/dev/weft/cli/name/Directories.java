package dev.weft.cli.name;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * Makes the directories of files. What the user has named may be reached through links; below it nothing is followed: what a URL, a list or
 * a server says is no permission to write where a link leads. Calls are short; they are made on the loop's thread, as an open is.
 */
public final class Directories {
    /** So many are remembered as made, so that they are not looked at for every file in them. */
    private static final int REMEMBERED = 10_000;

    private final Set<Path> made = new HashSet<>();

    /**
     * Makes the directory of a file, and those above it, where they are missing.
     *
     * @throws IOException if one cannot be made, or is a link or a file
     */
    public void makeFor(TargetFile target) throws IOException {
        Path directory = target.root().path();
        if (!made.contains(directory)) {
            Files.createDirectories(directory);
            remember(directory);
        }
        String inside = target.inside();
        for (int slash = inside.indexOf('/'); slash >= 0; slash = inside.indexOf('/', slash + 1)) {
            Path below = directory.resolve(inside.substring(0, slash));
            if (!made.contains(below)) {
                make(below);
                remember(below);
            }
        }
    }

    private void remember(Path directory) {
        if (made.size() >= REMEMBERED) {
            made.clear();
        }
        made.add(directory);
    }

    private static void make(Path directory) throws IOException {
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (Files.isSymbolicLink(directory)) {
                throw new FileSystemException(
                        directory.toString(), null, "it is a symbolic link, which is not followed");
            }
            if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileSystemException(directory.toString(), null, "it exists and is no directory");
            }
        }
    }
}
