# The names that completions offer: what commands of rf last found in a database, out of files that they keep, and the
# profiles of the configuration. No Java is started. Sourced by the launcher with KIND and the words typed so far.
# What is said about the database makes the name of the file, as CompletionNames.java has it.

names_kind=$1
shift

# postgresql://user@host/db for postgresql://user:secret@host/db
without_password() {
    case $1 in
        *://*:*@*)
            rest=${1#*://}
            printf '%s' "${1%%://*}://${rest%%:*}@${rest##*@}"
            ;;
        *) printf '%s' "$1" ;;
    esac
}

config=${XDG_CONFIG_HOME:-}
case $config in /*) ;; *) config=${HOME:-/}/.config ;; esac
cache=${XDG_CACHE_HOME:-}
case $cache in /*) ;; *) cache=${HOME:-/}/.cache ;; esac
configs="$config/rf/config.toml"
old_ifs=$IFS
IFS=:
for folder in ${XDG_CONFIG_DIRS:-/etc/xdg}; do
    configs="$configs:$folder/rf/config.toml"
done
configs="$configs:/etc/rf/config.toml:${PGSERVICEFILE:-${HOME:-/}/.pg_service.conf}"

if [ "$names_kind" = profiles ]; then
    for file in $configs; do
        [ ! -r "$file" ] || sed -n 's/^ *\[profile\.\([A-Za-z0-9_-]*\)[].].*/\1/p' "$file"
    done | sort -u
    exit
fi

profile=${RF_PROFILE:-} sandbox= url= before=
for word in "$@"; do
    case $before in
        --profile) profile=$word ;;
        --db-url) url=$word ;;
    esac
    case $word in
        --sandbox) sandbox=sandbox ;;
        --profile=*) profile=${word#*=} ;;
        --db-url=*) url=${word#*=} ;;
    esac
    before=$word
done
key=$profile+$sandbox+$(without_password "$url")
for said in "${RF_DB_URL:-}" "${DATABASE_URL:-}" "${PGHOST:-}" "${PGHOSTADDR:-}" "${PGPORT:-}" "${PGDATABASE:-}" \
    "${PGUSER:-}" "${PGSERVICE:-}"; do
    key=$key+$(without_password "$said")
done
case $key in *password*) exit ;; esac
names=$cache/rf/names/$(printf '%s' "$key" | LC_ALL=C tr -c 'A-Za-z0-9.+-' _).$names_kind
[ -r "$names" ] || exit 0
# A configuration that has changed since may lead to another database.
for file in $configs; do
    [ ! "$file" -nt "$names" ] || exit 0
done
IFS=$old_ifs
exec cat "$names"
