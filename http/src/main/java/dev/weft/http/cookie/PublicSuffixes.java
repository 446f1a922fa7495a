package dev.weft.http.cookie;

import com.google.common.net.InternetDomainName;

/**
 * Domains below which strangers live side by side, as {@code com} and {@code co.uk}: no cookie is for all of them. The list is Guava's
 * copy of the one at publicsuffix.org; it is loaded when a name is looked up first, which takes some tens of milliseconds. Any thread.
 */
final class PublicSuffixes {
    private PublicSuffixes() {}

    /** Whether it is a public suffix. A name of one label is one, listed or not, and so is what is no domain name. */
    static boolean contains(String domain) {
        if (domain.indexOf('.') < 0) {
            return true;
        }
        try {
            return InternetDomainName.from(domain).isPublicSuffix();
        } catch (IllegalArgumentException e) {
            return true;
        }
    }
}
