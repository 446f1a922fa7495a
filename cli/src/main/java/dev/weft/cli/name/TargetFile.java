package dev.weft.cli.name;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a file goes. Immutable.
 *
 * @param root what the user said, as it is
 * @param inside what is below it: elements with {@code /} between them, none of which leads upwards
 */
public record TargetFile(Root root, String inside) {
    /**
     * A directory that the user has named.
     *
     * @param path as it was named
     * @param key the same for the same directory
     * @param below how it is called from the directory of the run, empty for that itself; null if it is not below it
     */
    record Root(Path path, String key, @Nullable String below) {}

    /** The path of the file. */
    public Path path() {
        return root.path().resolve(inside);
    }

    /** The file as seen from the directory of the run; its whole path if it is not below that. */
    public String shown() {
        return root.below() == null ? path().toString() : SafeParts.join(root.below(), inside);
    }

    /** Whether the file is below the directory of the run. */
    public boolean isBelow() {
        return root.below() != null;
    }

    /** The same file, or another one if one of the run is that already. */
    public TargetFile take(NamesInUse names) {
        String free = names.take(root.key(), inside);
        return free.equals(inside) ? this : new TargetFile(root, free);
    }
}
