# To be sourced: find_java prints a JDK of 25 or newer: that of JAVA_HOME, of PATH, or from the usual places.

java_version() { "$1" -version 2>&1 | sed -n '1s/.*version "\([0-9]*\).*/\1/p'; }

find_java() {
    local candidate version
    for candidate in "${JAVA_HOME:-/nowhere}/bin/java" "$(command -v java || true)" /usr/lib/jvm/*/bin/java \
        /opt/*/bin/java /Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java "$HOME"/.sdkman/candidates/java/*/bin/java \
        "$HOME"/.jdks/*/bin/java; do
        if [ -x "$candidate" ]; then
            version=$(java_version "$candidate")
            if [ "${version:-0}" -ge 25 ]; then
                echo "$candidate"
                return
            fi
        fi
    done
    echo "no JDK 25 or newer found: install one, or point JAVA_HOME at it" >&2
    return 1
}
