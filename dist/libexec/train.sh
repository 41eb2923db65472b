#!/bin/sh
# Makes the caches of loaded classes with which short commands start at once, for this jar and this Java. It runs them
# once in a sandbox of its own, which it removes. Without the caches everything works, and starts later.
set -eu
home=$(CDPATH='' cd -- "${0%/*}/.." && pwd -P)
. "$home/libexec/java.sh"
find_java java
read -r id <"$home/lib/rf.id"
name=rf-$id-$java_build
[ -e "$home/cache/$name-query.aot" ] && exit

ground=$(mktemp -d)
export XDG_DATA_HOME="$ground" XDG_STATE_HOME="$ground" XDG_CACHE_HOME="$ground" XDG_CONFIG_HOME="$ground" \
    XDG_CONFIG_DIRS="$ground"
unset RF_DB_URL RF_REDIS_URL REDIS_URL DATABASE_URL PGHOST PGPORT PGDATABASE PGUSER PGSERVICE RF_PROFILE RF_RUNNER VIEWDEF_RUNNER
leave() {
    "$home/bin/rf" sandbox stop >/dev/null 2>&1 || :
    rm -rf "$ground"
}
trap leave EXIT
trap 'exit 130' INT TERM

java="$java_home/bin/java"
# The same way as the launcher starts short commands.
options='-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Dio.netty.jfr.enabled=false -Dio.lettuce.core.jfr=false -Xlog:disable'
options="$options -Djdk.reflect.useNativeAccessorOnly=true"
[ ! -d /proc/self ] || options="$options -Djava.locale.providers=HOST"
variables=$("$java" $options -cp "$home/lib/rf.jar:$home/lib/more/*" org.researchflow.rf.cli.TrainingGround)
eval "$variables"
mkdir -p "$home/cache"
for trained in views query; do
    # What methods did in the training is left out: the JVM would compile all of them in every start.
    "$java" $options -XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining -XX:AOTCacheOutput="$ground/$trained.aot" \
        -cp "$home/lib/rf.jar" org.researchflow.rf.cli.Training "$trained" >"$ground/log" 2>&1 \
        || { cat "$ground/log" >&2; exit 1; }
done
rm -f "$home"/cache/rf-*.aot
for trained in views query; do
    mv "$ground/$trained.aot" "$home/cache/$name-$trained.aot"
done
