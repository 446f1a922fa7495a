#!/bin/sh
# Starts fetch on the runtime beside it. FETCH_JAVA_OPTS is given to the JVM. Where the ahead-of-time cache does not fit,
# the JVM goes on without it, and without a word: -Xlog:disable.
self=$0
case $self in
  */*) ;;
  *) self=./$self ;;
esac
while [ -h "$self" ]; do
  link=$(readlink "$self")
  case $link in
    /*) self=$link ;;
    *) self=${self%/*}/$link ;;
  esac
done
home=$(CDPATH= cd -- "${self%/*}/.." && pwd -P) || exit 3
lib=$home/lib
# Made for other Java programs of this user: they would cost the ahead-of-time cache, and a line on the terminal.
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS JAVA_AOT_OPTIONS CLASSPATH
# File names are UTF-8, also where no locale is set, as in containers and under cron.
case ${LC_ALL:-${LC_CTYPE:-${LANG-}}} in
  *[Uu][Tt][Ff]8* | *[Uu][Tt][Ff]-8*) ;;
  *) export LC_ALL=C.UTF-8 ;;
esac
terminal=false
[ -t 2 ] && terminal=true
# shellcheck disable=SC2086  # the options are words
exec "$home/runtime/bin/java" @JVM_OPTIONS@ -XX:AOTCache="$lib/fetch.aot" -Xlog:disable \
  -Djava.library.path="$lib/native" -Dlibrary.jline.path="$lib/native" -Dfetch.terminal=$terminal \
  ${FETCH_JAVA_OPTS-} -cp "@CLASS_PATH@" dev.weft.cli.Main "$@"
