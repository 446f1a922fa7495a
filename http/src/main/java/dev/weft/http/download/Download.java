package dev.weft.http.download;

import dev.weft.loop.Awaitable;

/**
 * One file on its way. Awaiting it does the work, once, in the task that awaits; {@link #progress()} may be looked at meanwhile. Confined to the
 * loop.
 *
 * <p>Awaiting it throws {@link dev.weft.http.message.ClientException} for what the network or the server did, {@link ChecksumException} if the
 * bytes are not those that were expected, {@link java.io.UncheckedIOException} for the disk. Cancelled, it leaves what can be gone on with, as a
 * {@code .NAME.part} with its journal.
 */
public final class Download implements Awaitable<Downloaded, RuntimeException> {
    Download(Downloader downloader, DownloadRequest request) {}

    @Override
    public Downloaded await() {
        throw new UnsupportedOperationException("not built yet");
    }

    /** How far it is. */
    public DownloadProgress progress() {
        throw new UnsupportedOperationException("not built yet");
    }
}
