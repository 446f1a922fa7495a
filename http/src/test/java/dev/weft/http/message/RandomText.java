package dev.weft.http.message;

import java.util.Random;

/** Text for tests that parsers survive whatever comes. */
final class RandomText {
    private RandomText() {}

    /** Up to so many characters, most of them of an alphabet, some from anywhere. */
    static String of(Random random, int most, String alphabet) {
        int[] usual = alphabet.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            boolean odd = random.nextInt(40) == 0;
            text.appendCodePoint(odd ? random.nextInt(0x11_0000) : usual[random.nextInt(usual.length)]);
        }
        return text.toString();
    }

    /** Pieces of a grammar in any order. */
    static String of(Random random, int most, String... pieces) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        return text.toString();
    }
}
