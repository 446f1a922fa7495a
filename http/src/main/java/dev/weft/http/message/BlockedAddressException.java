package dev.weft.http.message;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The address policy of the session forbids to connect there. Nothing was sent, nothing was connected. */
public final class BlockedAddressException extends ClientException implements BeforeSendFailure {
    private static final long serialVersionUID = 1;

    private final transient @Nullable InetSocketAddress address;

    /** Says which address, and which rule forbids it. */
    public BlockedAddressException(ClientRequest request, @Nullable InetSocketAddress address, String reason) {
        super(request, reason, null);
        this.address = address;
    }

    /** The address that is forbidden; null after serialization. */
    public @Nullable InetSocketAddress address() {
        return address;
    }
}
