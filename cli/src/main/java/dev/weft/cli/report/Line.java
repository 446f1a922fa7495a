package dev.weft.cli.report;

/**
 * A line for the terminal. Its state stands in it in words or signs; the colour of one piece of it only makes that easier to find. Immutable.
 *
 * @param text printable
 * @param tone of the piece; the rest has no colour
 * @param from where the piece begins
 * @param to where it ends
 */
record Line(String text, Tone tone, int from, int to) {
    private static final String PLAIN = "\u001b[39m";

    /** What a colour stands for. */
    enum Tone {
        /** No colour. */
        PLAIN(""),
        /** It is there. */
        DONE("\u001b[32m"),
        /** It waits, or tries again. */
        TROUBLE("\u001b[33m"),
        /** It failed. */
        FAILED("\u001b[31m");

        private final String code;

        Tone(String code) {
            this.code = code;
        }
    }

    /** Without colour. */
    static Line plain(String text) {
        return new Line(text, Tone.PLAIN, 0, 0);
    }

    /** With a sign before it, which has the colour. */
    static Line marked(String sign, Tone tone, String text) {
        return new Line(sign + text, tone, 0, sign.length());
    }

    /** With a piece at its end that has the colour. */
    static Line ending(String text, Tone tone, String piece) {
        return new Line(text + piece, tone, text.length(), text.length() + piece.length());
    }

    /** What is written to the terminal. */
    String painted(boolean colour) {
        if (!colour || tone == Tone.PLAIN) {
            return text;
        }
        return text.substring(0, from) + tone.code + text.substring(from, to) + PLAIN + text.substring(to);
    }
}
