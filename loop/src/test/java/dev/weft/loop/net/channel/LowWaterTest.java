package dev.weft.loop.net.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.loop.Asyncio;
import dev.weft.loop.net.dial.ConnectOptions;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LowWaterTest {
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVLOWAT = 18;
    private static final int MUCH = 1 << 20;
    private static final Duration FOR_EVER = Duration.ofHours(1);

    private interface Use {
        void of(Channel channel);
    }

    private static void connected(Use use) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            Asyncio.run(() -> {
                Channel channel = Dialer.connect(
                        "here",
                        List.of(new InetSocketAddress(server.getInetAddress(), server.getLocalPort())),
                        ConnectOptions.builder().build(),
                        made -> {});
                try {
                    assumeTrue(channel instanceof EpollSocketChannel, "only epoll waits for so much");
                    use.of(channel);
                } finally {
                    channel.close();
                }
            });
        }
    }

    private static int mark(Channel channel) {
        return channel.config().getOption(new IntegerUnixChannelOption("SO_RCVLOWAT", SOL_SOCKET, SO_RCVLOWAT));
    }

    @Test
    void growsOnceMuchHasComeFast() throws Exception {
        connected(channel -> {
            LowWater lowWater = new LowWater(channel, FOR_EVER);
            lowWater.read(200_000, MUCH);
            assertEquals(1, mark(channel), "the system's buffer may be small yet");
            lowWater.read(65_536, MUCH);
            assertEquals(128 << 10, mark(channel));
            lowWater.read(1000, MUCH);
            assertEquals(1, mark(channel), "it comes slowly");
            lowWater.read(65_536, MUCH);
            lowWater.reset();
            assertEquals(1, mark(channel));
        });
    }

    @Test
    void isNeverMoreThanIsToCome() throws Exception {
        connected(channel -> {
            LowWater lowWater = new LowWater(channel, FOR_EVER);
            lowWater.read(MUCH, 100_001);
            assertEquals(100_001, mark(channel));
            lowWater.read(MUCH, 32_767);
            assertEquals(1, mark(channel));
            lowWater.read(MUCH, -1);
            assertEquals(1, mark(channel));
        });
    }

    /** Each layer of TLS may have read a part of a record, which is not among the bytes that it gave. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void leavesOutWhatTlsMayHoldBack(int layers) throws Exception {
        SslContext tls = SslContextBuilder.forClient().build();
        connected(channel -> {
            for (int i = 0; i < layers; i++) {
                channel.pipeline().addLast(tls.newHandler(channel.alloc()));
            }
            LowWater lowWater = new LowWater(channel, FOR_EVER);
            lowWater.read(MUCH, 100_000);
            assertEquals(100_000 - layers * (5 + 16_384 + 2048), mark(channel));
            lowWater.read(MUCH, 32_768 + layers * (5 + 16_384 + 2048) - 1);
            assertEquals(1, mark(channel));
        });
    }

    @Test
    void doesNotWaitForLong() throws Exception {
        connected(channel -> {
            LowWater lowWater = new LowWater(channel, Duration.ofMillis(2));
            for (int i = 0; i < 3; i++) {
                lowWater.read(MUCH, MUCH);
                assertEquals(128 << 10, mark(channel));
                while (mark(channel) > 1) {
                    Asyncio.sleep(0.001).await();
                }
            }
        });
    }

    /** While a longer wait is watched. */
    @Test
    void waitsForShortAnswersNoLongerThanItIsTold() throws Exception {
        connected(channel -> {
            LowWater lowWater = new LowWater(channel, FOR_EVER);
            lowWater.read(MUCH, MUCH);
            for (int i = 0; i < 3; i++) {
                lowWater.waitFor(800, Duration.ofMillis(1));
                assertEquals(800, mark(channel));
                while (mark(channel) > 1) {
                    Asyncio.sleep(0.001).await();
                }
            }
        });
    }

    /** While a shorter one is watched. */
    @Test
    void waitsForLargeBodiesAsLongAsItWasMadeFor() throws Exception {
        connected(channel -> {
            LowWater lowWater = new LowWater(channel, FOR_EVER);
            lowWater.waitFor(800, Duration.ofMillis(1));
            lowWater.read(MUCH, MUCH);
            Asyncio.sleep(0.005).await();
            assertEquals(128 << 10, mark(channel));
        });
    }

    @Test
    void isNothingToWhatIsClosed() throws Exception {
        connected(channel -> {
            LowWater lowWater = new LowWater(channel, Duration.ofMillis(1));
            lowWater.read(MUCH, MUCH);
            Netty.join(channel.close());
            lowWater.reset();
            lowWater.read(MUCH, MUCH);
            Asyncio.sleep(0.003).await();
        });
    }
}
