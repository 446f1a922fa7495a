package dev.weft.http;

import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.InvalidUrlException;
import dev.weft.loop.Asyncio;
import dev.weft.loop.BoundedMap;
import dev.weft.loop.Loop;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The results of {@link ClientSession#fetchAll}, as they complete. URLs are taken from the input only as there is room: memory is in
 * proportion to the concurrency, whatever the number of URLs; who takes results slowly slows the fetching down.
 *
 * <p>Iterating suspends the task until the next result; a URL that failed is a result too. Only a failure of the input is thrown. Close it when
 * leaving the iteration early: what runs is cancelled and waited for. Can be iterated once, by the task that made it.
 */
public final class FetchAll<T> implements Iterable<FetchResult<T>>, AutoCloseable {
    private final ClientSession session;
    private final FetchOptions<T> options;
    private final HostTurns<Target> turns;
    private final BoundedMap<Target, FetchResult<T>> results;

    /** A URL as it was given, and as it is understood: one of both is the last. */
    private record Target(
            String given, @Nullable HttpUrl url, @Nullable InvalidUrlException invalid) {
        String host() {
            return url == null ? "" : url.origin();
        }
    }

    FetchAll(Loop loop, ClientSession session, Iterator<String> urls, FetchOptions<T> options) {
        this.session = session;
        this.options = options;
        this.turns = new HostTurns<>(loop, targets(urls), Target::host, options.perHost(), options.lookAhead());
        BoundedMap<Target, FetchResult<T>> all = Asyncio.mapBounded(turns, options.concurrency(), this::fetch);
        this.results = options.isInOrder() ? all.inOrder() : all;
    }

    private Iterator<Target> targets(Iterator<String> urls) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return urls.hasNext();
            }

            @Override
            public Target next() {
                String given = urls.next();
                try {
                    return new Target(given, session.resolve(given), null);
                } catch (InvalidUrlException e) {
                    return new Target(given, null, e);
                }
            }
        };
    }

    private FetchResult<T> fetch(Target target) {
        try {
            HttpUrl url = target.url;
            if (url == null) {
                return new FetchResult<>(target.given, null, target.invalid);
            }
            RequestBuilder request = options.request().apply(session.request("GET", url));
            T value = request.read(options.reader()).await();
            return new FetchResult<>(target.given, value, null);
        } catch (Exception e) {
            return new FetchResult<>(target.given, null, e);
        } finally {
            turns.ended(target);
        }
    }

    @Override
    public Iterator<FetchResult<T>> iterator() {
        return results.iterator();
    }

    /** Cancels what is under way and waits for its end; the rest of the input is not read. */
    @Override
    public void close() {
        results.close();
    }
}
