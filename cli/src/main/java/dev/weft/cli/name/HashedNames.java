package dev.weft.cli.name;

/**
 * A set of names that keeps 64 bits of each: a million take 16 MiB at most. Two names out of a million are taken for one with a
 * chance of one in thirty million. Any one thread.
 */
final class HashedNames {
    private static final int FIRST_SIZE = 64;

    /** Open addressing, linear probing; 0 is an empty place. At most half full. */
    private long[] table = new long[FIRST_SIZE];

    private int size;

    /** Adds a name; false if it is there. */
    boolean add(String name) {
        if (2 * size >= table.length) {
            grow();
        }
        int place = place(table, hash(name));
        if (table[place] != 0) {
            return false;
        }
        table[place] = hash(name);
        size++;
        return true;
    }

    /** Whether a name is there. */
    boolean contains(String name) {
        return table[place(table, hash(name))] != 0;
    }

    private void grow() {
        long[] larger = new long[2 * table.length];
        for (long hash : table) {
            if (hash != 0) {
                larger[place(larger, hash)] = hash;
            }
        }
        table = larger;
    }

    /** Where the hash is, or would be. */
    private static int place(long[] table, long hash) {
        int mask = table.length - 1;
        int place = (int) hash & mask;
        while (table[place] != 0 && table[place] != hash) {
            place = (place + 1) & mask;
        }
        return place;
    }

    /** A polynomial over the characters, its bits mixed as SplitMix64 does. Never 0. */
    private static long hash(String name) {
        long hash = name.length();
        for (int i = 0; i < name.length(); i++) {
            hash = hash * 0x9e3779b97f4a7c15L + name.charAt(i);
        }
        hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
        hash ^= hash >>> 31;
        return hash == 0 ? 1 : hash;
    }
}
