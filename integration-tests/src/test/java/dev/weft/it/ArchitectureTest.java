package dev.weft.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of ARCHITECTURE.md that a machine can check. */
class ArchitectureTest {
    private static final Path ROOT = Path.of(System.getProperty("weft.root"));
    private static final List<String> MODULES = List.of("loop", "http", "cli");
    private static final JavaClasses WEFT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.weft.loop", "dev.weft.http", "dev.weft.cli");

    /** Where Netty may be used; everywhere else its types are unknown. */
    private static final String[] NETTY_MAY_BE_IN = {
        "dev.weft.loop.poll",
        "dev.weft.loop.net..",
        "dev.weft.http.wire",
        "dev.weft.http.h1",
        "dev.weft.http.h2",
        "dev.weft.http.connect",
        "dev.weft.http.exchange",
        "dev.weft.http.websocket.frame"
    };

    @Test
    void theClassesAreFound() {
        for (String module : MODULES) {
            assertTrue(
                    WEFT.stream().anyMatch(type -> type.getPackageName().startsWith("dev.weft." + module)),
                    "no class of " + module + " was imported");
        }
    }

    @Test
    void noPackageCycles() {
        slices().matching("dev.weft.(**)").should().beFreeOfCycles().check(WEFT);
    }

    @Test
    void importsPointOneWay() {
        noClasses()
                .that()
                .resideInAPackage("dev.weft.loop..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.weft.http..", "dev.weft.cli..")
                .check(WEFT);
        noClasses()
                .that()
                .resideInAPackage("dev.weft.http..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.weft.cli..")
                .check(WEFT);
    }

    @Test
    void theLeavesImportNothingOfOurs() {
        noClasses()
                .that()
                .resideInAPackage("dev.weft.loop.poll")
                .should()
                .dependOnClassesThat(
                        in("dev.weft.", type -> !type.getPackageName().equals("dev.weft.loop.poll")))
                .check(WEFT);
        noClasses()
                .that()
                .resideInAPackage("dev.weft.http.message")
                .should()
                .dependOnClassesThat(
                        in("dev.weft.http.", type -> !type.getPackageName().equals("dev.weft.http.message")))
                .check(WEFT);
    }

    @Test
    void fetchUsesThePublicApiOnly() throws IOException {
        Set<String> exported = exportedPackages();
        classes()
                .that()
                .resideInAPackage("dev.weft.cli..")
                .should(onlyDependOn(exported))
                .check(WEFT);
    }

    /** Whatever it can do, a program's own can do too. */
    @Test
    void middlewareUsesThePublicApiOnly() throws IOException {
        Set<String> exported = exportedPackages();
        classes()
                .that()
                .resideInAPackage("dev.weft.http.middleware..")
                .should(onlyDependOn(exported))
                .check(WEFT);
    }

    private static ArchCondition<JavaClass> onlyDependOn(Set<String> exported) {
        return new ArchCondition<>("depend only on exported packages of loop and http") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getDirectDependenciesFromSelf().forEach(dependency -> {
                    String target = dependency.getTargetClass().getPackageName();
                    boolean ours = target.startsWith("dev.weft.loop") || target.startsWith("dev.weft.http");
                    if (ours && !exported.contains(target)) {
                        events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
                    }
                });
            }
        };
    }

    @Test
    void nettyOnlyWhereItBelongs() {
        noClasses()
                .that()
                .resideOutsideOfPackages(NETTY_MAY_BE_IN)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(WEFT);
    }

    @Test
    void nettyInNoPublicSignature() throws IOException {
        Set<String> exported = exportedPackages();
        methods()
                .that()
                .areDeclaredInClassesThat(in("dev.weft.", type -> exported.contains(type.getPackageName())))
                .should(haveNoNettyInTheirSignature())
                .check(WEFT);
    }

    private static ArchCondition<JavaCodeUnit> haveNoNettyInTheirSignature() {
        return new ArchCondition<>("have no Netty type in their signature") {
            @Override
            public void check(JavaCodeUnit unit, ConditionEvents events) {
                boolean visible = isVisible(unit);
                boolean netty = Stream.concat(Stream.of(unit.getReturnType()), unit.getParameterTypes().stream())
                        .flatMap(type -> type.getAllInvolvedRawTypes().stream())
                        .anyMatch(type -> type.getPackageName().startsWith("io.netty"));
                if (visible && netty) {
                    events.add(SimpleConditionEvent.violated(unit, unit.getFullName()));
                }
            }
        };
    }

    private static boolean isVisible(JavaMember member) {
        Set<JavaModifier> modifiers = member.getModifiers();
        return member.getOwner().getModifiers().contains(JavaModifier.PUBLIC)
                && (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED));
    }

    @Test
    void namesSayWhatThingsAre() {
        noClasses()
                .should()
                .haveNameMatching(".*[.$](Abstract|Base)[A-Z]\\w*|.*(Impl|Utils?|Helper|Manager)$")
                .check(WEFT);
    }

    @Test
    void everyPackageIsNullMarked() throws IOException {
        for (Path source : sources()) {
            Path info = source.resolveSibling("package-info.java");
            if (!source.getFileName().toString().equals("module-info.java")) {
                assertTrue(Files.exists(info), () -> "no package-info.java beside " + source);
                assertTrue(Files.readString(info).contains("@NullMarked"), () -> info + " is not @NullMarked");
            }
        }
    }

    /** A source of more than 300 lines says at its head why it is that long, with the words "long because". */
    @Test
    void longFilesSayWhy() throws IOException {
        List<String> silent = new ArrayList<>();
        for (Path source : sources()) {
            List<String> lines = Files.readAllLines(source);
            if (lines.size() > 300 && !String.join("\n", lines.subList(0, 90)).contains("long because")) {
                silent.add(source + " has " + lines.size() + " lines");
            }
        }
        assertEquals(List.of(), silent);
    }

    private static List<Path> sources() throws IOException {
        List<Path> all = new ArrayList<>();
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(all::add);
            }
        }
        return all;
    }

    /** What the modules export to everybody. */
    private static Set<String> exportedPackages() throws IOException {
        Set<String> exported = new TreeSet<>();
        for (String module : List.of("loop", "http")) {
            String text = Files.readString(ROOT.resolve(module).resolve("src/main/java/module-info.java"));
            Matcher matcher = Pattern.compile("exports ([\\w.]+);").matcher(text);
            while (matcher.find()) {
                exported.add(matcher.group(1));
            }
        }
        assertTrue(exported.contains("dev.weft.loop") && exported.contains("dev.weft.http"), exported::toString);
        return exported;
    }

    private static DescribedPredicate<JavaClass> in(String prefix, java.util.function.Predicate<JavaClass> which) {
        return DescribedPredicate.describe(
                "classes in " + prefix + "* of that kind",
                type -> type.getPackageName().startsWith(prefix.substring(0, prefix.length() - 1)) && which.test(type));
    }
}
