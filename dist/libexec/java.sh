# Finds a Java that is new enough. Sourced by the launcher and by the Makefile, so that both find the same one.
# No program is started on the way: every JDK says its version in a file named "release".

java_needed=25

# find_java PROGRAM: sets java_home to a Java that has bin/PROGRAM, and java_build to the name of its build, which is a
# file name; or says what is missing and returns 2.
find_java() {
    java_seen=
    if [ -n "${RF_JAVA:-}" ]; then
        java_chosen "$1"
        return
    fi
    # A distribution may hold a Java of its own; "home" is the launcher's.
    if [ -n "${home:-}" ] && java_fits "$home/runtime" "$1"; then
        return
    fi
    if [ -n "${JAVA_HOME:-}" ] && java_fits "$JAVA_HOME" "$1"; then
        return
    fi
    # On the PATH stands a link, or a link to a link, to the java inside its home.
    if java_home=$(command -v java) && java_home=$(readlink -f "$java_home") \
        && java_fits "${java_home%/bin/java}" "$1"; then
        return
    fi
    for java_candidate in /usr/lib/jvm/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
        "${HOME:-}"/.sdkman/candidates/java/*; do
        if java_fits "$java_candidate" "$1"; then
            return
        fi
    done
    {
        echo "rf: Java $java_needed or later is needed, and none was found"
        echo "    looked in: RF_JAVA, JAVA_HOME, PATH, /usr/lib/jvm, /Library/Java/JavaVirtualMachines, ~/.sdkman"
        [ -z "$java_seen" ] || echo "    found:    $java_seen"
        echo "    try:       RF_JAVA=/path/to/jdk-$java_needed    (builds: https://adoptium.net)"
    } >&2
    return 2
}

# RF_JAVA is a home or the java in it. Who names one wants that one: another is never taken instead.
java_chosen() {
    java_home=${RF_JAVA%/bin/java}
    java_fits "$java_home" "$1" && return
    {
        echo "rf: RF_JAVA is no Java $java_needed or later: $RF_JAVA"
        if [ -n "$java_seen" ]; then
            echo "    found:$java_seen"
        else
            echo "    why:  there is no bin/$1 with a file \"release\" beside bin"
        fi
        echo "    try:  RF_JAVA=/path/to/jdk-$java_needed, or unset it to have one found"
    } >&2
    return 2
}

# java_fits HOME PROGRAM
java_fits() {
    [ -x "$1/bin/$2" ] && [ -r "$1/release" ] || return 1
    java_major=
    java_version=
    java_build=
    java_maker=
    while IFS='=' read -r java_name java_value; do
        java_value=${java_value#\"}
        java_value=${java_value%\"}
        case $java_name in
            JAVA_VERSION) java_major=${java_value%%[!0-9]*} java_version=$java_value ;;
            JAVA_RUNTIME_VERSION) java_build=$java_value ;;
            IMPLEMENTOR) java_maker=$java_value ;;
        esac
    done <"$1/release"
    # A Java that was put together by jlink says no more than its version.
    java_build=${java_maker%%[!A-Za-z0-9]*}-${java_build:-$java_version}
    java_build=${java_build%%[!A-Za-z0-9.+_-]*}
    case $java_seen in
        *"($1)"*) ;;
        *) java_seen="$java_seen Java ${java_major:-?} ($1)" ;;
    esac
    [ "${java_major:-0}" -ge "$java_needed" ] && java_home=$1
}
