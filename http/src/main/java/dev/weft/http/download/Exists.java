package dev.weft.http.download;

import java.util.Locale;

/** What is done where a file of that name is there already. Source: aria2's, curl's and wget's options for it, under one name. */
public enum Exists {
    /** It stays, and nothing is asked of the server. */
    SKIP,
    /**
     * It stays if it is the server's: of its length, and of its entity tag or time as far as they are known. Else it is replaced.
     * What an earlier run has left unfinished is gone on with.
     */
    RESUME,
    /**
     * It stays if the server says that it has not changed ({@code 304}) since it was fetched, by its entity tag, or by its time where none was
     * kept. Else it is replaced.
     */
    UPDATE,
    /** It stays, and the new one becomes {@code name.1.ext}. */
    RENAME,
    /** It is replaced. */
    OVERWRITE,
    /** The download fails with {@link java.nio.file.FileAlreadyExistsException}, before anything is asked of the server. */
    FAIL;

    /** As it is written on a command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
