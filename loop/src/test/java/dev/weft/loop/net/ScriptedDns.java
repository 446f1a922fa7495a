package dev.weft.loop.net;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Stream;

/** A name server on loopback that says what a test tells it to, over UDP (RFC 1035). */
final class ScriptedDns implements AutoCloseable {
    /** One question, as it is asked: a name and {@code A} or {@code AAAA}. */
    record Question(String name, String type) {}

    /** What to answer: a response code, seconds to live, and addresses, of which those of the question's type are sent. */
    record Answer(int code, int ttlSeconds, List<InetAddress> addresses) {
        static final int SERVER_FAILURE = 2;
        static final int NO_SUCH_NAME = 3;

        static Answer of(int ttlSeconds, String... addresses) {
            return new Answer(
                    0,
                    ttlSeconds,
                    Stream.of(addresses).map(InetAddress::ofLiteral).toList());
        }

        static Answer noSuchName() {
            return new Answer(NO_SUCH_NAME, 0, List.of());
        }
    }

    /** What was asked so far, in order. */
    final List<Question> asked = new CopyOnWriteArrayList<>();

    private final DatagramSocket socket;
    private final Function<Question, Answer> script;

    /** Serves until it is closed. The script runs on a thread of its own; null as an answer is silence. */
    ScriptedDns(Function<Question, Answer> script) {
        this.script = script;
        try {
            socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().name("scripted-dns").start(this::serve);
    }

    InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", socket.getLocalPort());
    }

    long count(String type) {
        return asked.stream().filter(question -> question.type.equals(type)).count();
    }

    private void serve() {
        byte[] buffer = new byte[4096];
        while (!socket.isClosed()) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(packet);
                answer(Arrays.copyOf(buffer, packet.getLength()), packet);
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void answer(byte[] query, DatagramPacket packet) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(query).position(12);
        StringBuilder name = new StringBuilder();
        for (int length = in.get(); length != 0; length = in.get()) {
            byte[] label = new byte[length];
            in.get(label);
            name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
        }
        short type = in.getShort();
        int questionEnd = in.position() + 2;
        Question question = new Question(name.toString(), type == 28 ? "AAAA" : type == 1 ? "A" : "type " + type);
        asked.add(question);
        Answer answer = script.apply(question);
        if (answer != null) {
            byte[] response = response(query, questionEnd, type, answer);
            socket.send(new DatagramPacket(response, response.length, packet.getSocketAddress()));
        }
    }

    private static byte[] response(byte[] query, int questionEnd, short type, Answer answer) throws IOException {
        List<InetAddress> addresses = answer.addresses.stream()
                .filter(address -> address instanceof Inet4Address == (type == 1))
                .toList();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(query, 0, 2);
        // A response, recursion desired and available.
        out.writeShort(0x8180 | answer.code);
        out.writeShort(1);
        out.writeShort(addresses.size());
        out.writeShort(0);
        out.writeShort(0);
        out.write(query, 12, questionEnd - 12);
        for (InetAddress address : addresses) {
            // The name is the question's, at offset 12.
            out.writeShort(0xc00c);
            out.writeShort(type);
            out.writeShort(1);
            out.writeInt(answer.ttlSeconds);
            out.writeShort(address.getAddress().length);
            out.write(address.getAddress());
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        socket.close();
    }
}
