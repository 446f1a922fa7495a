package dev.weft.http.message;

import java.util.OptionalLong;
import java.util.function.Supplier;

/** A body whose length is not known, in chunks. Confined to the loop; opened once, unless it is replayable. */
final class SourceBody implements Body {
    private final String what;
    private final boolean isReplayable;
    private final Supplier<BodySource> opener;
    private boolean opened;

    SourceBody(String what, boolean isReplayable, Supplier<BodySource> opener) {
        this.what = what;
        this.isReplayable = isReplayable;
        this.opener = opener;
    }

    @Override
    public OptionalLong length() {
        return OptionalLong.empty();
    }

    @Override
    public boolean isReplayable() {
        return isReplayable;
    }

    @Override
    public String contentType() {
        return BytesBody.BINARY;
    }

    @Override
    public BodySource open() {
        if (opened && !isReplayable) {
            throw new IllegalStateException("the body (" + what + ") was sent already, and can be read only once");
        }
        opened = true;
        return opener.get();
    }

    @Override
    public String toString() {
        return what;
    }
}
