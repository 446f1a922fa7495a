import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Gives a compiled module-info.class the class file version of Java 17, the contents being the same. Maven's jar plugin reads it with
 * the JDK that runs Maven, which may be older than the one that compiles, and refuses what is newer than itself.
 */
class OlderDescriptor {
    private static final int JAVA_17 = 61;

    public static void main(String[] args) throws IOException {
        Path descriptor = Path.of(args[0], "module-info.class");
        byte[] bytes = Files.readAllBytes(descriptor);
        if (bytes[7] != JAVA_17) {
            bytes[6] = 0;
            bytes[7] = JAVA_17;
            Files.write(descriptor, bytes);
        }
    }
}
