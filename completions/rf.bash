# Completions of rf for bash, made from the commands themselves.

# What can follow these words.
_rf_place() {
    global='--db-url --redis-url --redis-prefix --profile --sandbox --source --hapi-schema --hapi-time-zone --lenient --server-base-url -o --output --log-format --color -q --quiet -v --verbose -h --help -V --version'
    commands='' options='' arguments=''
    case $1 in
        '')
            commands='views load poll-fhir terminology speed query stats doctor config grants conformance bench demo sandbox completion help'
            ;;
        'views')
            commands='create create-all refresh refresh-all refresh-stale watch set drop list status info health verify sql validate preview'
            ;;
        'views create')
            options='-f --file --replace --cascade --set-aside --show-keys --live --jobs --lock-timeout --dry-run --refresh-interval --auto-refresh --no-auto-refresh'
            arguments='patient_simple patient_demographics condition_simple observation_labs medication_requests procedure_history encounter_simple medication_simple observation_components mv_kpi_dashboard mv_budget_consolidation mv_enrollment_trends mv_workforce_utilization mv_financial_ratios'
            ;;
        'views create-all')
            options='--pack --replace --cascade --set-aside --show-keys --live --jobs --lock-timeout --dry-run --refresh-interval --auto-refresh --no-auto-refresh'
            ;;
        'views refresh')
            options='--jobs --lock-timeout --dry-run --exact --rebuild --strict --show-keys --metrics-file --on-failure'
            arguments='@views'
            ;;
        'views refresh-all')
            options='--jobs --lock-timeout --dry-run --exact --rebuild --strict --show-keys --metrics-file --on-failure'
            ;;
        'views refresh-stale')
            options='--max-staleness --jobs --lock-timeout --dry-run --exact --rebuild --strict --show-keys --metrics-file --on-failure'
            ;;
        'views watch')
            options='--every --max-staleness --jobs --lock-timeout --dry-run --metrics-file --on-failure'
            ;;
        'views set')
            options='--refresh-interval --auto-refresh --no-auto-refresh --live --no-live --cascade --dry-run'
            arguments='@views'
            ;;
        'views drop')
            options='-y --yes --cascade --jobs --lock-timeout --dry-run'
            arguments='@views'
            ;;
        'views list')
            ;;
        'views status')
            options='--max-staleness --max-duration --max-size --show-keys'
            arguments='@views'
            ;;
        'views info')
            arguments='@views'
            ;;
        'views health')
            options='--max-staleness --max-duration --max-size --metrics-file --on-failure'
            ;;
        'views verify')
            options='--show-keys'
            arguments='@views'
            ;;
        'views sql')
            options='-f --file'
            arguments='@views patient_simple patient_demographics condition_simple observation_labs medication_requests procedure_history encounter_simple medication_simple observation_components mv_kpi_dashboard mv_budget_consolidation mv_enrollment_trends mv_workforce_utilization mv_financial_ratios'
            ;;
        'views validate')
            arguments='@files'
            ;;
        'views preview')
            options='--resource -n'
            arguments='@files'
            ;;
        'load')
            options='--as-of'
            arguments='@files'
            ;;
        'poll-fhir')
            options='--from --every --health-file --metrics-file --type --overlap --since --token-file --listen --listen-secret-file --listen-url --subscribe --keep'
            ;;
        'terminology')
            commands='load list drop'
            ;;
        'terminology load')
            options='--system'
            arguments='@files'
            ;;
        'terminology list')
            ;;
        'terminology drop')
            options='-y --yes'
            arguments='@systems'
            ;;
        'speed')
            commands='status flush purge'
            ;;
        'speed status')
            ;;
        'speed flush')
            options='-y --yes'
            ;;
        'speed purge')
            options='-y --yes'
            ;;
        'query')
            commands='run save list describe delete'
            options='--gender --age --at --birthdate --deceased --alive --code --condition --codes-file --text --and-code --and-condition --and-text --medication --procedure --encounter --lab --not-code --not-condition --not-text --not-medication --not-procedure --not-encounter --not-lab --since --until --status --min-occurrences -f --file --where --limit --changed-since --ids --by --rows --columns --view --min-cell --runner --require-complete --trust-overlap --max-staleness --require-speed --show-sql --explain --count-by-view'
            ;;
        'query run')
            options='--param --gender --age --at --birthdate --deceased --alive --code --condition --codes-file --text --and-code --and-condition --and-text --medication --procedure --encounter --lab --not-code --not-condition --not-text --not-medication --not-procedure --not-encounter --not-lab --since --until --status --min-occurrences --ids --by --rows --columns --view --min-cell --runner --require-complete --trust-overlap --max-staleness --require-speed --show-sql --explain --count-by-view'
            arguments='@queries @files'
            ;;
        'query save')
            options='--gender --age --at --birthdate --deceased --alive --code --condition --codes-file --text --and-code --and-condition --and-text --medication --procedure --encounter --lab --not-code --not-condition --not-text --not-medication --not-procedure --not-encounter --not-lab --since --until --status --min-occurrences -f --file --description --replace'
            arguments='@queries'
            ;;
        'query list')
            ;;
        'query describe')
            arguments='@queries @files'
            ;;
        'query delete')
            options='-y --yes'
            arguments='@queries'
            ;;
        'stats')
            ;;
        'doctor')
            ;;
        'config')
            commands='show init validate'
            ;;
        'config show')
            options='--origin'
            arguments='database.url database.host database.port database.name database.user database.password database.password_file database.sslmode redis.url redis.prefix redis.password_file redis.ca_file redis.keep source.name source.hapi_schema source.hapi_time_zone source.server_base_url source.fhir_token source.fhir_token_file source.fhir_user source.fhir_password source.fhir_password_file source.listen_secret_file views.lenient views.max_staleness views.max_duration views.max_size query.runner query.use_speed_layer query.min_cell query.log query.log_days'
            ;;
        'config init')
            options='--print'
            ;;
        'config validate')
            arguments='@files'
            ;;
        'grants')
            options='--reader --rf --analyst'
            ;;
        'conformance')
            options='--suite --report'
            ;;
        'bench')
            options='--duration --warmup --runs --rate --patients --seed --allow-writes --query --fhir-url --token-file --baseline --fail-if --save --html --junit --samples'
            arguments='query concurrency speed refresh freshness startup rest all'
            ;;
        'demo')
            ;;
        'sandbox')
            commands='start stop load status reset'
            ;;
        'sandbox start')
            ;;
        'sandbox stop')
            ;;
        'sandbox load')
            arguments='kpi'
            ;;
        'sandbox status')
            ;;
        'sandbox reset')
            ;;
        'completion')
            arguments='bash zsh fish'
            ;;
        'help')
            ;;
    esac
}

# What can follow this option, if it takes a value.
_rf_values() {
    case $1 in
        --age | --analyst | --and-text | --as-of | --at | --birthdate | --changed-since | --columns | --db-url | --description | --duration | --every | --fail-if | --fhir-url | --from | --hapi-schema | --hapi-time-zone | --jobs | --keep | --lab | --limit | --listen | --listen-url | --lock-timeout | --max-duration | --max-size | --max-staleness | --min-cell | --min-occurrences | --not-lab | --not-text | --on-failure | --overlap | --param | --patients | --rate | --reader | --redis-prefix | --redis-url | --refresh-interval | --rf | --runs | --seed | --server-base-url | --since | --status | --text | --type | --until | --warmup | --where | -n) values='' ;;
        --and-code | --and-condition | --code | --condition | --encounter | --medication | --not-code | --not-condition | --not-encounter | --not-medication | --not-procedure | --procedure) values='atc| cpt| cvx| icd10| icd10cm| icd10gm| icd10pcs| icd9cm| loinc| ndc| ops| rxnorm| sct| snomed| ucum|' ;;
        --baseline | --codes-file | --file | --health-file | --html | --junit | --listen-secret-file | --metrics-file | --report | --resource | --samples | --save | --suite | --token-file | -f) values='@files' ;;
        --by) values='gender age-band code year' ;;
        --color) values='auto always never' ;;
        --gender) values='male female other unknown' ;;
        --log-format) values='text json' ;;
        --output | -o) values='table json ndjson csv markdown' ;;
        --pack) values='fhir more kpi' ;;
        --profile) values='@profiles' ;;
        --query) values='@queries' ;;
        --runner) values='hybrid materialized postgres speed' ;;
        --source) values='auto hapi resources' ;;
        --system) values='atc cpt cvx icd10 icd10cm icd10gm icd10pcs icd9cm loinc ndc ops rxnorm sct snomed ucum' ;;
        --view) values='@views' ;;
        *) return 1 ;;
    esac
}

# Files, and names that the launcher knows, for a word that begins so.
_rf_offer() {
    local value line
    for value in $1; do
        case $value in
            @files)
                compopt -o filenames 2>/dev/null
                while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$2")
                ;;
            @*)
                while IFS= read -r line; do
                    [[ $line != "$2"* ]] || COMPREPLY+=("$line")
                done < <(command "${COMP_WORDS[0]}" --complete "${value#@}" "${COMP_WORDS[@]:1}" 2>/dev/null)
                ;;
            "$2"*) COMPREPLY+=("$value") ;;
        esac
    done
}

_rf() {
    local i word path='' help='' cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} quote=''
    local commands='' options='' arguments='' values=''
    COMPREPLY=()
    # bash splits --option=value at the sign.
    if [[ $cur == '=' ]]; then
        cur=''
    elif [[ $before == '=' ]]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    case $cur in
        [\'\"]*) quote=${cur:0:1} cur=${cur:1} ;;
    esac
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ $word == -* ]]; then
            _rf_values "$word" && [[ ${COMP_WORDS[i + 1]} != '=' ]] && ((i++))
            continue
        fi
        _rf_place "$path"
        if [[ -z $path && $word == help ]]; then
            help=yes
        elif [[ " $commands " == *" $word "* ]]; then
            path="${path:+$path }$word"
        fi
    done
    _rf_place "$path"
    if _rf_values "$before"; then
        _rf_offer "$values" "$cur"
    elif [[ $cur == -* ]]; then
        _rf_offer "$options $global" "$cur"
    elif [[ -n $help ]]; then
        _rf_offer "$commands" "$cur"
    else
        _rf_offer "$commands $arguments" "$cur"
    fi
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *'|' ]]; then
        compopt -o nospace 2>/dev/null
    fi
    if [[ -z $quote ]]; then
        COMPREPLY=("${COMPREPLY[@]//|/\\|}")
    fi
    # What stands before a colon is a word of its own to bash.
    if [[ $cur == *:* && $COMP_WORDBREAKS == *:* ]]; then
        COMPREPLY=("${COMPREPLY[@]#"${cur%"${cur##*:}"}"}")
    fi
}

complete -F _rf rf
