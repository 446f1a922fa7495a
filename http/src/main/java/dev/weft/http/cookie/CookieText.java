package dev.weft.http.cookie;

import org.jspecify.annotations.Nullable;

/**
 * Which texts can be name, value and path of a cookie, so that what is sent is one cookie and nothing more. Wider than what servers
 * should send, as browsers are: blanks inside, quotes, braces and letters of any script are kept. Pure. Source: RFC 6265bis sections
 * 5.6 and 5.7.
 */
final class CookieText {
    private CookieText() {}

    /** What is wrong; null if nothing is. */
    static @Nullable String wrong(String name, String value, String path) {
        if (name.isEmpty() && value.isEmpty()) {
            return "it has neither name nor value";
        }
        if (Octets.exceeds(name + value, Cookie.MAX_PAIR_BYTES)) {
            return "name and value have more than " + Cookie.MAX_PAIR_BYTES + " octets";
        }
        String bad = wrongPart("name", name, ";=");
        if (bad == null) {
            bad = wrongPart("value", value, ";");
        }
        return bad == null ? wrongPath(path) : bad;
    }

    private static @Nullable String wrongPart(String part, String text, String reserved) {
        if (Octets.holdsControl(text)) {
            return "its " + part + " holds a control character";
        }
        for (int i = 0; i < reserved.length(); i++) {
            if (text.indexOf(reserved.charAt(i)) >= 0) {
                return "its " + part + " holds a " + reserved.charAt(i);
            }
        }
        return Octets.strip(text).length() == text.length() ? null : "its " + part + " begins or ends with a blank";
    }

    private static @Nullable String wrongPath(String path) {
        if (!path.startsWith("/")) {
            return "its path does not begin with /";
        }
        if (Octets.exceeds(path, SetCookie.MAX_ATTRIBUTE_BYTES)) {
            return "its path has more than " + SetCookie.MAX_ATTRIBUTE_BYTES + " octets";
        }
        return wrongPart("path", path, ";");
    }
}
