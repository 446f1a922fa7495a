package dev.weft.http.wire;

import dev.weft.http.message.HttpVersion;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;

/**
 * HTTP on one channel: how many requests it takes at a time, and a {@link Wire} for each. On the loop's thread; {@link #open}
 * by tasks too.
 */
public interface HttpConnection {
    /** The pipeline of a closed channel is empty; this stays. */
    AttributeKey<HttpConnection> KEY = AttributeKey.valueOf(HttpConnection.class, "connection");

    /** What is spoken on a channel that HTTP was installed in, a closed one too. */
    static HttpConnection of(Channel channel) {
        return channel.attr(KEY).get();
    }

    /** Who has the connection: is told, on the loop's thread, what changes of it. */
    interface Owner {
        /** It takes so many requests at a time from now on; those that are under way go on. */
        void onCapacity(int requests);

        /** It takes no request any more; those that are under way go on. */
        void onRetired(String reason);
    }

    /** The version that is spoken. */
    HttpVersion version();

    /** How many requests it takes at a time now: 1 if they come one after the other. */
    int capacity();

    /** Its server took so many requests at a time on another connection: until it says so on this one, that is what it is given. */
    default void expect(int requests) {}

    /** Whether several requests can be under way at a time. */
    default boolean isShared() {
        return version() == HttpVersion.HTTP_2;
    }

    /** Tells this one from now on; what changed before counts as told: {@link #capacity} and {@link #retired} say it. */
    void owner(Owner owner);

    /** Why it takes no request any more; null if it does. */
    @Nullable
    String retired();

    /** Whether it has answered a request: one that it refuses then is worth another connection. */
    default boolean isProven() {
        return false;
    }

    /** Whether a request may ask for another protocol on it. With HTTP/2 that is known once it {@linkplain #whenSettled is settled}: RFC 8441. */
    default boolean takesUpgrades() {
        return true;
    }

    /** Calls once it is known what the server has to say of the connection, or there is none any more; at once if that is so. */
    default void whenSettled(Runnable told) {
        told.run();
    }

    /** What the next request is sent by. */
    Wire open();

    /** It is idle no longer than until now, and about to be closed: says goodbye to the server, if the protocol has a word for that. */
    void goodbye();
}
