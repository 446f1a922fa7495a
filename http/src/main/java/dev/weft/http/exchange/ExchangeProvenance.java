package dev.weft.http.exchange;

import dev.weft.http.message.Headers;
import dev.weft.http.message.Provenance;
import dev.weft.http.message.ResponseHead;
import dev.weft.http.message.Timings;
import java.net.SocketAddress;
import java.util.List;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What an exchange tells of itself to the answer it gave. */
record ExchangeProvenance(Exchange exchange, int attempts) implements Provenance {
    @Override
    public Headers trailers() {
        return exchange.trailers();
    }

    @Override
    public List<ResponseHead> interim() {
        return exchange.interim();
    }

    @Override
    public Timings timings() {
        return exchange.clock().timings(exchange.call().elapsed());
    }

    @Override
    public long bytesSent() {
        return exchange.sent();
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return exchange.connection().channel().remoteAddress();
    }

    @Override
    public @Nullable SSLSession tls() {
        return exchange.connection().tls();
    }
}
