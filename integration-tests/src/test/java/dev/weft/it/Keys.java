package dev.weft.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/**
 * What a server of TLS on 127.0.0.1 proves itself with, as PEM files; made by the JDK's keytool, valid for a day.
 *
 * @param key not encrypted
 * @param certificate signed by itself: who trusts it trusts that server
 */
record Keys(Path key, Path certificate) {
    private static final String PASSWORD = "changeit";

    /** Makes new ones in a directory. */
    static Keys in(Path directory) throws IOException, InterruptedException, GeneralSecurityException {
        Path store = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-validity",
                        "1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool: " + said);
        }
        KeyStore loaded = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            loaded.load(in, PASSWORD.toCharArray());
        }
        byte[] key = loaded.getKey("server", PASSWORD.toCharArray()).getEncoded();
        byte[] certificate = loaded.getCertificate("server").getEncoded();
        return new Keys(
                Files.writeString(directory.resolve("key.pem"), pem("PRIVATE KEY", key)),
                Files.writeString(directory.resolve("certificate.pem"), pem("CERTIFICATE", certificate)));
    }

    private static String pem(String what, byte[] der) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n";
    }
}
