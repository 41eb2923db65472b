# Completions of rf for fish, made from the commands themselves.

function __rf_global
    printf '%s\t%s\n' \
        --db-url 'The database' \
        --redis-url 'The Redis of the speed layer' \
        --redis-prefix 'In front of all keys in Redis, so that several installations can share one; with a hash tag such as {rf}' \
        --profile 'Use what the configuration file says below [profile.NAME]' \
        --sandbox 'Use the sandbox, whatever database is configured' \
        --source 'Where the resources are' \
        --hapi-schema 'The schema of HAPI\'s tables' \
        --hapi-time-zone 'The time zone of the HAPI server\'s JVM, such as Europe/Paris' \
        --lenient 'A value that does not fit the type of its column is null and counted, not an error' \
        --server-base-url 'The FHIR server\'s own base URL' \
        -o 'How to print the answer' \
        --output 'How to print the answer' \
        --log-format 'What standard error says, and what services say of their rounds' \
        --color 'Colour' \
        -q 'Print errors only, beside the answer' \
        --quiet 'Print errors only, beside the answer' \
        -v 'Print SQL, timings and the causes of errors as well' \
        --verbose 'Print SQL, timings and the causes of errors as well' \
        -h 'Explain the command' \
        --help 'Explain the command' \
        -V 'Print the version' \
        --version 'Print the version'
end

function __rf_commands
    switch $argv[1]
        case ''
            printf '%s\t%s\n' \
                views 'Makes and looks after materialized views' \
                load 'Loads FHIR resources from Bulk Data files' \
                poll-fhir 'Takes what changed in the FHIR server to Redis, so that answers are live' \
                terminology 'Which codes are below which, so that a question can mean all of them' \
                speed 'The changes that Redis holds for live answers' \
                query 'Counts the patients of a cohort, or prints the rows of a view' \
                stats 'Says how many queries there were, who answered them, and how long they took' \
                doctor 'Checks everything that rf stands on, and says what to type where something is wrong' \
                config 'What rf is told to do, and by whom' \
                grants 'Prints the SQL that gives three roles the rights they need' \
                conformance 'Runs a suite of SQL-on-FHIR cases and writes the report in the suite\'s format' \
                bench 'Measures what rf costs and gains, on your own data or in the sandbox' \
                demo 'Shows rf at work in the sandbox' \
                sandbox 'A private PostgreSQL and Redis with sample data' \
                completion 'Prints the completions for a shell' \
                help 'Explains a command'
        case 'views'
            printf '%s\t%s\n' \
                create 'Creates materialized views' \
                create-all 'Creates all views of a pack' \
                refresh 'Brings views up to date, at the cost of what changed' \
                refresh-all 'Brings all views up to date, at the cost of what changed' \
                refresh-stale 'Brings those views up to date that are stale or whose last refresh failed' \
                watch 'Keeps views up to date until it is stopped, for systemd and containers' \
                set 'Changes when views are refreshed, and whether they are live' \
                drop 'Drops materialized views with their stored rows' \
                list 'Lists the materialized views' \
                status 'Shows how current the views are' \
                info 'Tells all about one view' \
                health 'Says whether all views are current, for monitoring' \
                verify 'Compares views with a fresh computation' \
                sql 'Prints the SQL of a view' \
                validate 'Checks ViewDefinitions and SQLViews without a database' \
                preview 'Shows the first rows of a ViewDefinition, without creating the view'
        case 'terminology'
            printf '%s\t%s\n' \
                load 'Loads which codes of a code system are below which' \
                list 'Lists the code systems whose hierarchies are loaded' \
                drop 'Forgets the hierarchy of a code system'
        case 'speed'
            printf '%s\t%s\n' \
                status 'Tells what Redis holds, and what it is complete for' \
                flush 'Forgets the changes in Redis, and what they are complete for' \
                purge 'Removes everything of rf\'s from Redis'
        case 'query'
            printf '%s\t%s\n' \
                run 'Asks a question that is kept by name or in a file' \
                save 'Keeps a cohort or a SQLQuery under a name, in the database, for all who use it' \
                list 'Lists the queries that are kept by name' \
                describe 'Says what a query asks that is kept by name, or a SQLQuery in a file' \
                delete 'Forgets a query that was kept by name'
        case 'config'
            printf '%s\t%s\n' \
                show 'Shows the settings as they hold' \
                init 'Writes a configuration file to begin with' \
                validate 'Checks configuration files'
        case 'sandbox'
            printf '%s\t%s\n' \
                start 'Starts the sandbox, and loads the sample data the first time' \
                stop 'Stops the sandbox; its data stay' \
                load 'Makes the tables of a pack, with sample data' \
                status 'Tells whether the sandbox runs, and where' \
                reset 'Throws the sandbox\'s data away and starts it with the sample data anew'
    end
end

function __rf_options
    switch $argv[1]
        case 'views create'
            printf '%s\t%s\n' \
                -f 'A ViewDefinition in JSON, or a SQLView' \
                --file 'A ViewDefinition in JSON, or a SQLView' \
                --replace 'Build a view anew whose definition has changed' \
                --cascade 'With --replace' \
                --set-aside 'Leave out resources on which a view\'s SQL fails, and say so in every answer' \
                --show-keys 'Name resources in messages by their keys, not by a hash of them' \
                --live 'Publish sqlonfhir_live.NAME as well' \
                --jobs 'How many views to work on at a time' \
                --lock-timeout 'How long to wait for another run on the same view' \
                --dry-run 'Say what would be done and why, and do nothing' \
                --refresh-interval 'How old the view may be before it is stale' \
                --auto-refresh 'Let refresh-stale and watch refresh the view' \
                --no-auto-refresh 'Refresh the view only when it is named, or with refresh-all'
        case 'views create-all'
            printf '%s\t%s\n' \
                --pack 'The pack' \
                --replace 'Build a view anew whose definition has changed' \
                --cascade 'With --replace' \
                --set-aside 'Leave out resources on which a view\'s SQL fails, and say so in every answer' \
                --show-keys 'Name resources in messages by their keys, not by a hash of them' \
                --live 'Publish sqlonfhir_live.NAME as well' \
                --jobs 'How many views to work on at a time' \
                --lock-timeout 'How long to wait for another run on the same view' \
                --dry-run 'Say what would be done and why, and do nothing' \
                --refresh-interval 'How old the view may be before it is stale' \
                --auto-refresh 'Let refresh-stale and watch refresh the view' \
                --no-auto-refresh 'Refresh the view only when it is named, or with refresh-all'
        case 'views refresh'
            printf '%s\t%s\n' \
                --jobs 'How many views to work on at a time' \
                --lock-timeout 'How long to wait for another run on the same view' \
                --dry-run 'Say what would be done and why, and do nothing' \
                --exact 'Also look for expunged resources and changed tags, which leave no new version' \
                --rebuild 'Build everything anew' \
                --strict 'Fail when a view\'s SQL fails on a resource, instead of setting the resource aside' \
                --show-keys 'Name resources in messages by their keys, not by a hash of them' \
                --metrics-file 'Write the views\' state in Prometheus\' text format, for the textfile collector' \
                --on-failure 'Run by /bin/sh when something failed; finds RF_COMMAND, RF_EXIT_CODE, RF_FAILED_VIEWS and RF_ERROR in its environment'
        case 'views refresh-all'
            printf '%s\t%s\n' \
                --jobs 'How many views to work on at a time' \
                --lock-timeout 'How long to wait for another run on the same view' \
                --dry-run 'Say what would be done and why, and do nothing' \
                --exact 'Also look for expunged resources and changed tags, which leave no new version' \
                --rebuild 'Build everything anew' \
                --strict 'Fail when a view\'s SQL fails on a resource, instead of setting the resource aside' \
                --show-keys 'Name resources in messages by their keys, not by a hash of them' \
                --metrics-file 'Write the views\' state in Prometheus\' text format, for the textfile collector' \
                --on-failure 'Run by /bin/sh when something failed; finds RF_COMMAND, RF_EXIT_CODE, RF_FAILED_VIEWS and RF_ERROR in its environment'
        case 'views refresh-stale'
            printf '%s\t%s\n' \
                --max-staleness 'How old a view may be' \
                --jobs 'How many views to work on at a time' \
                --lock-timeout 'How long to wait for another run on the same view' \
                --dry-run 'Say what would be done and why, and do nothing' \
                --exact 'Also look for expunged resources and changed tags, which leave no new version' \
                --rebuild 'Build everything anew' \
                --strict 'Fail when a view\'s SQL fails on a resource, instead of setting the resource aside' \
                --show-keys 'Name resources in messages by their keys, not by a hash of them' \
                --metrics-file 'Write the views\' state in Prometheus\' text format, for the textfile collector' \
                --on-failure 'Run by /bin/sh when something failed; finds RF_COMMAND, RF_EXIT_CODE, RF_FAILED_VIEWS and RF_ERROR in its environment'
        case 'views watch'
            printf '%s\t%s\n' \
                --every 'From one round to the next' \
                --max-staleness 'How old a view may be' \
                --jobs 'How many views to work on at a time' \
                --lock-timeout 'How long to wait for another run on the same view' \
                --dry-run 'Say what would be done and why, and do nothing' \
                --metrics-file 'Write the views\' state in Prometheus\' text format, for the textfile collector' \
                --on-failure 'Run by /bin/sh when something failed; finds RF_COMMAND, RF_EXIT_CODE, RF_FAILED_VIEWS and RF_ERROR in its environment'
        case 'views set'
            printf '%s\t%s\n' \
                --refresh-interval 'How old the view may be before it is stale' \
                --auto-refresh 'Let refresh-stale and watch refresh the view' \
                --no-auto-refresh 'Refresh the view only when it is named, or with refresh-all' \
                --live 'Publish sqlonfhir_live.NAME as well' \
                --no-live 'Take sqlonfhir_live.NAME away' \
                --cascade 'With --no-live, or when a live view\'s columns changed' \
                --dry-run 'Say what would be done, and do nothing'
        case 'views drop'
            printf '%s\t%s\n' \
                -y 'Do not ask' \
                --yes 'Do not ask' \
                --cascade 'Drop what depends on the view, too' \
                --jobs 'How many views to work on at a time' \
                --lock-timeout 'How long to wait for another run on the same view' \
                --dry-run 'Say what would be done and why, and do nothing'
        case 'views status'
            printf '%s\t%s\n' \
                --max-staleness 'How old a view may be' \
                --max-duration 'Warn of a refresh that took longer' \
                --max-size 'Warn of a view larger than so many megabytes' \
                --show-keys 'Name resources by their keys, not by a hash of them'
        case 'views health'
            printf '%s\t%s\n' \
                --max-staleness 'How old a view may be' \
                --max-duration 'Warn of a refresh that took longer' \
                --max-size 'Warn of a view larger than so many megabytes' \
                --metrics-file 'Write the views\' state in Prometheus\' text format, for the textfile collector' \
                --on-failure 'Run by /bin/sh when something failed; finds RF_COMMAND, RF_EXIT_CODE, RF_FAILED_VIEWS and RF_ERROR in its environment'
        case 'views verify'
            printf '%s\t%s\n' \
                --show-keys 'Name resources by their keys, not by a hash of them'
        case 'views sql'
            printf '%s\t%s\n' \
                -f 'A ViewDefinition, or a SQLView' \
                --file 'A ViewDefinition, or a SQLView'
        case 'views preview'
            printf '%s\t%s\n' \
                --resource 'Resources' \
                -n 'How many rows'
        case 'load'
            printf '%s\t%s\n' \
                --as-of 'The moment that the export shows'
        case 'poll-fhir'
            printf '%s\t%s\n' \
                --from 'Where changes come from' \
                --every 'Go on until it is stopped, with so much time from one round to the next' \
                --health-file 'Write how the last round went, as JSON, for whoever watches over the service' \
                --metrics-file 'Write how the poller and Redis are in Prometheus\' text format, for the textfile collector' \
                --type 'With a URL' \
                --overlap 'With a URL' \
                --since 'With a URL' \
                --token-file 'With a URL' \
                --listen 'Let a FHIR server\'s rest-hook Subscriptions begin rounds early' \
                --listen-secret-file 'A file with a secret of 16 characters or more, which senders show as a bearer token' \
                --listen-url 'How the FHIR server reaches the port, if not under its host and number' \
                --subscribe 'With a URL' \
                --keep 'How long changes stay in Redis, of one type or of all others; can be repeated'
        case 'terminology load'
            printf '%s\t%s\n' \
                --system 'With CSV'
        case 'terminology drop'
            printf '%s\t%s\n' \
                -y 'Do not ask' \
                --yes 'Do not ask'
        case 'speed flush'
            printf '%s\t%s\n' \
                -y 'Do not ask' \
                --yes 'Do not ask'
        case 'speed purge'
            printf '%s\t%s\n' \
                -y 'Do not ask' \
                --yes 'Do not ask'
        case 'query'
            printf '%s\t%s\n' \
                --gender 'Administrative gender' \
                --age 'Completed years of age' \
                --at 'With --age and --by age-band' \
                --birthdate 'Date of birth' \
                --deceased 'Has died' \
                --alive 'Is not recorded as having died' \
                --code 'A condition with this code; given again, another code counts too' \
                --condition 'A condition with this code; given again, another code counts too' \
                --codes-file 'A condition with one of the codes in this file counts too' \
                --text 'A condition whose text or name has these words counts too' \
                --and-code 'A further condition that there must be, too; given again, another code counts for it' \
                --and-condition 'A further condition that there must be, too; given again, another code counts for it' \
                --and-text 'The further condition, in words' \
                --medication 'A request for this medication; given again, another code counts too' \
                --procedure 'A procedure with this code; given again, another code counts too' \
                --encounter 'An encounter of this class or type; given again, another one counts too' \
                --lab 'An observation, with a value if one is named' \
                --not-code 'No condition with this code; given again, none with that one either' \
                --not-condition 'No condition with this code; given again, none with that one either' \
                --not-text 'No condition whose text or name has these words' \
                --not-medication 'No request for this medication' \
                --not-procedure 'No procedure with this code' \
                --not-encounter 'No encounter of this class or type' \
                --not-lab 'No such observation' \
                --since 'Only what happened on this day or later counts, for all of the above and also for what must not be' \
                --until 'Only what happened on this day or earlier counts' \
                --status 'Only this clinical or verification status of a condition, or status of something else, counts; given again, another one counts too' \
                --min-occurrences 'What there must be must be there at least so many times' \
                -f 'A cohort in a JSON or YAML file, with groups all, any and none; criteria beside it must be met, too' \
                --file 'A cohort in a JSON or YAML file, with groups all, any and none; criteria beside it must be met, too' \
                --where 'With --view' \
                --limit 'With --view' \
                --changed-since 'With --view' \
                --ids 'Print the keys of the patients instead of their number' \
                --by 'Count the patients apart by gender, age-band, code and year, or some of these' \
                --rows 'Print the rows about the patients instead of their number' \
                --columns 'With --rows' \
                --view 'With --rows' \
                --min-cell 'Tell no number of patients from 1 to N-1, nor any from which one could be worked out, nor the keys and rows of so few' \
                --runner 'Who executes' \
                --require-complete 'End with 4 if the answer is not complete as of one moment; it is printed all the same' \
                --trust-overlap 'With --require-complete' \
                --max-staleness 'End with 4 if the answer is of a moment longer ago than this' \
                --require-speed 'End with 4 if the speed layer took no part in the answer' \
                --show-sql 'Print the SQL, too' \
                --explain 'Say how many patients each criterion leaves, and which columns of which view serve it' \
                --count-by-view 'Say how many patients each view has for the criterion that it serves, whatever the others'
        case 'query run'
            printf '%s\t%s\n' \
                --param 'A value for a parameter of a SQLQuery; may be given several times' \
                --gender 'Administrative gender' \
                --age 'Completed years of age' \
                --at 'With --age and --by age-band' \
                --birthdate 'Date of birth' \
                --deceased 'Has died' \
                --alive 'Is not recorded as having died' \
                --code 'A condition with this code; given again, another code counts too' \
                --condition 'A condition with this code; given again, another code counts too' \
                --codes-file 'A condition with one of the codes in this file counts too' \
                --text 'A condition whose text or name has these words counts too' \
                --and-code 'A further condition that there must be, too; given again, another code counts for it' \
                --and-condition 'A further condition that there must be, too; given again, another code counts for it' \
                --and-text 'The further condition, in words' \
                --medication 'A request for this medication; given again, another code counts too' \
                --procedure 'A procedure with this code; given again, another code counts too' \
                --encounter 'An encounter of this class or type; given again, another one counts too' \
                --lab 'An observation, with a value if one is named' \
                --not-code 'No condition with this code; given again, none with that one either' \
                --not-condition 'No condition with this code; given again, none with that one either' \
                --not-text 'No condition whose text or name has these words' \
                --not-medication 'No request for this medication' \
                --not-procedure 'No procedure with this code' \
                --not-encounter 'No encounter of this class or type' \
                --not-lab 'No such observation' \
                --since 'Only what happened on this day or later counts, for all of the above and also for what must not be' \
                --until 'Only what happened on this day or earlier counts' \
                --status 'Only this clinical or verification status of a condition, or status of something else, counts; given again, another one counts too' \
                --min-occurrences 'What there must be must be there at least so many times' \
                --ids 'Print the keys of the patients instead of their number' \
                --by 'Count the patients apart by gender, age-band, code and year, or some of these' \
                --rows 'Print the rows about the patients instead of their number' \
                --columns 'With --rows' \
                --view 'With --rows' \
                --min-cell 'Tell no number of patients from 1 to N-1, nor any from which one could be worked out, nor the keys and rows of so few' \
                --runner 'Who executes' \
                --require-complete 'End with 4 if the answer is not complete as of one moment; it is printed all the same' \
                --trust-overlap 'With --require-complete' \
                --max-staleness 'End with 4 if the answer is of a moment longer ago than this' \
                --require-speed 'End with 4 if the speed layer took no part in the answer' \
                --show-sql 'Print the SQL, too' \
                --explain 'Say how many patients each criterion leaves, and which columns of which view serve it' \
                --count-by-view 'Say how many patients each view has for the criterion that it serves, whatever the others'
        case 'query save'
            printf '%s\t%s\n' \
                --gender 'Administrative gender' \
                --age 'Completed years of age' \
                --at 'With --age and --by age-band' \
                --birthdate 'Date of birth' \
                --deceased 'Has died' \
                --alive 'Is not recorded as having died' \
                --code 'A condition with this code; given again, another code counts too' \
                --condition 'A condition with this code; given again, another code counts too' \
                --codes-file 'A condition with one of the codes in this file counts too' \
                --text 'A condition whose text or name has these words counts too' \
                --and-code 'A further condition that there must be, too; given again, another code counts for it' \
                --and-condition 'A further condition that there must be, too; given again, another code counts for it' \
                --and-text 'The further condition, in words' \
                --medication 'A request for this medication; given again, another code counts too' \
                --procedure 'A procedure with this code; given again, another code counts too' \
                --encounter 'An encounter of this class or type; given again, another one counts too' \
                --lab 'An observation, with a value if one is named' \
                --not-code 'No condition with this code; given again, none with that one either' \
                --not-condition 'No condition with this code; given again, none with that one either' \
                --not-text 'No condition whose text or name has these words' \
                --not-medication 'No request for this medication' \
                --not-procedure 'No procedure with this code' \
                --not-encounter 'No encounter of this class or type' \
                --not-lab 'No such observation' \
                --since 'Only what happened on this day or later counts, for all of the above and also for what must not be' \
                --until 'Only what happened on this day or earlier counts' \
                --status 'Only this clinical or verification status of a condition, or status of something else, counts; given again, another one counts too' \
                --min-occurrences 'What there must be must be there at least so many times' \
                -f 'A cohort in a JSON or YAML file; criteria beside it must be met, too' \
                --file 'A cohort in a JSON or YAML file; criteria beside it must be met, too' \
                --description 'What it is for' \
                --replace 'Another query of that name gives way'
        case 'query delete'
            printf '%s\t%s\n' \
                -y 'Do not ask' \
                --yes 'Do not ask'
        case 'config show'
            printf '%s\t%s\n' \
                --origin 'Say where each value came from'
        case 'config init'
            printf '%s\t%s\n' \
                --print 'Print it instead of writing a file'
        case 'grants'
            printf '%s\t%s\n' \
                --reader 'Reads HAPI\'s tables' \
                --rf 'Builds and refreshes views' \
                --analyst 'Asks questions of views'
        case 'conformance'
            printf '%s\t%s\n' \
                --suite 'A folder with the suite\'s JSON files' \
                --report 'Where the report goes'
        case 'bench'
            printf '%s\t%s\n' \
                --duration 'How long each series is measured, all its runs together' \
                --warmup 'How long each run works before it is measured' \
                --runs 'In how many runs each series is measured' \
                --rate 'So many questions a second, whatever becomes of those before; a latency then counts from the moment that a question was due' \
                --patients 'In the sandbox' \
                --seed 'Which patients these are, where the sample does not go into their number' \
                --allow-writes 'Let speed, refresh and freshness write new patients and new versions of resources into a database that is not the sandbox' \
                --query 'Only this query of those that the scenarios have, such as diabetes or merge-100; can be repeated' \
                --fhir-url 'For rest' \
                --token-file 'With a URL' \
                --baseline 'Figures that --save kept, to compare with' \
                --fail-if 'End with 4 if a figure crosses a bound' \
                --save 'Keep the figures, as a baseline for later ones' \
                --html 'Write a page with charts that needs no network' \
                --junit 'Write the figures and gates as JUnit XML' \
                --samples 'Write every latency measured as CSV'
    end
end

function __rf_arguments
    switch $argv[1]
        case 'views create'
            echo 'patient_simple patient_demographics condition_simple observation_labs medication_requests procedure_history encounter_simple medication_simple observation_components mv_kpi_dashboard mv_budget_consolidation mv_enrollment_trends mv_workforce_utilization mv_financial_ratios'
        case 'views refresh'
            echo '@views'
        case 'views set'
            echo '@views'
        case 'views drop'
            echo '@views'
        case 'views status'
            echo '@views'
        case 'views info'
            echo '@views'
        case 'views verify'
            echo '@views'
        case 'views sql'
            echo '@views patient_simple patient_demographics condition_simple observation_labs medication_requests procedure_history encounter_simple medication_simple observation_components mv_kpi_dashboard mv_budget_consolidation mv_enrollment_trends mv_workforce_utilization mv_financial_ratios'
        case 'views validate'
            echo '@files'
        case 'views preview'
            echo '@files'
        case 'load'
            echo '@files'
        case 'terminology load'
            echo '@files'
        case 'terminology drop'
            echo '@systems'
        case 'query run'
            echo '@queries @files'
        case 'query save'
            echo '@queries'
        case 'query describe'
            echo '@queries @files'
        case 'query delete'
            echo '@queries'
        case 'config show'
            echo 'database.url database.host database.port database.name database.user database.password database.password_file database.sslmode redis.url redis.prefix redis.password_file redis.ca_file redis.keep source.name source.hapi_schema source.hapi_time_zone source.server_base_url source.fhir_token source.fhir_token_file source.fhir_user source.fhir_password source.fhir_password_file source.listen_secret_file views.lenient views.max_staleness views.max_duration views.max_size query.runner query.use_speed_layer query.min_cell query.log query.log_days'
        case 'config validate'
            echo '@files'
        case 'bench'
            echo 'query concurrency speed refresh freshness startup rest all'
        case 'sandbox load'
            echo 'kpi'
        case 'completion'
            echo 'bash zsh fish'
    end
end

# What can follow this option, if it takes a value.
function __rf_values
    switch $argv[1]
        case --age --analyst --and-text --as-of --at --birthdate --changed-since --columns --db-url --description --duration --every --fail-if --fhir-url --from --hapi-schema --hapi-time-zone --jobs --keep --lab --limit --listen --listen-url --lock-timeout --max-duration --max-size --max-staleness --min-cell --min-occurrences --not-lab --not-text --on-failure --overlap --param --patients --rate --reader --redis-prefix --redis-url --refresh-interval --rf --runs --seed --server-base-url --since --status --text --type --until --warmup --where -n
            echo ''
        case --and-code --and-condition --code --condition --encounter --medication --not-code --not-condition --not-encounter --not-medication --not-procedure --procedure
            echo 'atc| cpt| cvx| icd10| icd10cm| icd10gm| icd10pcs| icd9cm| loinc| ndc| ops| rxnorm| sct| snomed| ucum|'
        case --baseline --codes-file --file --health-file --html --junit --listen-secret-file --metrics-file --report --resource --samples --save --suite --token-file -f
            echo '@files'
        case --by
            echo 'gender age-band code year'
        case --color
            echo 'auto always never'
        case --gender
            echo 'male female other unknown'
        case --log-format
            echo 'text json'
        case --output -o
            echo 'table json ndjson csv markdown'
        case --pack
            echo 'fhir more kpi'
        case --profile
            echo '@profiles'
        case --query
            echo '@queries'
        case --runner
            echo 'hybrid materialized postgres speed'
        case --source
            echo 'auto hapi resources'
        case --system
            echo 'atc cpt cvx icd10 icd10cm icd10gm icd10pcs icd9cm loinc ndc ops rxnorm sct snomed ucum'
        case --view
            echo '@views'
        case '*'
            return 1
    end
end

# Files, and names that the launcher knows.
function __rf_offer
    set -l typed (commandline -opc) (commandline -ct)
    for value in (string split -n ' ' -- $argv)
        switch $value
            case @files
                __fish_complete_path (commandline -ct)
            case '@*'
                command $typed[1] --complete (string sub -s 2 -- $value) $typed[2..-1] 2>/dev/null
            case '*'
                echo $value
        end
    end
end

function __rf_complete
    set -l typed (commandline -opc)
    set -l current (commandline -ct)
    set -l place ''
    set -l help ''
    set -l skip ''
    for word in $typed[2..-1]
        if test -n "$skip"
            set skip ''
        else if string match -q -- '-*' $word
            __rf_values $word >/dev/null; and set skip yes
        else if test -z "$place" -a "$word" = help
            set help yes
        else if contains -- $word (__rf_commands "$place" | string split -f1 \t)
            set place (string trim "$place $word")
        end
    end
    if test -n "$skip"
        __rf_offer (__rf_values $typed[-1])
    else if string match -qr -- '^--[a-z-]+=' $current
        set -l option (string split -m1 = -- $current)[1]
        if set -l values (__rf_values $option)
            printf '%s\n' $option=(__rf_offer $values)
        end
    else if string match -q -- '-*' $current
        __rf_options "$place"
        __rf_global
    else
        __rf_commands "$place"
        test -n "$help"; or __rf_offer (__rf_arguments "$place")
    end
end

complete -c rf -f -a '(__rf_complete)'
