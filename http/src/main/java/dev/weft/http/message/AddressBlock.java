package dev.weft.http.message;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** A range of addresses, as {@code 10.0.0.0/8} (RFC 4632, RFC 4291 section 2.3). Pure. */
final class AddressBlock {
    private final byte[] first;
    private final int bits;

    private AddressBlock(byte[] first, int bits) {
        this.first = first;
        this.bits = bits;
    }

    /** The addresses that begin with these bytes; the rest is zero. */
    static AddressBlock ipv6(int bits, int... start) {
        byte[] first = new byte[16];
        for (int i = 0; i < start.length; i++) {
            first[i] = (byte) start[i];
        }
        return new AddressBlock(first, bits);
    }

    /**
     * Reads a range; without a slash it is one address.
     *
     * @throws IllegalArgumentException if it is none
     */
    static AddressBlock parse(String cidr) {
        int slash = cidr.indexOf('/');
        String digits = slash < 0 ? cidr : cidr.substring(0, slash);
        byte[] address = address(cidr, digits);
        int most = address.length * 8;
        int bits = slash < 0 ? most : bits(cidr, cidr.substring(slash + 1), most);
        AddressBlock block = new AddressBlock(address, bits);
        byte[] masked = block.masked(address);
        if (!Arrays.equals(masked, address)) {
            throw new IllegalArgumentException(
                    cidr + " is not the start of a range: that would be " + text(masked) + "/" + bits);
        }
        return block;
    }

    private static byte[] address(String cidr, String digits) {
        // The JDK takes fewer than four numbers too: who writes 10.1 may mean a range.
        boolean whole =
                digits.indexOf(':') >= 0 || digits.chars().filter(c -> c == '.').count() == 3;
        try {
            return InetAddress.ofLiteral(whole ? digits : "").getAddress();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("no address in digits: " + cidr, e);
        }
    }

    private static int bits(String cidr, String digits, int most) {
        boolean number =
                !digits.isEmpty() && digits.length() <= 3 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        int bits = number ? Integer.parseInt(digits) : -1;
        if (bits < 0 || bits > most) {
            throw new IllegalArgumentException("the length in " + cidr + " must be a number from 0 to " + most);
        }
        return bits;
    }

    private byte[] masked(byte[] address) {
        byte[] masked = address.clone();
        for (int bit = bits; bit < masked.length * 8; bit++) {
            masked[bit / 8] &= (byte) ~(0x80 >> (bit % 8));
        }
        return masked;
    }

    boolean contains(byte[] address) {
        if (address.length != first.length) {
            return false;
        }
        int whole = bits / 8;
        if (!Arrays.equals(address, 0, whole, first, 0, whole)) {
            return false;
        }
        int rest = bits % 8;
        return rest == 0 || ((address[whole] ^ first[whole]) & 0xff) >> (8 - rest) == 0;
    }

    private static String text(byte[] address) {
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String toString() {
        return text(first) + "/" + bits;
    }
}
