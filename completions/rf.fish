# Completions of rf for fish, made from the commands themselves.
complete -c rf -f
complete -c rf -l db-url -r -d 'The database: postgresql://user@host:5432/name or jdbc:postgresql://…, without a password (RF_DB_URL, DATABASE_URL and PGHOST, PGDATABASE, … work too).'
complete -c rf -l sandbox -d 'Use the sandbox, whatever database is configured.'
complete -c rf -l hapi-schema -r -d 'The schema of HAPI\'s tables (RF_HAPI_SCHEMA; default: public).'
complete -c rf -l hapi-time-zone -r -d 'The time zone of the HAPI server\'s JVM, such as Europe/Paris (RF_HAPI_TIME_ZONE; default: UTC).'
complete -c rf -s o -l output -xa 'table json ndjson csv' -d 'How to print the answer: table, json, ndjson or csv (default: table).'
complete -c rf -l color -xa 'auto always never' -d 'Colour: auto, always or never (default: auto).'
complete -c rf -s q -l quiet -d 'Print errors only, beside the answer.'
complete -c rf -s v -l verbose -d 'Print SQL, timings and the causes of errors as well.'
complete -c rf -s h -l help -d 'Explain the command.'
complete -c rf -s V -l version -d 'Print the version.'
complete -c rf -n 'not __fish_seen_subcommand_from help' -a help -d 'Explains a command.'
