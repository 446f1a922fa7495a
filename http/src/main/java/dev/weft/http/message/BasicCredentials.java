package dev.weft.http.message;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** User and password as headers carry them: RFC 7617. Pure; its messages never show a password. */
final class BasicCredentials {
    private BasicCredentials() {}

    /** The value of {@code Authorization} or {@code Proxy-Authorization}; see {@link Auth#encodeBasic}. */
    static String encode(String user, String password, Charset charset) {
        check(user, password);
        try {
            ByteBuffer bytes = charset.newEncoder().encode(CharBuffer.wrap(user + ":" + password));
            byte[] credentials = new byte[bytes.remaining()];
            bytes.get(credentials);
            return value(credentials);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "the user name or password of " + Fields.quote(user) + " cannot be written in " + charset, e);
        }
    }

    /** The same for what stands before the {@code @} of a URL, whose percent-encoding is undone. */
    static String ofUserInfo(String userInfo) {
        int colon = userInfo.indexOf(':');
        ByteArrayOutputStream credentials = new ByteArrayOutputStream();
        credentials.writeBytes(PercentCoding.decode(colon < 0 ? userInfo : userInfo.substring(0, colon)));
        credentials.write(':');
        credentials.writeBytes(PercentCoding.decode(colon < 0 ? "" : userInfo.substring(colon + 1)));
        return value(credentials.toByteArray());
    }

    private static String value(byte[] credentials) {
        return "Basic " + Base64.getEncoder().encodeToString(credentials);
    }

    /**
     * Checks what Basic and Digest ask of both.
     *
     * @throws IllegalArgumentException if the user holds a colon, or one of them a control character
     */
    static void check(String user, String password) {
        if (user.indexOf(':') >= 0) {
            throw new IllegalArgumentException(
                    "the user name " + Fields.quote(user) + " holds a ':', where the password would begin: RFC 7617");
        }
        rejectControls("user name", user);
        rejectControls("password", password);
    }

    /** RFC 7617 section 2 allows none; CR and LF would end a header, NUL a string of the server. */
    static void rejectControls(String what, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                throw new IllegalArgumentException(String.format(
                        "the %s holds the control character U+%04X at %d", what, (int) text.charAt(i), i));
            }
        }
    }

    /** {@link #encode(String, String, Charset)} in UTF-8. */
    static String encode(String user, String password) {
        return encode(user, password, StandardCharsets.UTF_8);
    }
}
