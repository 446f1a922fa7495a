package dev.weft.http.message;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a netrc file says: which user and password for which host. Immutable; reading it is pure.
 *
 * <p>Words are separated by white space and line ends. A word in double quotes may hold both, and {@code \n}, {@code \r}, {@code \t}, and
 * any other character behind a backslash, as curl has it. A {@code #} where a keyword may stand begins a comment. {@code macdef} goes to the
 * next empty line. {@code account} is read and not used. Of two entries for a host the first counts.
 *
 * @param machines by host, as {@link HostParser} writes it
 * @param otherwise the {@code default} entry, wherever it stands; null for none
 */
record NetrcFile(Map<String, Login> machines, @Nullable Login otherwise) {
    /** No entries. */
    static final NetrcFile EMPTY = new NetrcFile(Map.of(), null);

    /** User and password of an entry, empty where it has none. */
    record Login(String user, String password) {
        /** Whether there is anything to send. */
        boolean isKnown() {
            return !user.isEmpty() || !password.isEmpty();
        }

        @Override
        public String toString() {
            return "login " + user;
        }
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if it is malformed; the message says on which line, and shows no password
     */
    static NetrcFile parse(String text) {
        return new Reader(text).file();
    }

    /** Reads word by word. */
    private static final class Reader {
        private final String text;
        private int at;
        private int line = 1;
        private int wordLine = 1;

        Reader(String text) {
            // What some editors put in front of UTF-8.
            this.text = text.startsWith("\ufeff") ? text.substring(1) : text;
        }

        NetrcFile file() {
            Map<String, Login> machines = new HashMap<>();
            Login otherwise = null;
            String keyword = keyword();
            while (keyword != null) {
                if (keyword.equals("macdef")) {
                    value(keyword);
                    skipMacro();
                    keyword = keyword();
                    continue;
                }
                if (!keyword.equals("machine") && !keyword.equals("default")) {
                    throw wrong(wordLine, "belongs to no \"machine\" or \"default\"", keyword);
                }
                String host = keyword.equals("machine") ? host(value(keyword)) : null;
                Map<String, String> given = new HashMap<>();
                for (keyword = keyword(); keyword != null && isField(keyword); keyword = keyword()) {
                    given.putIfAbsent(keyword, checked(keyword, value(keyword)));
                }
                Login login = new Login(given.getOrDefault("login", ""), given.getOrDefault("password", ""));
                if (host != null) {
                    machines.putIfAbsent(host, login);
                } else {
                    otherwise = otherwise == null ? login : otherwise;
                }
            }
            return new NetrcFile(Map.copyOf(machines), otherwise);
        }

        private static boolean isField(String keyword) {
            return keyword.equals("login") || keyword.equals("password") || keyword.equals("account");
        }

        private String checked(String keyword, String value) {
            try {
                if (keyword.equals("login")) {
                    BasicCredentials.check(value, "");
                } else {
                    BasicCredentials.rejectControls(keyword, value);
                }
                return value;
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("line " + wordLine + ": " + e.getMessage(), e);
            }
        }

        private static String host(String name) {
            try {
                return HostParser.parse(name.indexOf(':') >= 0 && !name.startsWith("[") ? "[" + name + "]" : name);
            } catch (IllegalArgumentException e) {
                // No host of a URL, so no URL will ask for it: an entry for another program.
                return name;
            }
        }

        private @Nullable String keyword() {
            String word = word();
            while (word != null && word.startsWith("#")) {
                at = endOfLine();
                word = word();
            }
            if (word != null
                    && !isField(word)
                    && !word.equals("machine")
                    && !word.equals("default")
                    && !word.equals("macdef")) {
                throw wrong(wordLine, "is none of machine, default, login, password, account and macdef", word);
            }
            return word;
        }

        private String value(String keyword) {
            String word = word();
            if (word == null) {
                throw new IllegalArgumentException("line " + line + ": nothing stands behind \"" + keyword + "\"");
            }
            return word;
        }

        private @Nullable String word() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                line += text.charAt(at++) == '\n' ? 1 : 0;
            }
            wordLine = line;
            if (at == text.length()) {
                return null;
            }
            if (text.charAt(at) == '"') {
                return quoted();
            }
            int start = at;
            while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            return text.substring(start, at);
        }

        private String quoted() {
            StringBuilder word = new StringBuilder();
            for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
                char c = text.charAt(at);
                if (c == '\\' && at + 1 < text.length()) {
                    c = escaped(text.charAt(++at));
                }
                line += text.charAt(at) == '\n' ? 1 : 0;
                word.append(c);
            }
            if (at == text.length()) {
                throw new IllegalArgumentException("line " + wordLine + ": a double quote is not closed");
            }
            at++;
            return word.toString();
        }

        private static char escaped(char c) {
            return switch (c) {
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                default -> c;
            };
        }

        private void skipMacro() {
            at = endOfLine();
            while (at < text.length()) {
                at++;
                line++;
                int end = endOfLine();
                if (text.substring(at, end).isBlank()) {
                    return;
                }
                at = end;
            }
        }

        private int endOfLine() {
            int end = text.indexOf('\n', at);
            return end < 0 ? text.length() : end;
        }

        private static IllegalArgumentException wrong(int line, String what, String word) {
            // A word in the wrong place may be half of a password.
            String shown = word.length() > 1 ? word.charAt(0) + "..." : word;
            return new IllegalArgumentException("line " + line + ": the word " + Fields.quote(shown) + " " + what);
        }
    }
}
