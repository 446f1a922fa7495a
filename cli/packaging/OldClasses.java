import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Rewrites the classes of a jar that were compiled for Java 5 or older (picocli's are) in the form of Java 8: the same code, with
 * the stack maps that the newer verifier wants. The ahead-of-time cache holds no older ones, and to load and verify picocli anew
 * takes 40 ms at every start.
 */
class OldClasses {
    /** The first version with stack maps. */
    private static final int FIRST_NEW = ClassFile.JAVA_6_VERSION;

    /** Where a class file has its version: behind the magic number and the minor version. */
    private static final int MAJOR_VERSION = 6;

    private static final String NOTICE = "META-INF/CHANGES-BY-WEFT.txt";

    private OldClasses() {}

    /** The bytes of the jar, changed where there is something to change. */
    static byte[] renew(Path jar) throws IOException {
        try (JarFile in = new JarFile(jar.toFile())) {
            List<JarEntry> entries = in.stream().toList();
            for (JarEntry entry : entries) {
                if (isOld(in, entry)) {
                    return renew(jar, in, entries);
                }
            }
        }
        return Files.readAllBytes(jar);
    }

    private static boolean isOld(JarFile jar, JarEntry entry) throws IOException {
        if (!entry.getName().endsWith(".class")) {
            return false;
        }
        try (DataInputStream in = new DataInputStream(jar.getInputStream(entry))) {
            in.skipNBytes(MAJOR_VERSION);
            return in.readUnsignedShort() < FIRST_NEW;
        }
    }

    private static byte[] renew(Path jar, JarFile in, List<JarEntry> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()});
                JarOutputStream out = new JarOutputStream(bytes)) {
            ClassFile classFile = ClassFile.of(
                    ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(loader)),
                    StackMapsOption.GENERATE_STACK_MAPS);
            for (JarEntry entry : entries) {
                byte[] content = read(in, entry);
                write(out, entry.getName(), isOld(in, entry) ? renew(classFile, content) : content, entry.getTime());
            }
            String notice =
                    "Class files of Java 5 and older were rewritten in the form of Java 8, to fit the JVM's cache.\n";
            write(
                    out,
                    NOTICE,
                    notice.getBytes(StandardCharsets.UTF_8),
                    entries.getFirst().getTime());
        }
        return bytes.toByteArray();
    }

    private static byte[] renew(ClassFile classFile, byte[] content) {
        // A method body that nothing touches would be copied as it is, without stack maps.
        MethodTransform again = MethodTransform.transformingCode((code, element) -> code.with(element));
        ClassTransform transform = (builder, element) -> {
            switch (element) {
                case ClassFileVersion old -> builder.withVersion(ClassFile.JAVA_8_VERSION, 0);
                case MethodModel method -> builder.transformMethod(method, again);
                default -> builder.with(element);
            }
        };
        return classFile.transformClass(classFile.parse(content), transform);
    }

    private static byte[] read(JarFile jar, JarEntry entry) throws IOException {
        try (InputStream in = jar.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }

    private static void write(JarOutputStream out, String name, byte[] content, long time) throws IOException {
        JarEntry entry = new JarEntry(name);
        entry.setTime(time);
        out.putNextEntry(entry);
        out.write(content);
        out.closeEntry();
    }
}
