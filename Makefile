# Everything that can be made here. Needs JDK 25 (found below) and Maven.
.DEFAULT_GOAL := help
SHELL := /bin/sh

PREFIX ?= /usr/local
PG ?= 18
HISTORIES ?= 300
KILLS ?= 300
SEED ?= 1000
SIZE ?= 1000000

# The newest embedded PostgreSQL of each major version that is there for every platform.
PG_14 := 14.23.0
PG_15 := 15.19.0
PG_16 := 16.15.0
PG_17 := 17.11.0
PG_18 := 18.6.0

# Maven on the JDK that the launcher would find. The options silence warnings about Maven's own libraries.
MAVEN = . dist/libexec/java.sh && find_java javac && export JAVA_HOME="$$java_home" \
	MAVEN_OPTS="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow $$MAVEN_OPTS" && \
	{ command -v mvn >/dev/null || { echo "rf: Maven is needed, and there is no mvn on the PATH" >&2; exit 2; }; } && mvn -B $(shell [ -t 2 ] || echo -Dstyle.color=never)

SOURCES := pom.xml $(shell find src/main src/build -type f)

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: dist/lib/rf.jar ## what dist/bin/rf runs: the program and its libraries, without tests

demo: build ## the whole story on sample data in a private PostgreSQL and Redis
	@dist/bin/rf demo

test: ## all tests, and all that check does
	@$(MAVEN) spotless:check verify

test-postgres: ## all tests on another major version of PostgreSQL: PG=14 to PG=18
	@$(if $(PG_$(PG)),,echo "rf: no PostgreSQL $(PG) to test on; PG=14 to PG=18" >&2; exit 2)
	@$(MAVEN) verify -Dembedded.postgres.binaries.version=$(PG_$(PG))

soak: ## the laws on HISTORIES (300) random histories, and KILLS (300) killed runs, from seed SEED (1000)
	@$(MAVEN) test -Dtest='*LawTest,FaultTest' -Drf.soak.histories=$(HISTORIES) -Drf.soak.kills=$(KILLS) \
		-Drf.soak.seed=$(SEED)

bench: bench-count bench-cohort bench-compiler bench-kpi bench-load bench-refresh bench-speed ## all benchmarks

bench-count: ## what a count costs in rf, beside the same SQL in psql
	@command -v psql >/dev/null || { echo "rf: psql is needed for this, and there is none on the PATH" >&2; exit 2; }
	@$(MAVEN) -q test-compile exec:java -Dexec.classpathScope=test -Dexec.mainClass=org.researchflow.rf.bench.CountBench

bench-cohort: ## what cohort questions cost with 100,000 patients and 4 million conditions
	@$(MAVEN) -q test-compile exec:java -Dexec.classpathScope=test -Dexec.mainClass=org.researchflow.rf.bench.CohortBench

bench-kpi: ## what a dashboard costs out of its view, beside the same computed on the fly
	@$(MAVEN) -q test-compile exec:java -Dexec.classpathScope=test -Dexec.mainClass=org.researchflow.rf.bench.KpiBench

bench-load: ## what rf load costs, beside COPY of the same lines
	@$(MAVEN) -q test-compile exec:java -Dexec.classpathScope=test -Dexec.mainClass=org.researchflow.rf.bench.LoadBench

bench-compiler: ## what compiled views cost, beside SQL written by hand for the same rows
	@$(MAVEN) -q test-compile exec:java -Dexec.classpathScope=test -Dexec.mainClass=org.researchflow.rf.bench.CompilerBench

bench-refresh: build ## what refreshing costs with SIZE (1000000) resources, beside a full build and what changed
	@$(MAVEN) -q test-compile exec:java -Dexec.classpathScope=test -Dexec.mainClass=org.researchflow.rf.bench.RefreshBench \
		-Drf.bench.size=$(SIZE)

bench-speed: ## what merging changes out of Redis costs, and how soon a change is in an answer
	@$(MAVEN) -q test-compile exec:java -Dexec.classpathScope=test -Dexec.mainClass=org.researchflow.rf.bench.SpeedBench

check: ## formatting and static checks, no tests
	@$(MAVEN) -q spotless:check test-compile

fmt: ## format the sources
	@$(MAVEN) -q spotless:apply

golden: ## write the golden files anew; look at the difference before you commit it
	@$(MAVEN) -q test -Dgroups=golden -Drf.golden=write

docs: ## write the manual pages and completions anew, from the commands themselves
	@$(MAVEN) -q test -Dtest=DocumentationTest -Drf.golden=write

dist: build ## target/rf.tar.gz, to unpack anywhere
	@rm -rf target/dist && mkdir -p target/dist/rf
	@cp -R dist/bin dist/libexec dist/lib dist/systemd dist/cron target/dist/rf/
	@tar -czf target/rf.tar.gz -C target/dist rf
	@echo target/rf.tar.gz

install: build ## into PREFIX (/usr/local): PREFIX/lib/rf, a link in PREFIX/bin, units in PREFIX/share/rf
	@install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/lib/rf" \
		"$(DESTDIR)$(PREFIX)/share/rf/systemd" "$(DESTDIR)$(PREFIX)/share/rf/cron"
	@rm -rf "$(DESTDIR)$(PREFIX)/lib/rf/lib"
	@cp -R dist/bin dist/libexec dist/lib "$(DESTDIR)$(PREFIX)/lib/rf/"
	@for unit in systemd/rf-refresh.service systemd/rf-refresh.timer systemd/rf-watch.service systemd/rf-poll.service cron/rf; do \
		sed 's#/usr/local/bin#$(PREFIX)/bin#g' "dist/$$unit" >"$(DESTDIR)$(PREFIX)/share/rf/$$unit" || exit; done
	@ln -sf ../lib/rf/bin/rf "$(DESTDIR)$(PREFIX)/bin/rf"
	@echo "$(DESTDIR)$(PREFIX)/bin/rf"

clean: ## remove all that was built
	@rm -rf target dist/lib

.PHONY: help build demo test test-postgres soak bench bench-count bench-cohort bench-compiler bench-kpi bench-load bench-refresh bench-speed check fmt golden docs dist install clean

# Swapped in at the end, so that an rf that runs meanwhile never sees half of it.
dist/lib/rf.jar: $(SOURCES)
	@rm -rf target/lib
	@$(MAVEN) -q package -Dmaven.test.skip=true \
		dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=target/lib
	@cp target/rf.jar target/lib/
	@rm -rf dist/lib && mv target/lib dist/lib
