package dev.weft.http.message;

import dev.weft.http.message.NetrcFile.Login;
import dev.weft.loop.Asyncio;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Basic credentials from a netrc file, which is read on another thread when a request first needs it, and kept. Who may read the file is
 * not checked.
 *
 * <p>An entry of a {@code machine} goes along to that host, on any port and scheme, after a redirect too. That of {@code default} goes only
 * to the origin where the caller sent the request. Awaiting a request throws {@link NetrcException} if the file cannot be read or is
 * malformed.
 *
 * <p>Any thread. Source: curl's {@code --netrc}, aiohttp's {@code trust_env}; there {@code default} goes to every host.
 */
public final class Netrc implements Auth {
    private static final int MOST_BYTES = 1 << 20;

    private final Path file;
    private final boolean required;
    private final Shared<NetrcFile> content = new Shared<>("read netrc", Asyncio.toThread(this::read));

    private Netrc(Path file, boolean required) {
        this.file = file;
        this.required = required;
    }

    /** The file that the program names; it has to be there. */
    static Netrc of(Path file) {
        return new Netrc(file, true);
    }

    /** The user's own: what {@code NETRC} names, else {@code .netrc} in the home directory, {@code _netrc} on Windows. */
    static Netrc ofUser(Map<String, String> environment, String home, String system) {
        String named = environment.get("NETRC");
        if (named != null && !named.isEmpty()) {
            return new Netrc(Path.of(named), false);
        }
        boolean windows = system.toLowerCase(Locale.ROOT).startsWith("windows");
        return new Netrc(Path.of(home, windows ? "_netrc" : ".netrc"), false);
    }

    /** Has the file read again when a request next needs it. */
    public void refresh() {
        content.drop();
    }

    /** The file. */
    public Path file() {
        return file;
    }

    /** True: which hosts it is for is in the file. */
    @Override
    public boolean appliesTo(HttpUrl first, HttpUrl now) {
        return true;
    }

    /** True: a session needs no base URL for it. */
    @Override
    public boolean isScoped() {
        return true;
    }

    @Override
    public ClientResponse handle(ClientRequest request, Next next) {
        if (request.headers().contains(FixedAuth.HEADER)) {
            return next.send(request);
        }
        Login login = login(content.get().content(), request);
        if (login == null || !login.isKnown()) {
            return next.send(request);
        }
        return next.send(request.withHeader(FixedAuth.HEADER, BasicCredentials.encode(login.user(), login.password())));
    }

    private static @Nullable Login login(NetrcFile file, ClientRequest request) {
        Login own = file.machines().get(request.url().host());
        HttpUrl first = request.attribute(Options.AUTH_SCOPE);
        boolean ofTheCaller = first != null && first.isSameOrigin(request.url());
        return own == null && ofTheCaller ? file.otherwise() : own;
    }

    private NetrcFile read() {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        } catch (NoSuchFileException e) {
            if (required) {
                throw new NetrcException(file, "there is no such file", e);
            }
            return NetrcFile.EMPTY;
        } catch (IOException e) {
            throw new NetrcException(file, "it cannot be read: " + e, e);
        }
        if (bytes.length > MOST_BYTES) {
            throw new NetrcException(file, "it has more than " + MOST_BYTES + " bytes", null);
        }
        try {
            return NetrcFile.parse(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            throw new NetrcException(file, "it is not UTF-8", e);
        } catch (IllegalArgumentException e) {
            throw new NetrcException(file, String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public String toString() {
        return "credentials from " + file;
    }
}
