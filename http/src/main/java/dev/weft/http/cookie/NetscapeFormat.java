package dev.weft.http.cookie;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code cookies.txt}, which Netscape wrote once and curl, wget and many others write still: a line for each cookie with seven fields,
 * and tabs between them: domain, whether it goes below the domain too, path, whether it is Secure, when it ends in seconds since 1970
 * (0 for a session cookie), name, value. {@code #HttpOnly_} before the domain is curl's addition, other lines with {@code #} are
 * comments. Pure.
 */
enum NetscapeFormat implements CookieFormat {
    INSTANCE;

    private static final Logger LOG = LoggerFactory.getLogger(CookieJar.class);
    /** The first line is what wget and Python know such a file by. */
    private static final String HEAD = "# Netscape HTTP Cookie File\n# Written by Weft. It can be edited.\n\n";

    private static final String BYTE_ORDER_MARK = "\ufeff";
    private static final String HTTP_ONLY = "#HttpOnly_";
    /** The end of the year 9999: what is later is as good as never. */
    private static final long LATEST = 253_402_300_799L;

    @Override
    public byte[] encode(List<Cookie> cookies) {
        StringBuilder text = new StringBuilder(HEAD);
        int leftOut = 0;
        for (Cookie cookie : cookies) {
            if (cookie.isShared() || (cookie.pair() + cookie.path()).indexOf('\t') >= 0) {
                leftOut++;
            } else {
                append(text, cookie);
            }
        }
        if (leftOut > 0) {
            LOG.warn(
                    "Cookies for every host or with a tab, which cookies.txt can not hold, were left out: {}", leftOut);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void append(StringBuilder text, Cookie cookie) {
        Instant expires = cookie.expires();
        text.append(cookie.httpOnly() ? HTTP_ONLY : "");
        text.append(cookie.hostOnly() ? "" : ".").append(cookie.domain()).append('\t');
        text.append(flag(!cookie.hostOnly())).append('\t');
        text.append(cookie.path()).append('\t');
        text.append(flag(cookie.secure())).append('\t');
        text.append(expires == null ? 0 : expires.getEpochSecond()).append('\t');
        text.append(cookie.name()).append('\t');
        text.append(cookie.value()).append('\n');
    }

    private static String flag(boolean value) {
        return value ? "TRUE" : "FALSE";
    }

    @Override
    public List<Cookie> decode(byte[] content, Path file, Instant now) throws CookieFileException {
        List<Cookie> cookies = new ArrayList<>();
        int number = 0;
        for (String line : (Iterable<String>) text(content).lines()::iterator) {
            number++;
            boolean httpOnly = line.startsWith(HTTP_ONLY);
            if (line.isBlank() || (line.startsWith("#") && !httpOnly)) {
                continue;
            }
            try {
                cookies.add(cookie(httpOnly ? line.substring(HTTP_ONLY.length()) : line, httpOnly, now));
            } catch (IllegalArgumentException e) {
                throw new CookieFileException(file, "line " + number + ": " + e.getMessage(), e);
            }
        }
        return cookies;
    }

    /** UTF-8, or bytes of ISO-8859-1 if it is not: as header fields are read. */
    private static String text(byte[] content) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            return new String(content, StandardCharsets.ISO_8859_1);
        }
    }

    private static Cookie cookie(String line, boolean httpOnly, Instant now) {
        String[] fields = line.split("\t", -1);
        // Editors strip the tab before an empty value.
        if (fields.length != 7 && fields.length != 6) {
            throw new IllegalArgumentException("there are " + fields.length + " fields, not 7, with tabs between them");
        }
        boolean below = flag("the second field", fields[1]);
        Cookie.Builder cookie = Cookie.builder(
                        Octets.strip(fields[5]), fields.length == 6 ? "" : Octets.strip(fields[6]))
                .path(fields[2])
                .secure(flag("the fourth field", fields[3]))
                .expires(expires(fields[4]))
                .httpOnly(httpOnly)
                .created(now);
        String domain = domain(fields[0]);
        return (below ? cookie.domain(domain) : cookie.host(domain)).build();
    }

    /** The domain without the dot before it, and without the port that wget writes behind it: cookies know no ports. */
    private static String domain(String field) {
        String domain = field.startsWith(".") ? field.substring(1) : field;
        int colon = domain.indexOf(':');
        return colon > 0 && colon == domain.lastIndexOf(':') ? domain.substring(0, colon) : domain;
    }

    private static boolean flag(String which, String field) {
        if (!field.equalsIgnoreCase("TRUE") && !field.equalsIgnoreCase("FALSE")) {
            throw new IllegalArgumentException(which + " is neither TRUE nor FALSE");
        }
        return field.equalsIgnoreCase("TRUE");
    }

    private static @Nullable Instant expires(String field) {
        if (field.isEmpty() || field.equals("0")) {
            return null;
        }
        try {
            return Instant.ofEpochSecond(Math.min(Long.parseLong(field), LATEST));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the fifth field is not a number of seconds", e);
        }
    }
}
